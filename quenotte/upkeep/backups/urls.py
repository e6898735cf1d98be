"""Addresses of the backups."""

from django.urls import path

from quenotte.upkeep.backups import views

app_name = "backups"

_ONE = "emplacements/<uuid:destination_id>/"
urlpatterns = [
    path("", views.home, name="home"),
    path("avancement/", views.progress, name="progress"),
    path("emplacements/nouveau/", views.add, name="add"),
    path(f"{_ONE}copier/", views.copy, name="copy"),
    path(f"{_ONE}prouver/", views.prove, name="prove"),
    path(f"{_ONE}retirer/", views.retire, name="retire"),
]
