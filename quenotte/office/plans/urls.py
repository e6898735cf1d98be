"""Addresses of the plans, under those of a patient."""

from django.urls import path

from quenotte.office.plans.views import booking, lines, plans, sessions

app_name = "plans"
_ALL = "<uuid:patient_id>/plans/"
_PLAN = f"{_ALL}<uuid:plan_id>/"
_LINE = f"{_PLAN}lignes/<uuid:line_id>/"
_SESSION = f"{_PLAN}seances/<uuid:session_id>/"

urlpatterns = [
    path(_ALL, plans.plans, name="plans"),
    path(f"{_ALL}carte/", plans.card, name="card"),
    path(f"{_ALL}comparer/", plans.compare, name="compare"),
    path(f"{_ALL}nouveau/", plans.start, name="start"),
    path(_PLAN, plans.plan, name="plan"),
    path(f"{_PLAN}titre/", plans.change, name="change"),
    path(f"{_PLAN}etat/", plans.set_status, name="status"),
    path(f"{_PLAN}retenir/", plans.choose, name="choose"),
    path(f"{_PLAN}imprimer/", plans.print_plan, name="print"),
    path(f"{_PLAN}actes/", lines.search, name="search"),
    path(f"{_PLAN}actes/ajouter/", lines.add, name="add"),
    path(_LINE, lines.line, name="line"),
    path(f"{_LINE}reponse/", lines.answer, name="answer"),
    path(f"{_LINE}place/", lines.move, name="move"),
    path(f"{_LINE}retrait/", lines.remove, name="remove"),
    path(f"{_LINE}retour/", lines.restore, name="restore"),
    path(f"{_PLAN}seances/", sessions.add, name="add_session"),
    path(_SESSION, sessions.session, name="session"),
    path(f"{_SESSION}place/", sessions.move, name="move_session"),
    path(f"{_SESSION}retrait/", sessions.remove, name="remove_session"),
    path(f"{_SESSION}retour/", sessions.restore, name="restore_session"),
    path(f"{_PLAN}rendez-vous/", booking.book, name="book"),
]
