"""Addresses of the practices under contract."""

from django.urls import path

from quenotte.provider.customers import views

app_name = "customers"
urlpatterns = [
    path("parc/cabinets/nouveau/", views.add, name="add"),
    path("parc/cabinets/anciens/", views.former, name="former"),
    path("parc/cabinets/<uuid:customer_id>/fiche/", views.change, name="change"),
    path("parc/cabinets/<uuid:customer_id>/contrat/finir/", views.end, name="end"),
    path("parc/cabinets/<uuid:customer_id>/contrat/reprendre/", views.resume, name="resume"),
]
