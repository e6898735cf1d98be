"""Addresses of the machines of the practice."""

from django.urls import path

from quenotte.upkeep.workstations import views

app_name = "workstations"
urlpatterns = [
    path("", views.home, name="home"),
    path("convenu/", views.agree, name="agree"),
    path("codes/<uuid:machine_token_id>/fermer/", views.revoke_token, name="revoke_token"),
    path("acceptations/<uuid:exemption_id>/terminer/", views.end, name="end"),
    path("<uuid:machine_id>/", views.machine, name="machine"),
    path("<uuid:machine_id>/reconnaitre/", views.accept, name="accept"),
    path("<uuid:machine_id>/ne-plus-suivre/", views.revoke, name="revoke"),
    path("<uuid:machine_id>/suivre-de-nouveau/", views.restore, name="restore"),
    path("<uuid:machine_id>/accepter/", views.bear, name="bear"),
]
