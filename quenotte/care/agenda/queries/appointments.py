"""One appointment: its details, what happened to it; and those that occupy a period."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from quenotte.base.audit import queries as journal
from quenotte.care.agenda import rules
from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.rules import shown_phone
from quenotte.kernel.dates import day_and_clock

_LONGEST = timedelta(minutes=rules.LONGEST_MINUTES)


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the history of an appointment, in words."""

    at: datetime
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Detail:
    """An appointment with what a panel shows beside it."""

    appointment: Appointment
    patient_name: str
    phone: str
    practitioner: str
    chair: str
    moves: list[str]
    can_undo: bool
    pinned_by: str


def occupying(
    practice_id: UUID, period: rules.Period, *, but: UUID | None = None
) -> QuerySet[Appointment]:
    """Return the appointments that occupy somebody during a period, ``but`` this one."""
    found = Appointment.objects.filter(
        practice_id=practice_id,
        # The index is by start: nothing that began longer ago still goes on.
        starts_at__gt=period.starts_at - _LONGEST,
        starts_at__lt=period.ends_at,
        ends_at__gt=period.starts_at,
    ).exclude(status__in=rules.OFF)
    return found.exclude(id=but) if but else found


def every(practice_id: UUID) -> QuerySet[Appointment]:
    """Return all the appointments of a practice, earliest first, for who leaves with them."""
    rows = Appointment.objects.filter(practice_id=practice_id).order_by("starts_at")
    return rows.select_related("patient", "practitioner")


def taken_down(practice_id: UUID) -> set[tuple[UUID, UUID, datetime, bool]]:
    """Return all the appointments of a practice: whose, with whom, from when, whether cancelled.

    Who cancels and takes the same time again has two, and not twice the same.
    """
    rows = Appointment.objects.filter(practice_id=practice_id).order_by()
    return {
        (patient_id, practitioner_id, starts_at, status == Appointment.Status.CANCELLED)
        for patient_id, practitioner_id, starts_at, status in rows.values_list(
            "patient_id", "practitioner_id", "starts_at", "status"
        ).iterator()
    }


def within(
    practice_id: UUID, period: rules.Period, practitioner_id: UUID | None
) -> QuerySet[Appointment]:
    """Return the appointments still expected in a period, of one practitioner or of all."""
    found = occupying(practice_id, period).filter(status__in=rules.EXPECTED)
    return found.filter(practitioner_id=practitioner_id) if practitioner_id else found


def detail(practice_id: UUID, appointment_id: UUID, *, now: datetime) -> Detail | None:
    """Return an appointment of this practice with what its panel shows; None elsewhere's."""
    appointment = (
        Appointment.objects.filter(id=appointment_id, practice_id=practice_id)
        .select_related("patient", "practitioner", "chair__room", "kind", "created_by")
        .first()
    )
    if appointment is None:
        return None
    pinned = appointment.pins.select_related("person").first()
    times = {field: getattr(appointment, field) for field in rules.TIME_FIELDS.values()}
    undo = rules.undo_of(appointment.status, appointment.previous_status, times=times, now=now)
    return Detail(
        appointment=appointment,
        patient_name=appointment.patient.full_name,
        phone=shown_phone(appointment.patient.phone),
        practitioner=appointment.practitioner.full_name,
        chair=f"{appointment.chair.room.name}" if appointment.chair else "",
        moves=[one for one in rules.STATUSES if rules.may_become(appointment.status, one)],
        can_undo=undo is not None,
        pinned_by=pinned.person.full_name if pinned else "",
    )


def history(appointment_id: UUID, patient_id: UUID, *, limit: int = 50) -> list[Change]:
    """Return what happened to an appointment, newest first, as the journal tells it."""
    lines = journal.object_history(patient_id, "appointment", str(appointment_id), limit)
    return [Change(line.at, line.person_label, _words(line.detail)) for line in lines]


def _words(told: dict[str, object]) -> str:
    """Return what a line says: « déplacé du 17/03/2026 à 9 h 30 au 18/03/2026 à 10 h 00 »."""
    what = told.get("action")
    if what == "status":
        return str(Appointment.Status(str(told["status"])).label).lower()
    if what == "undo":
        return _("étape annulée, de nouveau « %(status)s »") % {
            "status": str(Appointment.Status(str(told["status"])).label).lower()
        }
    if what == "move" and told.get("from") != told.get("to"):
        return _("déplacé du %(before)s au %(after)s") % {
            "before": _shown(told.get("from")),
            "after": _shown(told.get("to")),
        }
    simple = {
        "book": _("réservé"),
        "take_back": _("réservation reprise"),
        "move": _("changé de colonne"),
        "resize": _("durée changée à %(minutes)s min") % {"minutes": told.get("minutes")},
        "details": _("détails modifiés"),
        "pin": _("mis sur le panneau"),
        "unpin": _("retiré du panneau"),
    }
    return simple.get(str(what), _("modifié"))


def _shown(code: object) -> str:
    instant = parse_datetime(str(code))
    return day_and_clock(instant) if instant else "?"
