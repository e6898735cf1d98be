"""Addresses of the background work."""

from django.urls import path

from quenotte.base.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("<uuid:run_id>/relancer/", views.retry, name="retry"),
]
