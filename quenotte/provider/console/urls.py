"""Addresses of the pages across the fleet."""

from django.urls import path

from quenotte.provider.console.views import openings, searching, software

app_name = "console"
urlpatterns = [
    path("parc/cabinets/<uuid:customer_id>/ouvertures/", openings.openings, name="openings"),
    path("parc/cabinets/<uuid:customer_id>/logiciels/", software.of_practice, name="software"),
    path("parc/logiciels/", software.of_fleet, name="all_software"),
    path("parc/recherche/", searching.search, name="search"),
    path("parc/recherche/export/", searching.export, name="export"),
    path("parc/recherche/vues/", searching.keep, name="keep_view"),
    path("parc/recherche/vues/<uuid:view_id>/retirer/", searching.remove, name="remove_view"),
    path("parc/recherche/vues/<uuid:view_id>/retablir/", searching.restore, name="restore_view"),
]
