"""Free slots, and who would take one at short notice."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.agenda import access, operations, queries
from quenotte.care.agenda.forms.searches import PlaceForm, SlotsForm, WaitingForm
from quenotte.care.agenda.views.answers import Told, attempt, sent, understood
from quenotte.care.agenda.views.booking import asked_patient
from quenotte.care.patients.access import opened_patient
from quenotte.kernel.dates import clock
from quenotte.web.fragments import wants_fragment

_SLOTS = 12


@requires("agenda.write")
@require_GET
def slots(request: HttpRequest) -> HttpResponse:
    """Find the next free slots of a length, a practitioner and a part of the day.

    A record leads here with ``?patient=``: each slot then books for her.
    """
    practice_id = actor_of(request).own_practice_id
    asked = "minutes" in request.GET
    picked = asked_patient(request)
    form = SlotsForm(practice_id, request.GET) if asked else SlotsForm(practice_id)
    context: dict[str, Any] = {"form": form, "is_asked": asked, "picked": picked}
    context["patient_id"] = picked.id if picked else None
    if asked and form.is_valid():
        since = form.not_before(timezone.now())
        context["slots"] = queries.free_slots(practice_id, form.search(), since=since, limit=_SLOTS)
        context["kind"] = form.cleaned_data["kind"]
    name = "slots"
    if wants_fragment(request):
        name = "_slots_found" if asked else "_slots"
    return render(request, f"care/agenda/{name}.html", context)


@requires("agenda.read")
@require_safe
def short_notice(request: HttpRequest) -> HttpResponse:
    """List who would come at short notice; for a slot that was freed, who could take it."""
    actor = actor_of(request)
    access.opened_window(actor, timezone.localdate(), 1)
    context: dict[str, Any] = {"waiting": queries.waiting_list(actor.own_practice_id)}
    if freed := request.GET.get("place", ""):
        context |= _matches(request, freed)
    name = "_short_notice" if wants_fragment(request) else "short_notice"
    return render(request, f"care/agenda/{name}.html", context)


@requires("agenda.write")
@require_POST
def wait(request: HttpRequest) -> HttpResponse:
    """Put a patient on the list."""
    actor = actor_of(request)

    def work() -> Told:
        form = WaitingForm(actor.own_practice_id, request.POST)
        asked = understood(form)
        opened_patient(actor, asked["patient"], action="agenda.write")
        operations.add_short_notice(
            actor=actor,
            patient_id=asked["patient"],
            wish=form.wish(),
            appointment_id=asked["appointment"],
        )
        return Told(_("Le patient est sur la liste d’attente."))

    return attempt(request, work)


@requires("agenda.write")
@require_POST
def withdraw(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Take a patient off the list."""

    def work() -> Told:
        operations.withdraw_short_notice(actor=actor_of(request), entry_id=entry_id)
        return Told(_("Le patient n’est plus sur la liste d’attente. Ses rendez-vous restent."))

    return attempt(request, work)


@requires("agenda.write")
@require_POST
def place(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Give a waiting patient the slot that was freed."""
    actor = actor_of(request)

    def work() -> Told:
        form = PlaceForm(actor.own_practice_id, sent(request))
        understood(form)
        placed = operations.book_from_short_notice(
            actor=actor,
            entry_id=entry_id,
            anyway="anyway" in sent(request),
            **form.values(),
        )
        at = timezone.localtime(placed.starts_at)
        words = _("Le patient est placé le %(day)s à %(time)s.")
        return Told(words % {"day": f"{at:%d/%m/%Y}", "time": clock(at)})

    return attempt(request, work)


def _matches(request: HttpRequest, freed: str) -> dict[str, Any]:
    """Return the place that an appointment freed, and who could take it."""
    try:
        appointment_id = UUID(freed)
    except ValueError:
        return {}
    actor = actor_of(request)
    appointment = access.open_appointment(actor, appointment_id)
    return {
        "freed": appointment,
        "matches": queries.matches(
            actor.own_practice_id,
            starts_at=appointment.starts_at,
            minutes=appointment.minutes,
            practitioner_id=appointment.practitioner_id,
        ),
    }
