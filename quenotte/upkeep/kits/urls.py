"""Addresses of the recovery kit."""

from django.urls import path

from quenotte.upkeep.kits import views

app_name = "kits"

urlpatterns = [
    path("", views.kit, name="kit"),
    path("imprimer/", views.print_sheet, name="print_sheet"),
    path("parts/", views.print_shares, name="print_shares"),
    path("saisie/", views.type_back, name="type_back"),
    path("parts/saisie/", views.type_shares, name="type_shares"),
    path("vue/", views.leaked, name="leaked"),
    path("parts/vue/", views.leaked_shares, name="leaked_shares"),
]
