"""Who is at the keyboard: decisions on plain values, no clock, no database."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final


class State(StrEnum):
    """Where a login at a workstation stands. Values are stored."""

    OPEN = "ouverte"
    LOCKED = "verrouillee"
    SWAPPED = "echangee"
    CLOSED = "fermee"


#: The states in which a session is still somebody's at her workstation.
ALIVE: Final = frozenset({State.OPEN, State.LOCKED})


class Step(StrEnum):
    """What may happen to it."""

    LOCK = "lock"
    UNLOCK = "unlock"
    SWAP = "swap"
    RESUME = "resume"
    CLOSE = "close"


#: The role that an emergency grant lends, for one record; the permission table knows it.
GLASS: Final = "bris-de-glace"

#: The one table of transitions. A login that is closed stays closed.
STEPS: Final[Mapping[tuple[State, Step], State]] = {
    (State.OPEN, Step.LOCK): State.LOCKED,
    (State.LOCKED, Step.UNLOCK): State.OPEN,
    (State.LOCKED, Step.SWAP): State.SWAPPED,
    (State.SWAPPED, Step.RESUME): State.OPEN,
    (State.OPEN, Step.CLOSE): State.CLOSED,
    (State.LOCKED, Step.CLOSE): State.CLOSED,
    (State.SWAPPED, Step.CLOSE): State.CLOSED,
}

#: A full login is good so long, in seconds: one working day.
LOGIN_LENGTH_S: Final = 12 * 3600
#: Rights, exports and the journal ask for a proof younger than this, in seconds.
PROOF_LENGTH_S: Final = 300
#: A record opened in an emergency stays open so long, in seconds.
GRANT_LENGTH_S: Final = 3600
#: What was typed just before the lock may still arrive so long after it, in seconds.
LAST_WORDS_S: Final = 60
#: Input is written this often at most, in seconds: a page costs no write.
INPUT_STEP_S: Final = 15
#: Clocks are set back by some seconds every day; more is a jump, in seconds.
CLOCK_SLACK_S: Final = 60
#: After closing, a locked login ends this much later, in minutes.
CLOSING_GRACE_MIN: Final = 30
#: Wrong PINs before a full login is needed.
PIN_TRIES: Final = 5


class ForbiddenStep(ValueError):
    """A login in this state does not do that."""


def after(state: State, step: Step) -> State:
    """Return the state that follows. Raises: ForbiddenStep."""
    try:
        return STEPS[state, step]
    except KeyError:
        raise ForbiddenStep(f"{state} does not {step}") from None


def froms(step: Step) -> list[str]:
    """Return the states from which ``step`` may happen."""
    return [state.value for state, possible in STEPS if possible is step]


def is_idle(*, now: datetime, last_input_at: datetime, idle_s: int) -> bool:
    """Tell whether nobody has touched the keyboard for ``idle_s`` seconds.

    An input later than now means that the clock was set back: nobody can tell any more how
    long ago it was, so it counts as idle. Locking loses nothing, staying open might.
    """
    elapsed_s = (now - last_input_at).total_seconds()
    return elapsed_s >= idle_s or elapsed_s < -CLOCK_SLACK_S


def input_step_s(idle_s: int) -> float:
    """Return how long after an input the next one is written, in seconds.

    A short delay wants a short step: else somebody who types is locked out between two.
    """
    return min(INPUT_STEP_S, idle_s / 4)


def is_recent(*, now: datetime, at: datetime | None, length_s: int) -> bool:
    """Tell whether ``at`` lies less than ``length_s`` seconds before now; the future does not."""
    if at is None:
        return False
    elapsed_s = (now - at).total_seconds()
    return -CLOCK_SLACK_S <= elapsed_s < length_s


_PIN: Final = re.compile(r"[0-9]{6}")


def is_pin(text: str) -> bool:
    """Tell whether ``text`` has the form of a PIN: six digits (ASCII)."""
    return _PIN.fullmatch(text) is not None


def is_weak_pin(pin: str) -> bool:
    """Tell whether a PIN would be among the first that somebody tries.

    All the same digit, a run up or down, two or three digits repeated, a mirror.
    """
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return True
    if pin[:2] * 3 == pin or pin[:3] * 2 == pin:
        return True
    return pin == pin[::-1] or len(set(pin)) < 3


def pin_secret(*, workstation_key: str, person_id: str, pin: str) -> str:
    """Return what is hashed for a PIN: 64 hex characters of HMAC-SHA-256 (RFC 2104).

    Keyed with the random cookie of the workstation, of which the database knows a digest
    only: whoever steals the database cannot try the million PINs.
    """
    message = f"quenotte.pin {person_id} {pin}".encode()
    key = workstation_key.encode("utf-8", "surrogateescape")
    return hmac.digest(key, message, hashlib.sha256).hex()


@dataclass(frozen=True)
class Slot:
    """When a role works on one day: local times of the practice, half-open."""

    weekday: int
    opens_at: time
    closes_at: time


def is_within(slots: Sequence[Slot], moment: datetime) -> bool:
    """Tell whether a role works at ``moment`` (local); a role without hours always does."""
    if not slots:
        return True
    return any(
        slot.weekday == moment.weekday() and slot.opens_at <= moment.time() < slot.closes_at
        for slot in slots
    )


def is_over(slots: Sequence[Slot], moment: datetime) -> bool:
    """Tell whether a login that is locked at ``moment`` (local) ends: half an hour past closing."""
    earlier = moment - timedelta(minutes=CLOSING_GRACE_MIN)
    return not is_within(slots, moment) and not is_within(slots, earlier)


def is_factor_due(
    *, runs_practice: bool, has_factor: bool, since_days: int, grace_days: int
) -> bool:
    """Tell whether a person must set a second factor up before anything else.

    Whoever opens accounts must, once the grace of her practice is over; at a provider's, everybody.
    """
    return runs_practice and not has_factor and since_days >= grace_days


def initials(full_name: str) -> str:
    """Return the letters by which colleagues know a person, her name left out: « AK »."""
    words = [word for word in full_name.replace("-", " ").split() if word not in {"Dr", "Pr"}]
    chosen = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in chosen).upper()
