"""Addresses of licences."""

from django.urls import path

from quenotte.provider.licences import views

app_name = "licences"
urlpatterns = [
    path("parc/licences/", views.review, name="review"),
    path("parc/cabinets/<uuid:customer_id>/licences/nouvelle/", views.add, name="add"),
    path("parc/licences/<uuid:licence_id>/", views.change, name="change"),
    path("parc/licences/<uuid:licence_id>/retirer/", views.take_away, name="take_away"),
]
