"""Reads of the calls: what rings here, and how the calls sent from here stand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, QuerySet

from quenotte.base.audit.rules import Actor
from quenotte.base.practice import queries as practices
from quenotte.base.prepared import prepared
from quenotte.care.desk.models import Bell, Call, CallAnswer, CallKind
from quenotte.care.desk.rules.calls import (
    LINGER_S,
    Answer,
    Ear,
    State,
    Target,
    Told,
    is_shown_to_caller,
    reaches,
    state_of,
)

#: No workstation has this number.
_NOWHERE: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Button:
    """A prepared call as every screen shows it."""

    id: UUID
    label: str
    tone: str
    key: str


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page of a workstation needs to know of the calls."""

    buttons: list[Button]
    is_muted: bool
    has_calls: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A call that rings at this screen. ``ring`` changes each time it must be heard again."""

    id: UUID
    label: str
    place: str
    caller: str
    tone: str
    sound: str
    ring: str
    sent_at: datetime
    left_s: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A call sent from here and what came back: (name, answer, instant)."""

    id: UUID
    label: str
    place: str
    state: State
    sent_at: datetime
    left_s: int
    kind_id: UUID
    answers: list[tuple[str, str, datetime]] = field(default_factory=list)

    @property
    def taken_by(self) -> str:
        """Who is on her way, or ""."""
        return next((name for name, said, _ in self.answers if said == Answer.COMING), "")

    @property
    def seen_by(self) -> str:
        """Who has seen the call, or ""."""
        return ", ".join(name for name, said, _ in self.answers if said == Answer.SEEN)


def shell(practice_id: UUID, workstation_id: UUID | None, now: datetime) -> Shell:
    """Return the practice's calls in order, and whether anything rings: one query a page."""
    since = now - timedelta(seconds=LINGER_S)
    found = _shell_rows(practice_id, workstation_id or _NOWHERE, since)
    return Shell(
        buttons=[Button(*row[:4]) for row in found if row[4]],
        is_muted=bool(found and found[0][5]),
        has_calls=bool(found and found[0][6]),
    )


@prepared
def _shell_rows(
    practice_id: UUID, workstation_id: UUID, since: datetime
) -> QuerySet[CallKind, tuple[Any, ...]]:
    muted = Bell.objects.filter(workstation_id=workstation_id, is_muted=True)
    # Those taken off the list too: a call of theirs may still ring.
    rows = CallKind.objects.filter(practice_id=practice_id).annotate(
        is_muted=Exists(muted), has_calls=Exists(_calls_since(practice_id, since))
    )
    return rows.values_list("id", "label", "tone", "key", "is_active", "is_muted", "has_calls")


def kinds(practice_id: UUID) -> QuerySet[CallKind]:
    """Return the list of calls of a practice, in order."""
    return CallKind.objects.filter(practice_id=practice_id, is_active=True)


def removed_kinds(practice_id: UUID) -> QuerySet[CallKind]:
    """Return the calls that were taken off the list."""
    return CallKind.objects.filter(practice_id=practice_id, is_active=False).order_by("label")


def open_call(
    kind_id: UUID, caller_id: UUID, workstation_id: UUID | None, now: datetime
) -> Call | None:
    """Return the call of this kind that still rings from the same place, or None."""
    calls = Call.objects.filter(
        kind_id=kind_id, expires_at__gt=now, taken_at=None, withdrawn_at=None
    )
    if workstation_id is None:
        return calls.filter(caller_id=caller_id, workstation_id=None).first()
    return calls.filter(workstation_id=workstation_id).first()


def ear_of(actor: Actor, workstation_id: UUID | None) -> Ear:
    """Return who listens at a screen; one query."""
    return Ear(actor.own_person_id, actor.roles, workstation_id, practices.room_of(workstation_id))


def is_heard_by(call: Call, ear: Ear) -> bool:
    """Tell whether a call rings at a screen."""
    return reaches(_told(call), ear)


def state(call: Call, now: datetime) -> State:
    """Return how far a call has come."""
    return state_of(
        now, expires_at=call.expires_at, taken_at=call.taken_at, withdrawn_at=call.withdrawn_at
    )


def calls_at(
    actor: Actor, workstation_id: UUID | None, now: datetime
) -> tuple[list[Heard], list[Sent]]:
    """Return what rings at a screen and what was sent from it, the newest first.

    One query when nothing happens.
    """
    calls = list(_recent(actor.own_practice_id, now).select_related("caller"))
    if not calls:
        return [], []
    answers: dict[UUID, list[CallAnswer]] = {call.id: [] for call in calls}
    for said in CallAnswer.objects.filter(call__in=calls).select_related("person"):
        answers[said.call_id].append(said)
    ear = Ear(actor.own_person_id, actor.roles, workstation_id)
    if any(call.target == Target.ROOM for call in calls):
        ear = ear_of(actor, workstation_id)
    heard = [
        _heard(call, now)
        for call in calls
        if state(call, now) == State.OPEN
        and is_heard_by(call, ear)
        and not _has_answered(call, answers[call.id], ear)
    ]
    sent = [_sent(call, answers[call.id], now) for call in calls if _is_ours(call, ear, now)]
    return heard, sent


def _recent(practice_id: UUID, now: datetime) -> QuerySet[Call]:
    """Return the calls that some screen may still have to show."""
    return _calls_since(practice_id, now - timedelta(seconds=LINGER_S))


def _calls_since(practice_id: UUID, since: datetime) -> QuerySet[Call]:
    return Call.objects.filter(practice_id=practice_id, expires_at__gt=since, withdrawn_at=None)


def _told(call: Call) -> Told:
    return Told(call.target, call.role, call.room_id, call.caller_id, call.workstation_id)


def _has_answered(call: Call, answers: list[CallAnswer], ear: Ear) -> bool:
    # « Vu » quiets this ring, not the next one.
    return any(one.person_id == ear.person_id and one.at >= call.rang_at for one in answers)


def _is_ours(call: Call, ear: Ear, now: datetime) -> bool:
    here = call.workstation_id is not None and call.workstation_id == ear.workstation_id
    if call.caller_id != ear.person_id and not here:
        return False
    return is_shown_to_caller(
        now, expires_at=call.expires_at, taken_at=call.taken_at, closed_at=call.closed_at
    )


def _left_s(call: Call, now: datetime) -> int:
    return max(0, round((call.expires_at - now).total_seconds()))


def _heard(call: Call, now: datetime) -> Heard:
    return Heard(
        id=call.id,
        label=call.label,
        place=call.place,
        caller=call.caller.full_name,
        tone=call.tone,
        sound=call.sound,
        ring=f"{call.id}:{call.rings}",
        sent_at=call.sent_at,
        left_s=_left_s(call, now),
    )


def _sent(call: Call, answers: list[CallAnswer], now: datetime) -> Sent:
    return Sent(
        id=call.id,
        label=call.label,
        place=call.place,
        state=state(call, now),
        sent_at=call.sent_at,
        left_s=_left_s(call, now),
        kind_id=call.kind_id,
        answers=[(one.person.full_name, one.answer, one.at) for one in answers],
    )
