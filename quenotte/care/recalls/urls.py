"""Addresses of recalls."""

from django.urls import path

from quenotte.care.recalls.views import listing, patients, settings

app_name = "recalls"
urlpatterns = [
    path("controles/", listing.listing, name="list"),
    path("controles/chercher/", listing.look, name="look"),
    path("controles/courriers/", listing.print_letters, name="letters"),
    path("controles/<uuid:recall_id>/", listing.one, name="one"),
    path("controles/<uuid:recall_id>/creneaux/", listing.slots, name="slots"),
    path("controles/<uuid:recall_id>/reporter/", listing.put_off, name="put_off"),
    path("controles/<uuid:recall_id>/retirer/", listing.drop, name="drop"),
    path("controles/<uuid:recall_id>/remettre/", listing.reopen, name="reopen"),
    path("patients/<uuid:patient_id>/controles/", patients.of_patient, name="of_patient"),
    path("patients/<uuid:patient_id>/controles/<uuid:rule_id>/", patients.agree, name="agree"),
    path("cabinet/controles/", settings.home, name="settings"),
    path("cabinet/controles/nouvelle/", settings.rule, name="new_rule"),
    path("cabinet/controles/<uuid:rule_id>/", settings.rule, name="rule"),
    path("cabinet/controles/textes/<str:channel>/", settings.text, name="text"),
]
