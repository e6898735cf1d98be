"""Leave of a practitioner, and days on which the whole practice is closed."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import queries as people
from quenotte.care.agenda import queries, rules
from quenotte.care.agenda.models import Leave
from quenotte.care.agenda.operations import writing
from quenotte.care.agenda.operations.obstacles import NoSuchColumn
from quenotte.kernel.errors import Refusal

_LONGEST = timedelta(days=3 * 366)


class BadLeave(Refusal):
    """It ends before it begins, or lasts for years."""

    message = _(
        "Ces dates ne font pas un congé : la fin doit suivre le début, de trois ans au plus. "
        "Rien n’a été enregistré."
    )


class NoSuchLeave(Refusal):
    """It was removed already, or belongs to another practice."""

    message = _("Ce congé n’existe plus. Rien n’a été modifié.")


@transaction.atomic
def add_leave(
    *,
    actor: Actor,
    starts_at: datetime,
    ends_at: datetime,
    kind: str,
    practitioner_id: UUID | None = None,
) -> tuple[Leave, int]:
    """Note a half-open absence, of the whole practice when no practitioner is named.

    Returns it with the number of appointments inside: they stay, somebody has to move them.

    Raises: BadLeave, NoSuchColumn; ValueError for an unknown kind.
    """
    if not timedelta(0) < ends_at - starts_at <= _LONGEST:
        raise BadLeave
    if practitioner_id and people.account(actor.own_practice_id, practitioner_id) is None:
        raise NoSuchColumn
    leave = Leave.objects.create(
        practice_id=actor.own_practice_id,
        practitioner_id=practitioner_id,
        starts_at=starts_at,
        ends_at=ends_at,
        kind=Leave.Kind(kind).value,
    )
    period = rules.Period(starts_at, ends_at)
    count = queries.within(actor.own_practice_id, period, practitioner_id).count()
    _traced(actor, leave, Action.CREATE, "added", count)
    return leave, count


@transaction.atomic
def remove_leave(*, actor: Actor, leave_id: UUID) -> None:
    """Take an absence back. Raises: NoSuchLeave."""
    leave = (
        Leave.objects.select_for_update(no_key=True)
        .filter(id=leave_id, practice_id=actor.own_practice_id)
        .first()
    )
    if leave is None:
        raise NoSuchLeave
    leave.delete()
    _traced(actor, leave, Action.CHANGE, "removed", 0, leave_id)


def _traced(
    actor: Actor, leave: Leave, action: Action, state: str, count: int, leave_id: UUID | None = None
) -> None:
    writing.tell(actor, ())
    audit.record(
        action=action,
        actor=actor,
        object_kind="leave",
        object_id=str(leave_id or leave.id),
        detail={
            "state": state,
            "count": count,
            "from": f"{timezone.localtime(leave.starts_at):%Y-%m-%d %H:%M}",
            "to": f"{timezone.localtime(leave.ends_at):%Y-%m-%d %H:%M}",
        },
    )
