"""What the agenda shows on the patient page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.agenda import access, queries
from quenotte.care.agenda.models import Appointment
from quenotte.web.html import format_html, joined
from quenotte.web.templatetags.ui import moment
from quenotte.web.timeline import Entry

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Appointments read for the patient page; the others are one click away.
_AROUND = 40


def appointments(request: HttpRequest, patient: "Patient") -> str:
    """Draw the next appointments and the last ones."""
    if not _may_read(request):
        return ""
    visits = _around(request, patient)
    context = {
        "patient": patient,
        "coming": visit_lines(visits.coming[: queries.SHOWN]),
        "past": visit_lines(visits.past[: queries.SHOWN]),
        "has_more": max(len(visits.coming), len(visits.past)) > queries.SHOWN,
    }
    return render_to_string("care/agenda/_appointments.html", context, request)


def visit_lines(visits: Sequence[queries.Visit]) -> SafeString:
    """Draw appointments as a list, nothing for none; in Python, as each record draws ten."""
    lines = joined(map(_visit_line, visits))
    return format_html('<ul class="visits">{}</ul>', lines) if visits else lines


def _visit_line(visit: queries.Visit) -> SafeString:
    is_told = visit.is_off or visit.status == Appointment.Status.CONFIRMED
    status = format_html(" · <strong>{}</strong>", visit.status_label) if is_told else ""
    return format_html(
        '<li class="visit{}">{} <span class="visit-title">{}</span> '
        '<span class="visit-meta">{} min · {}{}</span></li>',
        " visit-off" if visit.is_off else "",
        moment(visit.starts_at, weekday=True),
        visit.title or _("Rendez-vous"),
        visit.minutes,
        visit.practitioner,
        status,
    )


def today(request: HttpRequest, _subject: object) -> str:
    """Draw the day on the first page, with what is done and who is here."""
    if not _may_read(request):
        return ""
    actor, day = actor_of(request), timezone.localdate()
    access.open_day(actor, day)
    visits = queries.visits_of_day(actor.own_practice_id, day)
    over = [it for it in visits if it.visit.status == "done" or it.visit.is_off]
    off = sum(it.visit.is_off for it in over)
    context = {
        "visits": visits,
        "over": over,
        "ahead": [it for it in visits if it not in over],
        "done": len(over) - off,
        "off": off,
    }
    return render_to_string("care/agenda/_today.html", context, request)


def settings_part(request: HttpRequest, part: str) -> str:
    """Draw the tab that leads from the cabinet to the types, hours and absences."""
    if not may(actor_of(request).roles, "agenda.manage"):
        return ""
    return render_to_string("care/agenda/_agenda_part.html", {"part": part})


def told(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline when the patient came, or did not."""
    if not _may_read(request):
        return []
    if before is None:
        visits = _around(request, patient).past[:limit]
    else:
        visits = queries.past_visits(patient.id, min(before, timezone.now()), limit)
    return (
        Entry(
            at=visit.starts_at,
            kind="missed" if visit.is_off else "visit",
            icon="circle-x" if visit.is_off else "calendar",
            title=_("Rendez-vous : %(title)s") % {"title": visit.title}
            if visit.title
            else _("Rendez-vous"),
            text=visit.status_label if visit.is_off else "",
            author=visit.practitioner,
            object_id=str(visit.id),
        )
        for visit in visits
    )


def _around(request: HttpRequest, patient: "Patient") -> queries.Visits:
    """Read once what the list and the timeline of one page both show."""
    kept: dict[UUID, queries.Visits] = request.__dict__.setdefault("_visits_around", {})
    if patient.id not in kept:
        kept[patient.id] = queries.visits_around(patient.id, timezone.now(), _AROUND)
    return kept[patient.id]


def _may_read(request: HttpRequest) -> bool:
    return may(actor_of(request).roles, "agenda.read")
