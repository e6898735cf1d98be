"""What questionnaires show on other pages: the card of a record, the bubble of an appointment."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.questionnaires import queries, rules
from quenotte.care.questionnaires.queries import Standing
from quenotte.web import kept
from quenotte.web.links import link_to
from quenotte.web.timeline import Entry

if TYPE_CHECKING:
    from quenotte.care.agenda.models import Appointment
    from quenotte.care.patients.models import Patient

_TONES: Final = {
    rules.FILLED: ("ok", "circle-check"),
    rules.TO_REVIEW: ("info", "eye"),
    rules.OLD: ("attention", "clock"),
    rules.NEVER: ("attention", "circle-alert"),
}


def card(request: HttpRequest, patient: "Patient") -> str:
    """Draw where the medical questionnaire will be; it comes after the first paint."""
    if not may(actor_of(request).roles, "history.fill"):
        return ""
    return kept.drawn("care/questionnaires/_place.html", fill={"patient_id": patient.id})


def of_appointment(request: HttpRequest, appointment: "Appointment") -> str:
    """Say beside an appointment that the questionnaire is missing, old, or to be read."""
    roles = actor_of(request).roles
    if not may(roles, "history.fill"):
        return ""
    standing = queries.standing(appointment.patient_id)
    if standing.word == rules.FILLED:
        return ""
    context = {"badge": badge_of(standing), "patient_id": appointment.patient_id}
    return render_to_string("care/questionnaires/_of_appointment.html", context, request)


def badge_of(standing: Standing) -> dict[str, Any]:
    """Return what a badge says of a record: words, colour, icon."""
    tone, icon = _TONES[standing.word]
    return {"words": words_of(standing), "tone": tone, "icon": icon}


def words_of(standing: Standing) -> str:
    """Say where a record stands, in a few words."""
    if standing.sent_at is None:
        return _("Questionnaire médical jamais rempli")
    day = date_format(timezone.localtime(standing.sent_at), "d/m/Y")
    said = {
        rules.FILLED: _("Questionnaire à jour, rempli le %(day)s"),
        rules.TO_REVIEW: _("Questionnaire du %(day)s à relire"),
        rules.OLD: _("Questionnaire du %(day)s : plus de 12 mois"),
    }
    return said[standing.word] % {"day": day}


def told(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline when questionnaires were sent."""
    if not may(actor_of(request).roles, "history.read"):
        return []
    found = queries.sent_before(patient.id, limit, before)
    return [
        Entry(
            at=sent_at,
            kind="history",
            icon="clipboard-list",
            title=_("Questionnaire médical rempli"),
            author=_("relu par %(who)s") % {"who": who} if who else _("à relire"),
            url=link_to("questionnaires:one", patient.id, ident),
        )
        for sent_at, who, ident in found
    ]
