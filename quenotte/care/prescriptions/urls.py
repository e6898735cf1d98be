"""Addresses of prescriptions, letters and their settings."""

from django.urls import path

from quenotte.care.prescriptions.views import prescribing, settings, writing

app_name = "prescriptions"

urlpatterns = [
    path("patients/<uuid:patient_id>/ordonnances/", prescribing.index, name="index"),
    path("patients/<uuid:patient_id>/ordonnances/carte/", prescribing.card, name="card"),
    path("patients/<uuid:patient_id>/ordonnances/nouvelle/", prescribing.begin, name="begin"),
    path("patients/<uuid:patient_id>/courriers/nouveau/", writing.begin, name="begin_letter"),
    path("ordonnances/<uuid:prescription_id>/", prescribing.show, name="show"),
    path("ordonnances/<uuid:prescription_id>/proposer/", prescribing.propose, name="propose"),
    path("ordonnances/<uuid:prescription_id>/a-cote/", prescribing.beside, name="beside"),
    path("ordonnances/<uuid:prescription_id>/emettre/", prescribing.issue, name="issue"),
    path("ordonnances/<uuid:prescription_id>/abandonner/", prescribing.drop, name="drop"),
    path("ordonnances/<uuid:prescription_id>/annuler/", prescribing.cancel, name="cancel"),
    path("ordonnances/<uuid:prescription_id>/renouveler/", prescribing.renew, name="renew"),
    path("ordonnances/<uuid:prescription_id>/duplicata/", prescribing.duplicate, name="duplicate"),
    path("courriers/<uuid:letter_id>/", writing.letter, name="letter"),
    path("courriers/<uuid:letter_id>/a-cote/", writing.beside, name="letter_beside"),
    path("courriers/<uuid:letter_id>/emettre/", writing.issue, name="issue_letter"),
    path("courriers/<uuid:letter_id>/abandonner/", writing.drop, name="drop_letter"),
    path("courriers/<uuid:letter_id>/annuler/", writing.cancel, name="cancel_letter"),
    path("cabinet/ordonnances/", settings.home, name="settings"),
    path("cabinet/ordonnances/modeles/nouveau/", settings.model, name="new_model"),
    path("cabinet/ordonnances/modeles/<slug:code>/", settings.model, name="model"),
    path("cabinet/ordonnances/courriers/nouveau/", settings.text, name="new_text"),
    path("cabinet/ordonnances/courriers/<slug:code>/", settings.text, name="text"),
    path(
        "cabinet/ordonnances/favoris/<uuid:favourite_id>/retirer/", settings.forget, name="forget"
    ),
    path("cabinet/correspondants/", settings.correspondents, name="correspondents"),
    path(
        "cabinet/correspondants/<uuid:correspondent_id>/",
        settings.correspondents,
        name="correspondent",
    ),
]
