"""Addresses of the tokens and of the quarantine."""

from django.urls import path

from quenotte.provider.enrolment import views

app_name = "enrolment"
urlpatterns = [
    path("inscriptions/", views.home, name="home"),
    path("inscriptions/jeton/note/", views.noted, name="noted"),
    path("inscriptions/jetons/<uuid:token_id>/fin/", views.revoke_token, name="revoke_token"),
    path("inscriptions/machines/<uuid:machine_id>/accepter/", views.accept, name="accept"),
    path("inscriptions/machines/<uuid:machine_id>/revoquer/", views.revoke, name="revoke"),
]
