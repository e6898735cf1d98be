"""Addresses of the evidence of a practice."""

from django.urls import path

from quenotte.provider.evidence import views

app_name = "evidence"
_HERE = "parc/cabinets/<uuid:customer_id>/preuves/"
urlpatterns = [
    path(_HERE, views.home, name="home"),
    path(_HERE + "etablir/", views.ask, name="ask"),
    path(_HERE + "en-cours/", views.progress, name="progress"),
    path(_HERE + "verifier/", views.check, name="check"),
    path(_HERE + "questionnaires/<str:sheet>/", views.sheet, name="sheet"),
    path(_HERE + "<int:number>/", views.dossier, name="dossier"),
    path(_HERE + "<int:number>/<str:kind>/", views.download, name="download"),
]
