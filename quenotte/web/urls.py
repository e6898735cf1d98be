"""Addresses of the kit."""

from django.urls import path

from quenotte.web import views

app_name = "web"
urlpatterns = [
    path("kit/", views.kit, name="kit"),
    path("kit/recherche/", views.kit_search, name="kit-search"),
    path("kit/brouillon/", views.kit_draft, name="kit-draft"),
]
