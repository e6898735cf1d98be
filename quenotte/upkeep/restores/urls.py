"""Addresses of the restores."""

from django.urls import path

from quenotte.upkeep.restores import views

app_name = "restores"
urlpatterns = [
    path("comme-avant/", views.past, name="past"),
    path("comme-avant/preparer/", views.reach, name="reach"),
    path("comme-avant/avancement/", views.reaching, name="reaching"),
    path("retour/", views.coming_back, name="coming_back"),
]
