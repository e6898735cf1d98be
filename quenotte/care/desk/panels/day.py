"""The day on Aujourd’hui, as each role needs it."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import Role, may
from quenotte.base.practice import queries as practices
from quenotte.care.agenda import queries as agenda
from quenotte.care.desk import queries
from quenotte.care.patients import access as patients
from quenotte.care.questionnaires import queries as questionnaires


def my_chair(request: HttpRequest, _subject: object = None) -> str:
    """Draw a dentist's chair: who sits in it, who comes next, how late, with what alerts."""
    actor = actor_of(request)
    if Role.DENTIST not in actor.roles:
        return ""
    chair = queries.chair_of(_room(request), actor.own_person_id)
    shown = [one for one in (chair.current, chair.coming) if one is not None]
    for one in shown:
        # Alerts are health data: their reading is a line, once a working day for each patient.
        patients.opened_patient(actor, one.patient_id)
    alerts = queries.alerts_of([one.patient_id for one in shown])
    context = {
        "chair": chair,
        "current_alerts": alerts[chair.current.patient_id] if chair.current else [],
        "coming_alerts": alerts[chair.coming.patient_id] if chair.coming else [],
    }
    return render_to_string("care/desk/_my_chair.html", context, request)


def rooms(request: HttpRequest, _subject: object = None) -> str:
    """Draw each room with who is in its chair and who comes next, for an assistant."""
    actor = actor_of(request)
    if Role.ASSISTANT not in actor.roles:
        return ""
    places = [room.name for room in practices.rooms(actor.own_practice_id)]
    context = {"rooms": queries.rooms_of(_room(request), places)}
    return render_to_string("care/desk/_rooms.html", context, request)


def arrivals(request: HttpRequest, _subject: object = None) -> str:
    """Draw who waits since when, and who is late, for the reception."""
    actor = actor_of(request)
    if not (may(actor.roles, "agenda.read") and Role.SECRETARY in actor.roles):
        return ""
    room = _room(request)
    context = {"room": room, "waiting": queries.waits(room)}
    return render_to_string("care/desk/_arrivals.html", context, request)


def to_fill(request: HttpRequest, _subject: object = None) -> str:
    """Draw who comes today without an up-to-date medical questionnaire, for who hands it out."""
    actor = actor_of(request)
    if not ({Role.SECRETARY, Role.ASSISTANT} & actor.roles and may(actor.roles, "history.fill")):
        return ""
    room = _room(request)
    people = [*room.waiting, *room.late, *room.expected]
    standings = questionnaires.standings(one.patient_id for one in people)
    lines = [
        {"present": one, "is_old": standings[one.patient_id].sent_at is not None}
        for one in {one.patient_id: one for one in people}.values()
        if standings[one.patient_id].is_missing
    ]
    return render_to_string("care/desk/_to_fill.html", {"lines": lines}, request)


def to_review(request: HttpRequest, _subject: object = None) -> str:
    """Draw whose answers a dentist has not read yet, among those who come to her today."""
    actor = actor_of(request)
    if not may(actor.roles, "history.review"):
        return ""
    room = _room(request)
    people = [*room.in_chair, *room.waiting, *room.late, *room.expected]
    own = {one.patient_id: one for one in people if one.practitioner_id == actor.own_person_id}
    standings = questionnaires.standings(own)
    lines = [one for one in own.values() if standings[one.patient_id].is_to_review]
    return render_to_string("care/desk/_to_review.html", {"lines": lines}, request)


def unconfirmed(request: HttpRequest, _subject: object = None) -> str:
    """Draw which appointments of today and of the next working day nobody has confirmed."""
    actor = actor_of(request)
    if Role.SECRETARY not in actor.roles:
        return ""
    lines = queries.unconfirmed(actor.own_practice_id, timezone.now())
    later = [one for one in lines if not one.is_today]
    context = {
        "today": [one for one in lines if one.is_today],
        "later": later,
        "later_count": len(later),
    }
    return render_to_string("care/desk/_unconfirmed.html", context, request)


def short_notice(request: HttpRequest, _subject: object = None) -> str:
    """Draw who would come at short notice, longest on the list first."""
    actor = actor_of(request)
    if Role.SECRETARY not in actor.roles:
        return ""
    waiting = agenda.waiting_list(actor.own_practice_id)
    context = {"waiting": waiting[:8], "count": len(waiting)}
    return render_to_string("care/desk/_short_notice.html", context, request)


def _room(request: HttpRequest) -> Any:
    """Read the day once for all the panels of a page."""
    kept = request.__dict__
    if "_waiting_room" not in kept:
        kept["_waiting_room"] = agenda.waiting_room(actor_of(request).own_practice_id)
    return kept["_waiting_room"]
