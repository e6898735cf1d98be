"""Booking an appointment, for a patient of the practice or for one who has just called."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.prepared import prepared
from quenotte.care.agenda import rules
from quenotte.care.agenda.models import Appointment, AppointmentType
from quenotte.care.agenda.operations import obstacles, writing
from quenotte.care.agenda.operations.taking_back import OPENED_RECORD
from quenotte.care.agenda.operations.types import type_of
from quenotte.care.patients import operations as patients
from quenotte.care.patients import queries as patient_reads
from quenotte.care.patients.rules import UNKNOWN_BIRTH
from quenotte.kernel.errors import Refusal


class UnknownPatient(Refusal):
    """No such patient in this practice."""

    message = _("Ce patient n’a pas de dossier dans votre cabinet. Rien n’a été enregistré.")


class PatientDied(Refusal):
    """Nobody books for a patient whose death is noted."""

    message = _(
        "Le décès de ce patient est noté dans son dossier. Rien n’a été enregistré : "
        "vérifiez le dossier choisi."
    )


@dataclass(frozen=True)
class NewPatient:
    """What one learns on the telephone of somebody who has no record yet.

    Without a birth date the record says that it must be asked. ``look_alikes``: the records
    that were shown and are somebody else's.
    """

    surname: str
    first_name: str
    phone: str
    born_on: date | None = None
    look_alikes: int = 0

    def values(self) -> dict[str, Any]:
        """Return the fields of the record."""
        return {
            "birth_name": self.surname,
            "birth_first_names": self.first_name,
            "mobile_phone": self.phone,
            "born_on": self.born_on or UNKNOWN_BIRTH,
            "sex": "I",
        }


@dataclass(frozen=True)
class Booking:
    """What is asked: whom (``patient_id`` or ``new_patient``), where, when, how long.

    ``starts_at`` is aware; ``minutes`` are real minutes; ``assistant_minutes`` None takes the
    type's.
    """

    practitioner_id: UUID
    starts_at: datetime
    minutes: int
    chair_id: UUID | None = None
    patient_id: UUID | None = None
    new_patient: NewPatient | None = None
    kind_id: UUID | None = None
    title: str = ""
    note: str = ""
    assistant_minutes: int | None = None


@transaction.atomic
def book(*, actor: Actor, booking: Booking, anyway: bool = False) -> Appointment:
    """Book an appointment; a new patient gets a record in the same transaction.

    ``anyway`` insists on a time outside the opening hours, for those who may.

    Raises: BadShape, NoSuchColumn, NoSuchType, UnknownPatient, PatientDied, Closed, SlotTaken;
    whatever ``create_patient`` raises. Nothing at all is written then.
    """
    kind = type_of(actor, booking.kind_id)
    place = obstacles.place(
        booking.practitioner_id,
        booking.chair_id,
        booking.starts_at,
        booking.minutes,
        _assistant_minutes(booking, kind),
    )
    check_patient(actor, booking.patient_id)
    # The counter of file numbers is locked before the columns.
    patient_id = booking.patient_id or _new_patient(actor, booking.new_patient)
    around = obstacles.check_free(actor, place, patient_id=patient_id)
    is_forced = obstacles.check_open(actor, place, around=around, anyway=anyway)
    appointment = _create(actor, booking, place, kind, patient_id)
    detail: dict[str, Scalar] = {
        "to": writing.code_of(appointment.starts_at),
        "minutes": appointment.minutes,
    }
    if is_forced:
        detail["anyway"] = True
    if booking.patient_id is None:
        detail["purpose"] = OPENED_RECORD
    writing.trace(actor, appointment, "book", detail=detail, action=Action.CREATE)
    return appointment


def _create(
    actor: Actor,
    booking: Booking,
    place: obstacles.Place,
    kind: AppointmentType | None,
    patient_id: UUID,
) -> Appointment:
    return Appointment.objects.create(
        practice_id=actor.own_practice_id,
        patient_id=patient_id,
        practitioner_id=place.practitioner_id,
        chair_id=place.chair_id,
        kind=kind,
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        title=booking.title or (kind.name if kind else ""),
        note=booking.note,
        assistant_minutes=place.assistant_minutes,
        created_by_id=actor.person_id,
    )


def _assistant_minutes(booking: Booking, kind: AppointmentType | None) -> int:
    usual = kind.assistant_minutes if kind else 0
    return rules.assistant_time(booking.assistant_minutes, usual, booking.minutes)


def _new_patient(actor: Actor, new: NewPatient | None) -> UUID:
    if new is None:
        raise UnknownPatient
    patient = patients.create_patient(actor=actor, values=new.values(), look_alikes=new.look_alikes)
    return patient.id


def check_patient(actor: Actor, patient_id: UUID | None) -> None:
    """Refuse a patient for whom nothing can be booked. Raises: UnknownPatient, PatientDied."""
    if patient_id is None:
        return
    died_on = _died_on(actor.own_practice_id, patient_id)
    if not died_on:
        raise UnknownPatient
    if died_on[0] is not None:
        raise PatientDied


@prepared
def _died_on(practice_id: UUID, patient_id: UUID) -> "QuerySet[Any, date | None]":
    row = patient_reads.of_practice(practice_id).filter(id=patient_id)
    return row.values_list("died_on", flat=True)
