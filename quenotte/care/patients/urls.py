"""Addresses of the patients."""

from django.urls import path

from quenotte.care.patients.views import records, unions

app_name = "patients"

urlpatterns = [
    path("", records.home, name="home"),
    path("recherche/", records.search, name="search"),
    path("nouveau/", records.create, name="create"),
    path("nouveau/ressemblances/", records.look_alikes, name="look_alikes"),
    path("reunions/<uuid:merge_id>/defaire/", unions.undo, name="undo_merge"),
    path("<uuid:patient_id>/reunir/", unions.choose, name="merge_choose"),
    path("<uuid:patient_id>/reunir/<uuid:other_id>/", unions.compare, name="merge"),
    path("<uuid:patient_id>/", records.record, name="record"),
    path("<uuid:patient_id>/bandeau/", records.banner, name="banner"),
    path("<uuid:patient_id>/historique/", records.history, name="history"),
    path("<uuid:patient_id>/imprimer/", records.print_summary, name="print"),
    path("<uuid:patient_id>/identite/", records.identity, name="identity"),
    path("<uuid:patient_id>/identite/piece/", records.check_identity, name="check_identity"),
    path("<uuid:patient_id>/deces/", records.death, name="death"),
    path("<uuid:patient_id>/photo/", records.photo, name="photo"),
    path("<uuid:patient_id>/photo/changer/", records.change_photo, name="change_photo"),
    path("<uuid:patient_id>/photo/retirer/", records.remove_photo, name="remove_photo"),
    path("<uuid:patient_id>/alertes/", records.alerts, name="alerts"),
    path("<uuid:patient_id>/alertes/<uuid:alert_id>/retirer/", records.end_alert, name="end_alert"),
    path("<uuid:patient_id>/proches/", records.relatives, name="relatives"),
    path(
        "<uuid:patient_id>/proches/<uuid:related_id>/retirer/",
        records.end_relative,
        name="end_relative",
    ),
]
