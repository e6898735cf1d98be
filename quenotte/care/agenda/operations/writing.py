"""How a change of an appointment is written: locked, checked against its version, traced.

Locks are taken in one order: practitioner, chair, appointment, then the head of the journal.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live.operations import publish
from quenotte.care.agenda import queries, rules
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.queries.kept import EVENT
from quenotte.kernel.dates import clock
from quenotte.kernel.errors import Refusal

#: Who hears that the agenda changed: those who may read it.
AUDIENCE = "agenda.read"
KIND = "appointment"
_PINNING = frozenset({"pin", "unpin"})


class NoSuchAppointment(Refusal):
    """The appointment is not one of this practice."""

    message = _("Ce rendez-vous n’existe pas dans votre cabinet. Rien n’a été modifié.")


class ChangedMeanwhile(Refusal):
    """Somebody changed this appointment after it was shown; nothing was overwritten.

    ``who`` did ``what`` (words) at ``at``; ``version`` is the one to read again.
    """

    def __init__(self, *, version: int, what: str, who: str, at: datetime) -> None:
        super().__init__(
            _(
                "Ce rendez-vous a changé entre-temps : %(what)s par %(who)s à %(time)s. "
                "Rien n’a été écrasé."
            )
            % {"what": what, "who": who, "time": clock(timezone.localtime(at))},
            next_step=_("Relisez-le, puis recommencez si besoin."),
        )
        self.version, self.what, self.who, self.at = version, what, who, at


class NoLongerThere(Refusal):
    """What is over, missed or cancelled stays where it was."""

    def __init__(self, *, status: str) -> None:
        super().__init__(
            _("Ce rendez-vous est « %(status)s » : il ne peut plus être modifié ainsi.")
            % {"status": Appointment.Status(status).label},
            next_step=_(
                "Rien n’a été modifié. Annulez d’abord sa dernière étape, ou prenez-en un autre."
            ),
        )
        self.status = status


def locked(actor: Actor, appointment_id: UUID, expected_version: int | None) -> Appointment:
    """Return the appointment, held until the transaction ends.

    ``expected_version`` None takes whatever version there is.

    Raises: NoSuchAppointment; ChangedMeanwhile.
    """
    found = Appointment.objects.select_for_update(no_key=True).filter(
        id=appointment_id, practice_id=actor.own_practice_id
    )
    appointment = found.first()
    if appointment is None:
        raise NoSuchAppointment
    if expected_version is not None and appointment.version != expected_version:
        raise changed_meanwhile(appointment)
    return appointment


def changed_meanwhile(appointment: Appointment) -> ChangedMeanwhile:
    """Return the refusal that says who changed this appointment last, what and when."""
    last = next(iter(queries.history(appointment.id, appointment.patient_id, limit=1)), None)
    return ChangedMeanwhile(
        version=appointment.version,
        what=last.words if last else str(_("modifié")),
        who=last.who if last else str(_("quelqu’un")),
        at=last.at if last else appointment.updated_at,
    )


def still_on(appointment: Appointment) -> None:
    """Refuse to change what occupies nobody any more. Raises: NoLongerThere."""
    if appointment.status in rules.OFF:
        raise NoLongerThere(status=appointment.status)


def still_movable(appointment: Appointment, to: datetime | None = None) -> None:
    """Refuse to carry elsewhere what has begun or is over.

    ``to`` None means another day that is not known yet. Raises: NoLongerThere.
    """
    is_same_day = to is not None and local_day(to) == local_day(appointment.starts_at)
    if not rules.may_move(appointment.status, is_same_day=is_same_day):
        raise NoLongerThere(status=appointment.status)


def save(appointment: Appointment, fields: Iterable[str]) -> None:
    """Write these columns with the next version."""
    appointment.version += 1
    appointment.save(update_fields=[*fields, "version", "updated_at"])


def trace(
    actor: Actor,
    appointment: Appointment,
    what: str,
    *,
    detail: Mapping[str, Scalar] | None = None,
    days: Iterable[date] = (),
    action: Action = Action.CHANGE,
) -> None:
    """Write the line of a change of an appointment and tell the open pages; call it last.

    ``days`` are those that it touches beside its own.
    """
    touched = {*days, local_day(appointment.starts_at)}
    pinned = {"pins": what} if what in _PINNING else {}
    tell(
        actor,
        touched,
        **pinned,
        appointment=str(appointment.id),
        patient=str(appointment.patient_id),
    )
    audit.record(
        action=action,
        actor=actor,
        patient_id=appointment.patient_id,
        object_kind=KIND,
        object_id=str(appointment.id),
        detail={"action": what, **(detail or {})},
    )


def tell(actor: Actor, days: Iterable[date], **ids: str) -> None:
    """Tell the open pages of the practice which days to draw again; ids only.

    No day at all means every day: opening hours or types changed. ``today`` says that today is
    one of them: the clock of a workstation may be wrong, ours decides.
    """
    touched = set(days)
    data: dict[str, Any] = {"days": sorted(day.isoformat() for day in touched), **ids}
    if timezone.localdate() in touched:
        data["today"] = True
    publish(practice_id=actor.own_practice_id, name=EVENT, data=data, audience=AUDIENCE)


def local_day(instant: datetime) -> date:
    """Return the day on the practice's wall clock."""
    return timezone.localdate(instant)


def code_of(instant: datetime) -> str:
    """Return an instant as a line of the journal keeps it: « 2026-03-17 09:30 », local."""
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M}"
