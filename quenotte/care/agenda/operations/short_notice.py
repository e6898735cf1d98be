"""Patients who would come at short notice: wait, be placed in a freed slot, or withdraw."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.care.agenda import rules
from quenotte.care.agenda.models import Appointment, ShortNotice
from quenotte.care.agenda.operations import writing
from quenotte.care.agenda.operations.booking import Booking, book, check_patient
from quenotte.care.agenda.operations.changing import move
from quenotte.care.agenda.operations.obstacles import BadShape
from quenotte.care.agenda.operations.types import type_of
from quenotte.kernel.errors import Refusal


class NoLongerWaiting(Refusal):
    """The patient was placed or withdrawn already, or was never on this list."""

    message = _(
        "Ce patient n’est plus sur la liste d’attente : un collègue l’a peut-être déjà placé. "
        "Rien n’a été modifié."
    )


@dataclass(frozen=True)
class Wish:
    """When a patient would come; days are local, ``until_day`` included."""

    minutes: int
    from_day: date
    until_day: date | None = None
    day_part: str = rules.ANY_TIME
    weekdays: int = rules.EVERY_DAY
    practitioner_id: UUID | None = None
    kind_id: UUID | None = None
    note: str = ""


@transaction.atomic
def add_short_notice(
    *, actor: Actor, patient_id: UUID, wish: Wish, appointment_id: UUID | None = None
) -> ShortNotice:
    """Put a patient on the list; ``appointment_id`` is the one she would give up.

    Raises: UnknownPatient, PatientDied, NoSuchAppointment, NoLongerThere, NoSuchType, BadShape.
    """
    check_patient(actor, patient_id)
    if fault := rules.duration_fault(wish.minutes):
        raise BadShape(fault)
    type_of(actor, wish.kind_id)
    if appointment_id is not None:
        _check_own(actor, appointment_id, patient_id)
    entry = ShortNotice.objects.create(
        practice_id=actor.own_practice_id,
        patient_id=patient_id,
        appointment_id=appointment_id,
        kind_id=wish.kind_id,
        practitioner_id=wish.practitioner_id,
        minutes=wish.minutes,
        day_part=ShortNotice.DayPart(wish.day_part),
        weekdays=wish.weekdays,
        from_day=wish.from_day,
        until_day=wish.until_day,
        note=wish.note,
    )
    _traced(actor, entry, Action.CREATE, "waiting")
    return entry


@transaction.atomic
def withdraw_short_notice(*, actor: Actor, entry_id: UUID) -> ShortNotice:
    """Take a patient off the list; her appointments stay. Raises: NoLongerWaiting."""
    entry = _locked(actor, entry_id)
    _close(entry, ShortNotice.Outcome.WITHDRAWN)
    _traced(actor, entry, Action.CHANGE, ShortNotice.Outcome.WITHDRAWN)
    return entry


@transaction.atomic
def book_from_short_notice(
    *,
    actor: Actor,
    entry_id: UUID,
    practitioner_id: UUID,
    starts_at: datetime,
    chair_id: UUID | None = None,
    anyway: bool = False,
) -> Appointment:
    """Place a waiting patient: her later appointment moves there, or a new one is booked.

    Raises: NoLongerWaiting; as ``book`` and ``move``. She stays on the list then.
    """
    entry = _locked(actor, entry_id)
    gives_up = entry.appointment
    if gives_up is not None and gives_up.status in rules.EXPECTED:
        appointment = move(
            actor=actor,
            appointment_id=gives_up.id,
            starts_at=starts_at,
            practitioner_id=practitioner_id,
            chair_id=chair_id,
            expected_version=None,
            anyway=anyway,
        )
    else:
        booking = Booking(
            practitioner_id=practitioner_id,
            starts_at=starts_at,
            minutes=entry.minutes,
            chair_id=chair_id,
            patient_id=entry.patient_id,
            kind_id=entry.kind_id,
        )
        appointment = book(actor=actor, booking=booking, anyway=anyway)
    _close(entry, ShortNotice.Outcome.BOOKED)
    return appointment


def _close(entry: ShortNotice, outcome: str) -> None:
    entry.closed_at, entry.outcome = timezone.now(), outcome
    entry.save(update_fields=["closed_at", "outcome"])


def _locked(actor: Actor, entry_id: UUID) -> ShortNotice:
    """Return the entry, held before any column: two people never place one patient twice."""
    found = ShortNotice.objects.select_for_update(no_key=True).filter(
        id=entry_id, practice_id=actor.own_practice_id, closed_at=None
    )
    entry = found.first()
    if entry is None:
        raise NoLongerWaiting
    return entry


def _check_own(actor: Actor, appointment_id: UUID, patient_id: UUID) -> None:
    appointment = writing.locked(actor, appointment_id, None)
    if appointment.patient_id != patient_id:
        raise writing.NoSuchAppointment
    writing.still_on(appointment)


def _traced(actor: Actor, entry: ShortNotice, action: Action, state: str) -> None:
    writing.tell(actor, (), short_notice=str(entry.id))
    audit.record(
        action=action,
        actor=actor,
        patient_id=entry.patient_id,
        object_kind="short_notice",
        object_id=str(entry.id),
        detail={"state": str(state), "minutes": entry.minutes},
    )
