"""Addresses of the patients."""

from django.urls import path

from quenotte.care.patients import glass
from quenotte.care.patients.views import faces, identities, records, surroundings, unions

app_name = "patients"

urlpatterns = [
    path("", records.home, name="home"),
    path("recherche/", records.search, name="search"),
    path("nouveau/", identities.create, name="create"),
    path("nouveau/ressemblances/", identities.look_alikes, name="look_alikes"),
    path("reunions/<uuid:merge_id>/defaire/", unions.undo, name="undo_merge"),
    path("<uuid:patient_id>/reunir/", unions.choose, name="merge_choose"),
    path("<uuid:patient_id>/reunir/<uuid:other_id>/", unions.compare, name="merge"),
    path("<uuid:patient_id>/", records.record, name="record"),
    path("<uuid:patient_id>/bandeau/", records.banner, name="banner"),
    path("<uuid:patient_id>/historique/", records.history, name="history"),
    path("<uuid:patient_id>/imprimer/", records.print_summary, name="print"),
    path("<uuid:patient_id>/identite/", identities.identity, name="identity"),
    path("<uuid:patient_id>/identite/piece/", identities.check_identity, name="check_identity"),
    path("<uuid:patient_id>/acces-exceptionnel/", glass.open_in_emergency, name="glass"),
    path("<uuid:patient_id>/deces/", identities.death, name="death"),
    path("<uuid:patient_id>/photo/", faces.photo, name="photo"),
    path("<uuid:patient_id>/photo/changer/", faces.change_photo, name="change_photo"),
    path("<uuid:patient_id>/photo/retirer/", faces.remove_photo, name="remove_photo"),
    path("<uuid:patient_id>/alertes/", surroundings.alerts, name="alerts"),
    path(
        "<uuid:patient_id>/alertes/<uuid:alert_id>/retirer/",
        surroundings.end_alert,
        name="end_alert",
    ),
    path("<uuid:patient_id>/proches/", surroundings.relatives, name="relatives"),
    path(
        "<uuid:patient_id>/proches/<uuid:related_id>/retirer/",
        surroundings.end_relative,
        name="end_relative",
    ),
]
