"""What the agenda shows on the patient page."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.agenda import queries
from quenotte.web.timeline import Entry

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def appointments(request: HttpRequest, patient: "Patient") -> str:
    """Draw the next appointments and the last ones."""
    if not _may_read(request):
        return ""
    now = timezone.now()
    past = queries.past_visits(patient.id, now, queries.SHOWN + 1)
    context = {
        "patient": patient,
        "coming": queries.next_visits(patient.id, now, queries.SHOWN),
        "past": past[: queries.SHOWN],
        "has_more": len(past) > queries.SHOWN,
    }
    return render_to_string("care/agenda/_appointments.html", context)


def told(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline when the patient came, or did not."""
    if not _may_read(request):
        return []
    visits = queries.past_visits(patient.id, before or timezone.now(), limit)
    return [
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
    ]


def _may_read(request: HttpRequest) -> bool:
    return may(actor_of(request).roles, "agenda.read")
