"""Addresses of the provider's page."""

from django.urls import path

from quenotte.upkeep.pulse import views

app_name = "pulse"
urlpatterns = [
    path("", views.home, name="home"),
    path("couper/", views.part, name="part"),
    path("dire/", views.tell, name="tell"),
]
