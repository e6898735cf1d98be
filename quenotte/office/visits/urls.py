"""Addresses of the visits, under those of a patient, and of what the practice sets for them."""

from django.urls import path

from quenotte.office.visits.views import (
    acts,
    amending,
    amending_inputs,
    ending,
    settings,
    supplies,
    visits,
)

app_name = "visits"
_ALL = "patients/<uuid:patient_id>/seances/"
_VISIT = f"{_ALL}<uuid:visit_id>/"
_ACT = f"{_VISIT}actes/<uuid:act_id>/"
_GIVEN = f"{_VISIT}anesthesie/<uuid:given_id>/"
_USED = f"{_VISIT}materiaux/<uuid:supply_id>/"
# What a closed visit is corrected of (``queries.INPUTS``).
_IS_GIVEN = {"kind": "anaesthetic"}
_IS_USED = {"kind": "supply"}
_SETTINGS = "cabinet/seances/"

urlpatterns = [
    path(_ALL, visits.visits, name="visits"),
    path(f"{_ALL}carte/", visits.card, name="card"),
    path(f"{_ALL}ouvrir/", visits.open_visit, name="open"),
    path(_VISIT, visits.visit, name="visit"),
    path(f"{_VISIT}note/", visits.save_note, name="note"),
    path(f"{_VISIT}modele/", visits.use_template, name="use_template"),
    path(f"{_VISIT}fait/", acts.do_planned, name="do"),
    path(f"{_VISIT}chercher/", acts.search, name="search"),
    path(f"{_VISIT}actes/", acts.add, name="add"),
    path(_ACT, acts.act, name="act"),
    path(f"{_ACT}annuler/", acts.undo, name="undo"),
    path(f"{_ACT}rayer/", amending.strike, name="strike"),
    path(f"{_ACT}corriger/", amending.correct, name="correct"),
    path(f"{_ACT}retablir/", amending.restore, name="restore"),
    path(f"{_VISIT}acte-oublie/", amending.add_late, name="add_late"),
    path(f"{_GIVEN}rayer/", amending_inputs.strike, _IS_GIVEN, name="strike_given"),
    path(f"{_GIVEN}corriger/", amending_inputs.correct, _IS_GIVEN, name="correct_given"),
    path(f"{_GIVEN}retablir/", amending_inputs.restore, _IS_GIVEN, name="restore_given"),
    path(
        f"{_VISIT}anesthesie-oubliee/", amending_inputs.add_late, _IS_GIVEN, name="add_late_given"
    ),
    path(f"{_USED}rayer/", amending_inputs.strike, _IS_USED, name="strike_supply"),
    path(f"{_USED}corriger/", amending_inputs.correct, _IS_USED, name="correct_supply"),
    path(f"{_USED}retablir/", amending_inputs.restore, _IS_USED, name="restore_supply"),
    path(f"{_VISIT}materiau-oublie/", amending_inputs.add_late, _IS_USED, name="add_late_supply"),
    path(f"{_VISIT}poids/", supplies.weight, name="weight"),
    path(f"{_VISIT}anesthesie/", supplies.give, name="give"),
    path(f"{_GIVEN}retrait/", supplies.take_given, name="drop_anaesthetic"),
    path(f"{_VISIT}materiaux/", supplies.use, name="use"),
    path(f"{_USED}retrait/", supplies.drop, name="drop_supply"),
    path(f"{_USED}stock/", supplies.release, name="release"),
    path(f"{_VISIT}fin/", ending.end, name="end"),
    path(f"{_VISIT}signature/", ending.sign, name="sign"),
    path(f"{_VISIT}suite/", ending.book_next, name="book_next"),
    path("aujourdhui/seances/ouvertes/", visits.open_here, name="open_here"),
    path(_SETTINGS, settings.templates, name="templates"),
    path(f"{_SETTINGS}habituels/", settings.usual, name="usual_templates"),
    path(f"{_SETTINGS}modeles/<uuid:template_id>/", settings.template, name="template"),
    path(f"{_SETTINGS}anesthesiques/", settings.anaesthetics, name="anaesthetics"),
    path(f"{_SETTINGS}anesthesiques/<slug:code>/", settings.anaesthetic, name="anaesthetic"),
]
