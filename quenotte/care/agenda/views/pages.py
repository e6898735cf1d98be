"""The agenda as it is looked at: the page, its data, its print, its side panels."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from quenotte.base.people.access import actor_of, requires
from quenotte.base.people.rules import may
from quenotte.care.agenda import access, queries
from quenotte.care.agenda.panels import visit_lines
from quenotte.care.agenda.queries.kept import written
from quenotte.care.agenda.queries.waiting_room import LONG_WAIT_MINUTES
from quenotte.care.agenda.views.booking import booking_context
from quenotte.care.agenda.views.shown import LIST, Shown, remember, shown_by
from quenotte.care.patients.access import opened_patient
from quenotte.care.patients.queries import alerts_of_each
from quenotte.web.fragments import wants_fragment
from quenotte.web.freshness import unless_known

_LONGEST_LIST = 200


@requires("agenda.read")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show a day or a week; the grid then asks for its data."""
    shown, actor = shown_by(request), actor_of(request)
    access.open_window(actor, shown.first, shown.days)
    context = _context(request, shown)
    if shown.view == LIST:
        context["visits"] = queries.visits_of_day(actor.own_practice_id, shown.day)
        context["closures"] = _closures(actor.own_practice_id, shown)
    return remember(render(request, "care/agenda/page.html", context), request, shown)


@requires("agenda.read")
@require_GET
def feed(request: HttpRequest) -> HttpResponseBase:
    """Send the days of the grid.

    Who turns a page says so (``?ouverture=1``), which is one line of the journal; a page that
    draws itself again writes nothing more while these days are open to this person.
    """
    shown, actor = shown_by(request), actor_of(request)
    opening = access.open_window if "ouverture" in request.GET else access.opened_window
    opening(actor, shown.first, shown.days)
    window = written(actor.own_practice_id, shown.first, shown.days)
    return unless_known(
        request, window.tag, lambda: HttpResponse(window.body, content_type="application/json")
    )


@requires("agenda.read")
@require_GET
def print_day(request: HttpRequest) -> HttpResponse:
    """Show the sheet of a day that is printed."""
    shown, actor = shown_by(request), actor_of(request)
    access.print_day(actor, shown.day)
    visits = queries.visits_of_day(actor.own_practice_id, shown.day)
    alerts = {}
    if may(actor.roles, "patients.read"):
        alerts = alerts_of_each({one.patient_id for one in visits if one.patient_id})
    context = {
        "day": shown.day,
        "visits": [(one, alerts.get(one.patient_id, [])) for one in visits],
        "closures": _closures(actor.own_practice_id, shown),
    }
    return render(request, "care/agenda/print.html", context)


@requires("agenda.read")
@require_GET
def waiting_room(request: HttpRequest) -> HttpResponse:
    """Draw the waiting room again."""
    actor = actor_of(request)
    access.opened_window(actor, timezone.localdate(), 1)
    context = {
        "waiting_room": queries.waiting_room(actor.own_practice_id),
        "long_wait": LONG_WAIT_MINUTES,
    }
    return _part(request, "_waiting_room", context)


@requires("agenda.read")
@require_GET
def pinboard(request: HttpRequest) -> HttpResponse:
    """Draw the pinboard again."""
    actor = actor_of(request)
    access.opened_window(actor, timezone.localdate(), 1)
    return _part(request, "_pinboard", {"pins": queries.pinboard(actor.own_practice_id)})


@requires("agenda.read")
@require_GET
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """List every appointment of a patient, to come and past."""
    patient = opened_patient(actor_of(request), patient_id, action="agenda.read")
    now = timezone.now()
    context = {
        "patient": patient,
        "coming": visit_lines(queries.next_visits(patient.id, now, _LONGEST_LIST)),
        "past": visit_lines(queries.past_visits(patient.id, now, _LONGEST_LIST)),
    }
    return render(request, "care/agenda/of_patient.html", context)


def _part(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Draw a fragment; without script its address leads to the page that holds it."""
    if not wants_fragment(request):
        return redirect("agenda:page")
    return render(request, f"care/agenda/{name}.html", context)


def _context(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    actor = actor_of(request)
    practice_id = actor.own_practice_id
    access.opened_window(actor, timezone.localdate(), 1)
    context: dict[str, Any] = {
        "shown": shown,
        "today": timezone.localdate(),
        "in_three_months": shown.after_months(3),
        "in_six_months": shown.after_months(6),
        "in_a_week": shown.day + timedelta(days=7),
        "settings": queries.settings_of(practice_id),
        "types": list(queries.types(practice_id)),
        "waiting_room": queries.waiting_room(practice_id),
        "pins": queries.pinboard(practice_id),
        "long_wait": LONG_WAIT_MINUTES,
    }
    if may(actor.roles, "agenda.write"):
        context |= booking_context(request)
    return context


def _closures(practice_id: UUID, shown: Shown) -> list[queries.Closure]:
    """Return the holidays and absences of a day, each once."""
    people = [one.id for one in queries.practitioners(practice_id)]
    found = queries.closures(practice_id, shown.day, shown.day, people)
    return [one for one in found if one.code != "closed"]
