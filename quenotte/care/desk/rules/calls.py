"""A call from room to room: whom it reaches, how it sounds, when it is over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID


class Target(StrEnum):
    """Whom a call is for. Values are stored."""

    EVERYONE = "everyone"
    ROLE = "role"
    ROOM = "room"


class Sound(StrEnum):
    """What the other screens play; each is drawn by the browser. Values are stored."""

    NONE = "none"
    CHIME = "chime"
    KNOCK = "knock"
    URGENT = "urgent"


class Tone(StrEnum):
    """The colour of a call, always beside its words. Values are stored."""

    INFO = "info"
    ATTENTION = "attention"
    DANGER = "danger"


class State(StrEnum):
    """How far a call has come at an instant."""

    OPEN = "open"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    OVER = "over"


class Answer(StrEnum):
    """What somebody says to a call. Values are stored."""

    SEEN = "seen"
    COMING = "coming"


#: Keys that no browser keeps for itself and that no text needs: one each for a call.
KEYS: Final = ("F4", "F8", "F9")
#: The key that answers « J’arrive » to the newest call; with the shift key « Vu ».
ANSWER_KEY: Final = "F2"
SHORTEST_S: Final = 30
LONGEST_S: Final = 1_800
USUAL_S: Final = 180
#: Calls that a practice keeps in its list: more buttons would not be found in a hurry.
MOST_KINDS: Final = 9
#: How long the caller still sees how her call ended, in seconds.
LINGER_S: Final = 60
#: A second press within this time is a trembling finger, not a second call, in seconds.
TREMBLE_S: Final = 2


@dataclass(frozen=True, slots=True)
class Ear:
    """Who listens at a screen, and in which room it stands."""

    person_id: UUID
    roles: Collection[str]
    workstation_id: UUID | None = None
    room_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A call as it was sent."""

    target: str
    role: str
    room_id: UUID | None
    caller_id: UUID
    workstation_id: UUID | None


def reaches(told: Told, ear: Ear) -> bool:
    """Tell whether a call rings at a screen: never where it was sent from, nor at its sender's."""
    if told.caller_id == ear.person_id:
        return False
    if told.workstation_id is not None and told.workstation_id == ear.workstation_id:
        return False
    if told.target == Target.ROLE:
        return told.role in ear.roles
    if told.target == Target.ROOM:
        return told.room_id is not None and told.room_id == ear.room_id
    return True


def state_of(
    now: datetime, *, expires_at: datetime, taken_at: datetime | None, withdrawn_at: datetime | None
) -> State:
    """Return how far a call has come; what happened first in words wins over the clock."""
    if withdrawn_at is not None:
        return State.WITHDRAWN
    if taken_at is not None:
        return State.TAKEN
    return State.OPEN if now < expires_at else State.OVER


def is_trembling(rang_at: datetime, now: datetime) -> bool:
    """Tell whether a second press came too soon to mean « once more »."""
    return abs(now - rang_at) < timedelta(seconds=TREMBLE_S)


def is_shown_to_caller(
    now: datetime, *, expires_at: datetime, taken_at: datetime | None, closed_at: datetime | None
) -> bool:
    """Tell whether the sender still sees her call; ``closed_at``: she put it away herself."""
    if closed_at is not None:
        return False
    ended_at = taken_at or expires_at
    return now < ended_at + timedelta(seconds=LINGER_S)
