"""Addresses of the agenda, under those of a patient."""

from django.urls import path

from quenotte.care.agenda import views

app_name = "agenda"

urlpatterns = [
    path("<uuid:patient_id>/rendez-vous/", views.of_patient, name="of_patient"),
]
