"""How far an appointment has come: arrived, in the chair, done, missed, cancelled; one undo."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor, Scalar
from quenotte.care.agenda import rules
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.operations import obstacles, writing
from quenotte.kernel.dates import clock
from quenotte.kernel.errors import Refusal

_Status = Appointment.Status


class IllegalStep(Refusal):
    """This step does not follow that one; somebody else may have taken it already."""

    def __init__(self, *, status: str, wanted: str) -> None:
        super().__init__(
            _("Ce rendez-vous est « %(status)s » : il ne peut pas devenir « %(wanted)s ».")
            % {"status": _Status(status).label, "wanted": _Status(wanted).label},
            next_step=_("Rien n’a été modifié. Annulez d’abord la dernière étape si besoin."),
        )
        self.status, self.wanted = status, wanted


class TooSoon(Refusal):
    """Nobody arrives on another day, or is missed before the time."""

    _WORDS: ClassVar = {
        "day": _("Ce rendez-vous est le %(day)s : il n’a pas encore lieu. Rien n’a été modifié."),
        "start": _("Il n’est pas encore %(time)s : attendez l’heure. Rien n’a été modifié."),
    }

    def __init__(self, *, fault: str, appointment: Appointment) -> None:
        local = timezone.localtime(appointment.starts_at)
        words = {"day": f"{local:%d/%m/%Y}", "time": clock(local)}
        super().__init__(self._WORDS[fault] % words)
        self.fault = fault


class NothingToUndo(Refusal):
    """The last step is undone already, or is history."""

    message = _("Il n’y a plus d’étape à annuler sur ce rendez-vous. Rien n’a été modifié.")


@transaction.atomic
def set_status(
    *,
    actor: Actor,
    appointment_id: UUID,
    status: str,
    expected_version: int | None,
    reason: str = "",
) -> Appointment:
    """Take one step; its time is kept. The same step twice changes nothing.

    What was cancelled or missed comes back only where its place is still free.

    Raises: NoSuchAppointment, ChangedMeanwhile, IllegalStep, TooSoon, SlotTaken, NoSuchColumn.
    """
    appointment = _locked(actor, appointment_id, expected_version)
    if appointment.status == status:
        return appointment
    _check_step(appointment, status)
    if appointment.is_off and status not in rules.OFF:
        _check_place(actor, appointment)
    step = rules.step_to(appointment.status, status, times=_times(appointment), now=timezone.now())
    appointment.cancel_reason = reason if status == _Status.CANCELLED else ""
    detail: dict[str, Scalar] = {"reason": reason} if appointment.cancel_reason else {}
    if status == _Status.CANCELLED:
        appointment.pins.all().delete()
    _write(actor, appointment, step, "status", detail)
    return appointment


def cancel(
    *, actor: Actor, appointment_id: UUID, reason: str, expected_version: int | None
) -> Appointment:
    """Cancel an appointment for a reason (``Appointment.CancelReason``); its slot is free.

    Raises: as ``set_status``; ValueError for an unknown reason.
    """
    return set_status(
        actor=actor,
        appointment_id=appointment_id,
        status=_Status.CANCELLED,
        expected_version=expected_version,
        reason=Appointment.CancelReason(reason).value,
    )


@transaction.atomic
def undo_status(*, actor: Actor, appointment_id: UUID, expected_version: int | None) -> Appointment:
    """Take back the last step, within a day; its time is forgotten.

    Raises: NoSuchAppointment, ChangedMeanwhile, NothingToUndo, SlotTaken, NoSuchColumn.
    """
    appointment = _locked(actor, appointment_id, expected_version)
    step = rules.undo_of(
        appointment.status,
        appointment.previous_status,
        times=_times(appointment),
        now=timezone.now(),
    )
    if step is None:
        raise NothingToUndo
    if appointment.is_off and step.status not in rules.OFF:
        _check_place(actor, appointment)
    appointment.cancel_reason = ""
    _write(actor, appointment, step, "undo", {})
    return appointment


def _locked(actor: Actor, appointment_id: UUID, expected_version: int | None) -> Appointment:
    """Return the appointment, held after its columns when it may need its place again."""
    seen = Appointment.objects.filter(id=appointment_id, practice_id=actor.own_practice_id).first()
    if seen is not None and seen.is_off:
        obstacles.hold_columns(actor, _place_of(seen))
        expected_version = seen.version if expected_version is None else expected_version
    return writing.locked(actor, appointment_id, expected_version)


def _check_step(appointment: Appointment, status: str) -> None:
    if not rules.may_become(appointment.status, status):
        raise IllegalStep(status=appointment.status, wanted=status)
    fault = rules.when_fault(
        status,
        starts_at=appointment.starts_at,
        now=timezone.now(),
        starts_on=writing.local_day(appointment.starts_at),
        today=timezone.localdate(),
    )
    if fault:
        raise TooSoon(fault=fault, appointment=appointment)


def _check_place(actor: Actor, appointment: Appointment) -> None:
    obstacles.check_free(actor, _place_of(appointment), but=appointment.id)


def _place_of(appointment: Appointment) -> obstacles.Place:
    return obstacles.Place(
        appointment.practitioner_id,
        appointment.chair_id,
        appointment.starts_at,
        appointment.ends_at,
    )


def _times(appointment: Appointment) -> dict[str, datetime | None]:
    return {field: getattr(appointment, field) for field in rules.TIME_FIELDS.values()}


def _write(
    actor: Actor,
    appointment: Appointment,
    step: rules.Step,
    what: str,
    detail: dict[str, Scalar],
) -> None:
    before = appointment.status
    appointment.status, appointment.previous_status = step.status, step.previous
    for field, at in step.times.items():
        setattr(appointment, field, at)
    writing.save(appointment, ["status", "previous_status", "cancel_reason", *step.times])
    detail |= {"status": step.status, "state": before}
    writing.trace(actor, appointment, what, detail=detail)
