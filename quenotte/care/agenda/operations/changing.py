"""Moving an appointment, making it longer or shorter, changing what is written on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from quenotte.base.audit.rules import Actor, Scalar
from quenotte.care.agenda import rules
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.operations import obstacles, writing
from quenotte.care.agenda.operations.types import type_of

#: What a person may type on an appointment.
DETAILS: Final = frozenset({"title", "note", "kind_id", "assistant_minutes"})


@dataclass(frozen=True)
class _Kept:
    """« The chair as it is », which None (no chair) does not say."""


KEEP: Final = _Kept()


@transaction.atomic
def move(
    *,
    actor: Actor,
    appointment_id: UUID,
    starts_at: datetime | None = None,
    practitioner_id: UUID | None = None,
    chair_id: UUID | _Kept | None = KEEP,
    expected_version: int | None,
    anyway: bool = False,
) -> Appointment:
    """Move an appointment to another time or column; what is not given stays. Pins are dropped.

    Nothing is written when nothing differs.

    Raises: NoSuchAppointment, ChangedMeanwhile, NoLongerThere, BadShape, NoSuchColumn, Closed,
    SlotTaken.
    """
    seen = _seen(actor, appointment_id)
    place = obstacles.place(
        practitioner_id or seen.practitioner_id,
        seen.chair_id if isinstance(chair_id, _Kept) else chair_id,
        starts_at or seen.starts_at,
        seen.minutes,
        seen.assistant_minutes,
    )
    return _put(actor, seen, place, expected_version, anyway, "move")


@transaction.atomic
def resize(
    *,
    actor: Actor,
    appointment_id: UUID,
    minutes: int,
    expected_version: int | None,
    anyway: bool = False,
) -> Appointment:
    """Let an appointment last ``minutes`` real minutes from the same start.

    Raises: as ``move``.
    """
    seen = _seen(actor, appointment_id)
    place = obstacles.place(
        seen.practitioner_id,
        seen.chair_id,
        seen.starts_at,
        minutes,
        min(seen.assistant_minutes, minutes),
    )
    return _put(actor, seen, place, expected_version, anyway, "resize")


@transaction.atomic
def change_details(
    *,
    actor: Actor,
    appointment_id: UUID,
    expected_version: int | None,
    values: Mapping[str, Any],
) -> Appointment:
    """Change the title, the note, the type or the assistant's minutes.

    A type that is no longer offered may stay. Nothing is written when nothing differs.

    Raises: NoSuchAppointment, ChangedMeanwhile, NoSuchType; ValueError when a field is not one
    of ``DETAILS``.
    """
    if unknown := values.keys() - DETAILS:
        raise ValueError(", ".join(sorted(unknown)))
    appointment = writing.locked(actor, appointment_id, expected_version)
    fields = [name for name in sorted(values) if getattr(appointment, name) != values[name]]
    if "kind_id" in fields:
        type_of(actor, values["kind_id"])
    for name in fields:
        setattr(appointment, name, values[name])
    appointment.assistant_minutes = rules.assistant_time(
        None, appointment.assistant_minutes, appointment.minutes
    )
    if fields:
        writing.save(appointment, {*fields, "assistant_minutes"})
        writing.trace(actor, appointment, "details", detail={"fields": ",".join(fields)})
    return appointment


def _seen(actor: Actor, appointment_id: UUID) -> Appointment:
    """Return the appointment before its columns are held: what does not change is read here."""
    found = Appointment.objects.filter(id=appointment_id, practice_id=actor.own_practice_id).first()
    if found is None:
        raise writing.NoSuchAppointment
    return found


def _put(
    actor: Actor,
    seen: Appointment,
    place: obstacles.Place,
    expected_version: int | None,
    anyway: bool,
    what: str,
) -> Appointment:
    """Give an appointment its new place, when it is still the one that was seen."""
    obstacles.hold_columns(actor, place)
    version = seen.version if expected_version is None else expected_version
    appointment = writing.locked(actor, seen.id, version)
    if what == "move":
        writing.still_movable(appointment, place.starts_at)
    else:
        writing.still_on(appointment)
    fields = _differences(appointment, place)
    if not fields:
        return appointment
    around = obstacles.check_free(actor, place, patient_id=seen.patient_id, but=seen.id)
    is_forced = obstacles.check_open(actor, place, around=around, anyway=anyway)
    before = appointment.starts_at
    for name in fields:
        setattr(appointment, name, getattr(place, name))
    appointment.assistant_minutes = min(appointment.assistant_minutes, appointment.minutes)
    writing.save(appointment, {*fields, "assistant_minutes"})
    if what == "move":
        appointment.pins.all().delete()
    _trace(actor, appointment, before, what, fields, is_forced)
    return appointment


def _differences(appointment: Appointment, place: obstacles.Place) -> list[str]:
    names = ("practitioner_id", "chair_id", "starts_at", "ends_at")
    return [name for name in names if getattr(appointment, name) != getattr(place, name)]


def _trace(
    actor: Actor,
    appointment: Appointment,
    before: datetime,
    what: str,
    fields: list[str],
    is_forced: bool,
) -> None:
    detail: dict[str, Scalar] = {
        "fields": ",".join(fields),
        "minutes": appointment.minutes,
        "from": writing.code_of(before),
        "to": writing.code_of(appointment.starts_at),
    }
    if is_forced:
        detail["anyway"] = True
    writing.trace(actor, appointment, what, detail=detail, days=[writing.local_day(before)])
