"""Addresses of the sterilisation."""

from django.urls import path

from quenotte.care.sterilisation.views import cycles, machines, opening

app_name = "sterilisation"
_HOME = "materiel/sterilisation/"
_CYCLE = f"{_HOME}cycles/<uuid:cycle_id>/"

urlpatterns = [
    path(_HOME, machines.home, name="home"),
    path(f"{_HOME}registre/", machines.register, name="register"),
    path(f"{_HOME}reglages/", machines.settings, name="settings"),
    path(f"{_HOME}autoclaves/<uuid:autoclave_id>/", machines.autoclave, name="autoclave"),
    path(f"{_HOME}autoclaves/<uuid:autoclave_id>/test/", machines.test, name="test"),
    path(_CYCLE, cycles.cycle, name="cycle"),
    path(f"{_CYCLE}fin/", cycles.end, name="end"),
    path(f"{_CYCLE}decision/", cycles.decide, name="decide"),
    path(f"{_CYCLE}sachets/", cycles.make, name="make"),
    path(f"{_CYCLE}etiquettes.pdf", cycles.labels, name="labels"),
    path(f"{_CYCLE}ticket/", cycles.ticket, name="ticket"),
    path(f"{_CYCLE}rappel/", cycles.recall, name="recall"),
    path("patients/<uuid:patient_id>/rappels/<uuid:cycle_id>/", cycles.note_told, name="note_told"),
    path("patients/<uuid:patient_id>/tracabilite/sachets/ouvert/", opening.opened, name="opened"),
    path(
        "patients/<uuid:patient_id>/tracabilite/sachets/<uuid:use_id>/retrait/",
        cycles.detach,
        name="detach",
    ),
]
