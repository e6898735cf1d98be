"""Addresses of the guard."""

from django.urls import path

from quenotte.upkeep.guard import views

app_name = "guard"
urlpatterns = [
    path("annoncer/", views.announce, name="announce"),
    path("annonces/<uuid:declaration_id>/terminer/", views.end, name="end"),
    path("<uuid:anomaly_id>/", views.show, name="show"),
    path("<uuid:anomaly_id>/clore/", views.close, name="close"),
]
