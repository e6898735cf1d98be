"""Decisions about incidents and messages, on plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from quenotte.kernel.posture.hysteresis import Damping, Event, Memory, observe
from quenotte.kernel.posture.storms import TOGETHER
from quenotte.kernel.posture.terms import Severity, State


class Standing(StrEnum):
    """Whether an open incident asks for somebody; the first that holds of its findings. Stored."""

    TOLD = "told"
    #: A silence that may still turn out to be a storm.
    WAITING = "waiting"
    #: A storm explains it.
    HELD = "held"
    #: Within a maintenance window.
    MUTED = "muted"
    #: Borne, by an exemption.
    BORNE = "borne"


class Kind(StrEnum):
    """What happens to an incident. Values are stored."""

    OPENED = "opened"
    REOPENED = "reopened"
    WORSENED = "worsened"
    #: Another machine has the same fault, or the same machine another one that is as grave.
    JOINED = "joined"
    UNSTABLE = "unstable"
    #: A storm that does not end; said once.
    LASTING = "lasting"
    HELD = "held"
    MUTED = "muted"
    BORNE = "borne"
    BACK = "back"
    TAKEN = "taken"
    RELEASED = "released"
    NOTED = "noted"
    ANSWERED = "answered"
    CLOSED = "closed"


class Way(StrEnum):
    """How somebody is told. Values are stored."""

    PUSH = "push"
    MAIL = "mail"
    SMS = "sms"


class Sent(StrEnum):
    """Where a message is. Values are stored."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    #: It was of no use any more before it left.
    DROPPED = "dropped"


class Answer(StrEnum):
    """What a practice may answer to a subject of its digest. Values are stored and signed."""

    FIXED = "fixed"
    LATER = "later"
    CALL = "call"


#: An incident opens with its first finding and closes with its last; two openings within a day
#: are one incident, the third makes it unstable.
DAMPING: Final = Damping(opens_after=1, opens_within=None, closes_after=1, flaps=4)
#: Whoever comes back within that time is the same incident.
SAME_WITHIN: Final = timedelta(hours=24)
#: So long a sudden silence may still turn out to be one of many.
STORM_PATIENCE: Final = TOGETHER
#: A workstation that is on is heard so long after its practice opened.
ON_AFTER: Final = timedelta(minutes=45)
#: How many new incidents a technician may be given a day before nobody reads them any more.
BUDGET: Final = 12
#: The rules look each twenty seconds; after so long without a look the pages warn.
LOOK_PATIENCE: Final = timedelta(minutes=2)
#: A message that may leave leaves within a minute; one that waits longer is told to a monitor.
SEND_PATIENCE: Final = timedelta(minutes=5)
#: A claim on a message holds longer than any server may take.
LEASE: Final = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 8
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=2)
_LONGEST_REST: Final = timedelta(minutes=15)
#: How long a link of a digest opens.
LINK_LENGTH: Final = timedelta(days=21)


#: The practice's own light over all its copies: what else is broken of them says why it is red.
LIGHT: Final = "backup_light"
#: What one rule says, the other says already.
_SAID_BY: Final = {"backup_fresh": "backup_overdue"}
#: So many broken rules of a practice itself are named in one line, the gravest with them.
MOST_NAMED: Final = 3


def named_beside(first: str, others: Sequence[str]) -> list[str]:
    """Return the rules that are named beside the gravest; ``others``: each once, the gravest first.

    What another of them says already is left out.
    """
    broken = {first, *others}
    left = [one for one in others if one != first and _SAID_BY.get(one) not in broken]
    return left[: MOST_NAMED - 1]


#: Between two levels of gravity (``kernel.posture.gravity``): more than any instant, and ten of
#: them are less than a severity.
LEVEL: Final = 10**10


def rank(severity: str, since: datetime) -> int:
    """Return a number to sort by: the gravest first, then the oldest."""
    return Severity(severity).weight * 10**11 + int(since.timestamp())


def ranks_of(severity: Severity) -> tuple[int, int]:
    """Return the ranks of a severity, half-open."""
    return severity.weight * 10**11, (severity.weight + 1) * 10**11


def is_young(opened_at: datetime, now: datetime) -> bool:
    """Tell whether a sudden silence may still be one of many."""
    return now - opened_at < STORM_PATIENCE


@dataclass(frozen=True, slots=True)
class Told:
    """What is remembered of an incident between two looks."""

    is_open: bool
    #: Something of it was found last time.
    was_found: bool = False
    flips: tuple[datetime, ...] = ()
    told_unstable_at: datetime | None = None


def looked(told: Told, *, is_found: bool, now: datetime) -> tuple[Told, Event | None]:
    """Take in whether anything of an incident is found now; return what there is to tell."""
    memory = Memory(
        is_open=told.is_open,
        bad_run=int(told.was_found),
        good_run=int(not told.was_found and bool(told.flips)),
        flips=told.flips,
        told_unstable_at=told.told_unstable_at,
    )
    after, event = observe(memory, State.BAD if is_found else State.OK, now, DAMPING)
    return Told(after.is_open, is_found, after.flips, after.told_unstable_at), event


def is_look_late(looked_at: datetime | None, now: datetime) -> bool:
    """Tell whether the rules stopped looking: what the pages show is older than it seems."""
    return looked_at is None or now - looked_at > LOOK_PATIENCE


def is_unstable(flips: Sequence[datetime], now: datetime) -> bool:
    """Tell whether something changed its mind so often within a day that nobody counts."""
    return len(flips) >= DAMPING.flaps and now - flips[0] < DAMPING.flap_window


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: each wait twice the one before."""
    return min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT)


def rest_after(fails_for: timedelta) -> timedelta:
    """Return how long a way that fails is left in peace: half as long again as it has failed."""
    return min(max(fails_for / 2, _FIRST_WAIT), _LONGEST_REST)


@dataclass(frozen=True, slots=True)
class Shift:
    """When somebody is on duty: days of the week (Monday is 0), hours of the wall clock.

    Equal hours are the whole day; a shift that ends before it begins goes over midnight and
    belongs to the day on which it began.
    """

    weekdays: frozenset[int]
    from_hour: int
    to_hour: int

    def holds(self, at: datetime, zone: ZoneInfo) -> bool:
        """Tell whether an instant lies in it."""
        local = at.astimezone(zone)
        if self.from_hour == self.to_hour:
            return local.weekday() in self.weekdays
        if self.from_hour < self.to_hour:
            is_within = self.from_hour <= local.hour < self.to_hour
            return is_within and local.weekday() in self.weekdays
        if local.hour >= self.from_hour:
            return local.weekday() in self.weekdays
        return local.hour < self.to_hour and (local.weekday() - 1) % 7 in self.weekdays

    def next_start(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when it begins next after an instant that lies outside of it; None: never."""
        local = at.astimezone(zone).replace(minute=0, second=0, microsecond=0)
        for hours in range(1, 8 * 24):
            later = (local + timedelta(hours=hours)).astimezone(zone)
            if self.holds(later, zone):
                return later
        return None


def due_of(shifts: Sequence[Shift], now: datetime, zone: ZoneInfo) -> list[datetime | None]:
    """Return when each of several people is told something urgent; None: she is not.

    Who is on duty is told now, and nobody else. When nobody is, each is told when her next duty
    begins; people without any day are told at once, so that somebody is.
    """
    if any(one.holds(now, zone) for one in shifts):
        return [now if one.holds(now, zone) else None for one in shifts]
    return [one.next_start(now, zone) or now for one in shifts]
