"""Addresses of the chart, under those of a patient."""

from django.urls import path

from quenotte.care.chart import views

app_name = "chart"

urlpatterns = [
    path("<uuid:patient_id>/notes/", views.notes, name="notes"),
    path("<uuid:patient_id>/notes/nouvelle/", views.write, name="write"),
    path("<uuid:patient_id>/notes/<uuid:note_id>/corriger/", views.correct, name="correct"),
]
