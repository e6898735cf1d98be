"""Addresses of the catalogue, below ``/cabinet/actes/``."""

from django.urls import path

from quenotte.office.catalogue.views import acts, checks, imports, listed, macros

app_name = "catalogue"
_ACT = "acte/<slug:act_code>/"
_MACRO = "enchainements/<uuid:macro_id>/"
_CHECK = "regles/<uuid:check_id>/"
_IMPORT = "ccam/<uuid:source_id>/"

urlpatterns = [
    path("", listed.home, name="home"),
    path(_ACT, acts.act, name="act"),
    path(f"{_ACT}favori/", listed.mark, name="mark"),
    path(f"{_ACT}honoraires/", listed.fee, name="fee"),
    path(f"{_ACT}honoraires/retour/", listed.fee_back, name="fee_back"),
    path(f"{_ACT}honoraires/date/", acts.dated_fee, name="dated_fee"),
    path(f"{_ACT}tarif/", acts.worth, name="worth"),
    path("enchainements/", macros.macros, name="macros"),
    path("enchainements/retour/", macros.restore, name="restore_macro"),
    path(_MACRO, macros.change, name="macro"),
    path(f"{_MACRO}ordre/", macros.move, name="move_macro"),
    path(f"{_MACRO}retrait/", macros.remove, name="remove_macro"),
    path("regles/", checks.checks, name="checks"),
    path("regles/nouvelle/", checks.add, name="add_check"),
    path(_CHECK, checks.change, name="check"),
    path(f"{_CHECK}etat/", checks.switch, name="switch_check"),
    path(f"{_CHECK}retrait/", checks.remove, name="remove_check"),
    path("taux/<uuid:rate_id>/", checks.rate, name="rate"),
    path("ccam/", imports.home, name="imports"),
    path(_IMPORT, imports.show, name="import"),
    path(f"{_IMPORT}appliquer/", imports.start, name="start_import"),
    path(f"{_IMPORT}abandon/", imports.give_up, name="give_up_import"),
]
