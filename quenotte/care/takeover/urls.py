"""Addresses of the takeover."""

from django.urls import path

from quenotte.care.takeover import views

app_name = "takeover"

_ONE = "<uuid:import_id>/"
urlpatterns = [
    path("", views.home, name="home"),
    path("export/", views.export, name="export"),
    path("export/<slug:kind>.<slug:form>/", views.download, name="download"),
    path(_ONE, views.show, name="show"),
    path(f"{_ONE}lecture/", views.layout, name="layout"),
    path(f"{_ONE}colonnes/", views.check, name="check"),
    path(f"{_ONE}decider/", views.decide, name="decide"),
    path(f"{_ONE}reprendre/", views.write, name="write"),
    path(f"{_ONE}annuler/", views.undo, name="undo"),
    path(f"{_ONE}abandonner/", views.give_up, name="give_up"),
    path(f"{_ONE}refusees.csv", views.refused, name="refused"),
]
