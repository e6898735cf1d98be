"""Addresses of the restores."""

from django.urls import path

from quenotte.upkeep.restores import views

app_name = "restores"
urlpatterns = [
    path("retour/", views.coming_back, name="coming_back"),
]
