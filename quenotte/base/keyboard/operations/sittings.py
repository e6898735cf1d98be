"""Logins at workstations: opened, locked, closed; each step once, and one line for each."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.keyboard.access import SITTING
from quenotte.base.keyboard.models import Sitting
from quenotte.base.keyboard.queries import Login, is_off_hours, look
from quenotte.base.keyboard.rules import (
    ALIVE,
    LOGIN_LENGTH_S,
    STEPS,
    State,
    Step,
    froms,
    input_step_s,
)
from quenotte.base.live.operations import publish
from quenotte.base.practice.access import SEAT, remembered, seat_of_key

#: Logins that are over are kept so long, for « dernière activité ».
_KEPT = timedelta(days=365)


def stepped(sitting_id: UUID, step: Step, **fields: Any) -> bool:
    """Take one step of the table; False when the login is not where it starts from.

    One statement decides: of two requests that try the same step, one wins.
    """
    target = next(state for (_, possible), state in STEPS.items() if possible is step)
    found = Sitting.objects.filter(id=sitting_id, state__in=froms(step))
    return found.update(state=target.value, **fields) == 1


def open_sitting(*, person_id: UUID, practice_id: UUID, role: str, needs_factor: bool) -> Sitting:
    """Open the login of somebody who has just proved who she is; the caller writes the line."""
    now = timezone.now()
    return Sitting.objects.create(
        person_id=person_id,
        opened_at=now,
        last_input_at=now,
        proven_at=now,
        needs_factor=needs_factor,
        needs_reason=is_off_hours(practice_id, role),
    )


def seat(*, sitting_id: UUID, workstation_id: UUID) -> None:
    """Say at which workstation a login sits; what she left there before is over."""
    found = Sitting.objects.filter(id=sitting_id, workstation__isnull=True)
    if not found.update(workstation_id=workstation_id):
        return
    mine = Sitting.objects.get(id=sitting_id)
    left = Sitting.objects.filter(
        person_id=mine.person_id, workstation_id=workstation_id, state=State.SWAPPED.value
    )
    left.update(state=State.CLOSED.value, closed_at=timezone.now())


def touch(*, sitting_id: UUID, idle_s: int) -> None:
    """Note that somebody touched the keyboard; never opens what is locked.

    A clock that was set back writes at once: what it had noted lies in the future.
    """
    now = timezone.now()
    old = Q(last_input_at__lte=now - timedelta(seconds=input_step_s(idle_s))) | Q(
        last_input_at__gt=now
    )
    Sitting.objects.filter(old, id=sitting_id, state=State.OPEN.value).update(last_input_at=now)


@transaction.atomic
def lock(*, actor: Actor, sitting_id: UUID, how: str) -> bool:
    """Lock a login; its pages hear it. ``how``: « key », « idle », « clock »."""
    if not stepped(sitting_id, Step.LOCK, locked_at=timezone.now()):
        return False
    publish(
        practice_id=actor.own_practice_id,
        name="session.lock",
        data={"sitting": str(sitting_id)},
        person_id=actor.own_person_id,
    )
    traced(actor, Action.LOCK, sitting_id, how=how)
    return True


@transaction.atomic
def close(*, actor: Actor, sitting_id: UUID, how: str) -> bool:
    """Close a login for good and say how: « logout » writes no second line."""
    if not stepped(sitting_id, Step.CLOSE, closed_at=timezone.now()):
        return False
    if how != "logout":
        traced(actor, Action.LOGOUT, sitting_id, how=how)
    return True


def close_all(*, person_id: UUID, keep: UUID | None = None) -> int:
    """Close every login of a person but ``keep``; return how many. The caller writes the line."""
    mine = Sitting.objects.filter(person_id=person_id).exclude(state=State.CLOSED.value)
    if keep is not None:
        mine = mine.exclude(id=keep)
    return mine.update(state=State.CLOSED.value, closed_at=timezone.now())


def close_stale() -> int:
    """Close the logins of yesterday, forget those of last year; return how many were closed."""
    now = timezone.now()
    stale = Sitting.objects.exclude(state=State.CLOSED.value).filter(
        opened_at__lt=now - 2 * timedelta(seconds=LOGIN_LENGTH_S),
        last_input_at__lt=now - timedelta(seconds=LOGIN_LENGTH_S),
    )
    count = 0
    for sitting in stale.select_related("person", "workstation"):
        count += close(actor=_absent(sitting), sitting_id=sitting.id, how="expired")
    Sitting.objects.filter(closed_at__lt=now - _KEPT).delete()
    return count


def require_factor(*, person_id: UUID, is_required: bool) -> None:
    """Ask the open logins of a person for a second factor first, or no more."""
    mine = Sitting.objects.filter(person_id=person_id).exclude(state=State.CLOSED.value)
    mine.update(needs_factor=is_required)


def prove(*, actor: Actor, sitting_id: UUID, how: str) -> None:
    """Note that the person has just proved who she is by more than a PIN."""
    Sitting.objects.filter(id=sitting_id, state=State.OPEN.value).update(proven_at=timezone.now())
    record(
        action=Action.LOGIN,
        actor=actor,
        object_kind="session",
        object_id=str(sitting_id),
        detail={"purpose": "proof", "how": how},
    )


@transaction.atomic
def give_reason(*, actor: Actor, sitting_id: UUID, reason: str) -> None:
    """Keep why somebody works outside her hours; the gestionnaires are told."""
    mine = Sitting.objects.filter(id=sitting_id, state=State.OPEN.value)
    mine.update(needs_reason=False, reason=reason)
    publish(
        practice_id=actor.own_practice_id,
        name="people.notice",
        data={"kind": "off_hours"},
        audience="people.manage",
    )
    traced(actor, Action.LOGIN, sitting_id, purpose="off_hours", reason=reason)


@transaction.atomic
def refuse_stolen(*, actor: Actor, login: Login) -> None:
    """End a login that came from another browser than its own; the gestionnaires are told.

    ``actor`` is somebody not proven to be anybody; the line names the account.
    """
    stepped(login.id, Step.CLOSE, closed_at=timezone.now())
    publish(
        practice_id=actor.own_practice_id,
        name="people.notice",
        data={"kind": "stolen"},
        audience="people.manage",
    )
    record(
        action=Action.FAILURE,
        actor=actor,
        object_kind="account",
        object_id=str(login.person_id),
        result="refused",
        detail={"reason": "other_workstation"},
    )


def refuse_elsewhere(session: Mapping[str, Any], practice_id: UUID, workstation_key: str) -> bool:
    """Tell whether a session was carried to another browser than its own; then end its login.

    For what is answered without the door of the pages. Asks nothing of a session at its place,
    nor of one that no page has seated yet.
    """
    kept = session.get(SEAT)
    if kept is None or remembered(kept, workstation_key):
        return False
    login = look(session.get(SITTING))
    if login is None or login.state not in ALIVE:
        return False
    seat = seat_of_key(workstation_key)
    if seat is not None and UUID(seat.id) == login.workstation_id:
        return False
    actor = Actor(None, "", practice_id, seat.name if seat else "", "web")
    refuse_stolen(actor=actor, login=login)
    return True


def traced(actor: Actor, action: Action, sitting_id: UUID, **detail: str) -> None:
    """Write the line of one step."""
    record(
        action=action,
        actor=actor,
        object_kind="session",
        object_id=str(sitting_id),
        detail=detail,
    )


def _absent(sitting: Sitting) -> Actor:
    workstation = sitting.workstation.name if sitting.workstation else ""
    return Actor(
        person_id=sitting.person_id,
        person_label=sitting.person.full_name,
        practice_id=sitting.person.practice_id,
        workstation=workstation,
        source=SYSTEM.source,
    )
