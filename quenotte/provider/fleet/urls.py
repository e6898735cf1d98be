"""Addresses of the fleet."""

from django.urls import path

from quenotte.provider.fleet import views

#: In the place of the page of the day of a practice.
site_patterns = [path("", views.start, name="home")]

app_name = "fleet"
urlpatterns = [
    path("parc/machines/<uuid:machine_id>/", views.machine, name="machine"),
    path("parc/machines/<uuid:machine_id>/changements/", views.changes, name="changes"),
]
