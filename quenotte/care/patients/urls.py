"""Addresses of the patients."""

from django.urls import path

from quenotte.care.patients import glass, views

app_name = "patients"

urlpatterns = [
    path("", views.home, name="home"),
    path("recherche/", views.search, name="search"),
    path("nouveau/", views.create, name="create"),
    path("<uuid:patient_id>/", views.record, name="record"),
    path("<uuid:patient_id>/bandeau/", views.banner, name="banner"),
    path("<uuid:patient_id>/historique/", views.history, name="history"),
    path("<uuid:patient_id>/imprimer/", views.print_summary, name="print"),
    path("<uuid:patient_id>/identite/", views.identity, name="identity"),
    path("<uuid:patient_id>/identite/piece/", views.check_identity, name="check_identity"),
    path("<uuid:patient_id>/acces-exceptionnel/", glass.open_in_emergency, name="glass"),
    path("<uuid:patient_id>/deces/", views.death, name="death"),
    path("<uuid:patient_id>/photo/", views.photo, name="photo"),
    path("<uuid:patient_id>/photo/changer/", views.change_photo, name="change_photo"),
    path("<uuid:patient_id>/photo/retirer/", views.remove_photo, name="remove_photo"),
    path("<uuid:patient_id>/alertes/", views.alerts, name="alerts"),
    path("<uuid:patient_id>/alertes/<uuid:alert_id>/retirer/", views.end_alert, name="end_alert"),
    path("<uuid:patient_id>/proches/", views.relatives, name="relatives"),
    path(
        "<uuid:patient_id>/proches/<uuid:related_id>/retirer/",
        views.end_relative,
        name="end_relative",
    ),
]
