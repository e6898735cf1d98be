"""Addresses of the tablets; what a room hands over stands below them."""

from django.urls import path

from quenotte.base.tablets import views

app_name = "tablets"
urlpatterns = [
    path("", views.code, name="code"),
    path("merci/", views.thanks, name="thanks"),
    path("<str:token>/", views.confirm, name="confirm"),
]
