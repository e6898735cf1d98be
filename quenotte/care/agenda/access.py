"""The doors to the agenda: it names patients, so looking is a line of the journal.

Opening a day, a week or an appointment is one line. An open page asks again each time that
something changes: that is the same reading, and writes nothing more for ``OPEN_FOR``.
"""

from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from quenotte.base.audit import operations as audit
from quenotte.base.audit import queries as journal
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.rules import may
from quenotte.care.agenda.models import Appointment

#: How long what a person opened stays open to her: one working day.
OPEN_FOR = timedelta(hours=12)


def open_day(actor: Actor, day: date) -> None:
    """Open the agenda of a day: one line in the journal.

    Raises: PermissionDenied when the role has nothing to do with the agenda.
    """
    open_window(actor, day, 1)


def open_window(actor: Actor, first: date, days: int) -> None:
    """Open some days of the agenda: one line in the journal.

    Raises: PermissionDenied when the role has nothing to do with the agenda.
    """
    _check(actor)
    _write(actor, Action.READ, first, days)


def opened_window(actor: Actor, first: date, days: int) -> None:
    """Let an open page draw its days again; it is opened when it was not.

    Raises: PermissionDenied when the role has nothing to do with the agenda.
    """
    _check(actor)
    kind, object_id = _named(first, days)
    if not _is_open(actor, kind, object_id):
        _write(actor, Action.READ, first, days)


def print_day(actor: Actor, day: date) -> None:
    """Print the agenda of a day: names leave on paper, one line in the journal.

    Raises: PermissionDenied when the role has nothing to do with the agenda.
    """
    _check(actor)
    _write(actor, Action.PRINT, day, 1)


def open_appointment(actor: Actor, appointment_id: UUID) -> Appointment:
    """Open an appointment of the practice: one line, once for ``OPEN_FOR``.

    Raises: PermissionDenied when the role has nothing to do with the agenda; Http404 when the
    appointment is unknown or another practice's (a stranger is not told which).
    """
    _check(actor)
    appointment = Appointment.objects.filter(
        id=appointment_id, practice_id=actor.own_practice_id
    ).first()
    if appointment is None:
        raise Http404
    if not _is_open(actor, "appointment", str(appointment_id), appointment.patient_id):
        audit.record(
            action=Action.READ,
            actor=actor,
            patient_id=appointment.patient_id,
            object_kind="appointment",
            object_id=str(appointment_id),
        )
    return appointment


def _check(actor: Actor) -> None:
    if not may(actor.roles, "agenda.read"):
        raise PermissionDenied


def _named(first: date, days: int) -> tuple[str, str]:
    """Return how the journal names some days: « day 2026-03-17 », « days 2026-03-16/7 »."""
    return ("day", first.isoformat()) if days == 1 else ("days", f"{first.isoformat()}/{days}")


def _is_open(actor: Actor, kind: str, object_id: str, patient_id: UUID | None = None) -> bool:
    since = timezone.now() - OPEN_FOR
    return journal.has_looked(actor, kind, object_id, patient_id=patient_id, since=since)


def _write(actor: Actor, action: Action, first: date, days: int) -> None:
    kind, object_id = _named(first, days)
    audit.record(action=action, actor=actor, object_kind=kind, object_id=object_id)
