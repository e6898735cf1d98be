"""How a repository of the vault stands, told from its log line by line (plain decisions)."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from quenotte.devices.media.vault.rules import Kind, charged, uses_reserve

HOUR_US: Final = 3_600_000_000
DAY_US: Final = 24 * HOUR_US
#: Between the second person's word and the moment when a repository may go.
RETIREMENT_US: Final = 14 * DAY_US
#: The ceremony ends by itself so long after the first key, or with the first snapshot.
CEREMONY_US: Final = 7 * DAY_US
#: How long keys may be added after two persons reopened the ceremony.
REOPENED_US: Final = DAY_US


class Event(StrEnum):
    """What a line of the log says; an object's line bears its kind instead."""

    CREATED = "created"
    HEALED = "healed"
    CLOSED = "closed"
    ASKED_RETIRE = "provider-retire"
    ASKED_REOPEN = "provider-reopen"
    AGREED_RETIRE = "practice-retire"
    AGREED_REOPEN = "practice-reopen"
    CANCELLED = "cancelled"
    RETIRED = "retired"


class Wish(StrEnum):
    """What takes two persons."""

    RETIRE = "retire"
    REOPEN = "reopen"


class Line(NamedTuple):
    """One line of the log. ``at``: microseconds since 1970, by the vault's own clock."""

    number: int
    at: int
    event: str
    name: str
    size: int
    by: str
    previous: str


class Received(NamedTuple):
    """When an object came (microseconds since 1970) and how long it is (bytes)."""

    at: int
    size: int


@dataclass
class _Said:
    by_provider: int = 0
    by_practice: int = 0

    @property
    def both(self) -> int:
        """When the second of the two spoke; 0 while one is missing."""
        return max(self.by_provider, self.by_practice) if self.by_provider * self.by_practice else 0


_SPOKEN: Final = {
    Event.ASKED_RETIRE: (Wish.RETIRE, "by_provider"),
    Event.ASKED_REOPEN: (Wish.REOPEN, "by_provider"),
    Event.AGREED_RETIRE: (Wish.RETIRE, "by_practice"),
    Event.AGREED_REOPEN: (Wish.REOPEN, "by_practice"),
}
_KINDS: Final = {str(kind): kind for kind in Kind}


@dataclass
class Standing:
    """All that a repository's log amounts to."""

    objects: dict[tuple[Kind, str], Received] = field(default_factory=dict)
    config_hash: str = ""
    bytes_held: int = 0
    is_retired: bool = False
    #: When something that is not of the journal came last, in microseconds since 1970; 0 before.
    put_at: int = 0
    _first_key_at: int = 0
    _closed_at: int = 0
    _said: dict[Wish, _Said] = field(default_factory=lambda: {wish: _Said() for wish in Wish})
    #: Day (since 1970) and what came on it: bytes and objects, the reserve's and the others'.
    _day: int = -1
    _day_bytes: list[int] = field(default_factory=lambda: [0, 0])
    _day_count: list[int] = field(default_factory=lambda: [0, 0])

    def apply(self, line: Line) -> None:
        """Take one more line of the log into account."""
        kind = _KINDS.get(line.event)
        if kind is not None:
            self._receive(kind, line)
        elif line.event in _SPOKEN:
            wish, who = _SPOKEN[Event(line.event)]
            setattr(self._said[wish], who, line.at)
        elif line.event == Event.CLOSED:
            self._closed_at = line.at
            self._said[Wish.REOPEN] = _Said()
        elif line.event == Event.CANCELLED:
            self._said = {wish: _Said() for wish in Wish}
        elif line.event == Event.RETIRED:
            self.is_retired = True

    def _receive(self, kind: Kind, line: Line) -> None:
        name = line.name
        if kind is Kind.CONFIG:
            # The config is not named after its content: the log remembers it.
            self.config_hash, name = line.name, ""
        self.objects[kind, name] = Received(line.at, line.size)
        self.bytes_held += line.size
        if kind is Kind.KEYS:
            self._first_key_at = self._first_key_at or line.at
        if kind is Kind.SNAPSHOTS:
            # Packs come with each radiograph, steps of the journal each minute: neither is a copy.
            self.put_at = line.at
            self._closed_at = self._closed_at or line.at
        self._count(kind, line)

    def _count(self, kind: Kind, line: Line) -> None:
        day = line.at // DAY_US
        if day != self._day:
            self._day, self._day_bytes, self._day_count = day, [0, 0], [0, 0]
        is_small = uses_reserve(kind, line.size)
        self._day_bytes[is_small] += charged(line.size) if is_small else line.size
        self._day_count[is_small] += 1

    def used_on(self, now: int, *, by_small_deltas: bool) -> int:
        """Return the bytes that came on the day of ``now`` (UTC); of small deltas, as charged."""
        return self._day_bytes[by_small_deltas] if now // DAY_US == self._day else 0

    def count_on(self, now: int, *, by_small_deltas: bool) -> int:
        """Return how many objects came on the day of ``now`` (UTC)."""
        return self._day_count[by_small_deltas] if now // DAY_US == self._day else 0

    @property
    def has_words(self) -> bool:
        """Tell whether somebody said something that can be taken back."""
        return any(said.by_provider or said.by_practice for said in self._said.values())

    @property
    def begun_at(self) -> int:
        """Return when the first key came, in microseconds since 1970; 0 before."""
        return self._first_key_at

    def is_reopened(self, now: int) -> bool:
        """Tell whether two persons reopened the ceremony: a holder left, a sheet was lost."""
        reopened_at = self._said[Wish.REOPEN].both
        return bool(reopened_at) and now < reopened_at + REOPENED_US

    def are_keys_open(self, now: int) -> bool:
        """Tell whether keys and config may still come.

        Two persons may reopen a closed ceremony for a day.
        """
        if self.is_reopened(now):
            return True
        if self._closed_at:
            return False
        return not self._first_key_at or now < self._first_key_at + CEREMONY_US

    def retires_at(self) -> int | None:
        """Return when this repository may go; None while somebody's word is missing."""
        both = self._said[Wish.RETIRE].both
        return both + RETIREMENT_US if both else None

    def said(self) -> dict[str, dict[str, int]]:
        """Return who has spoken for what, and when (microseconds; 0: not yet)."""
        return {
            str(wish): {"provider": said.by_provider, "practice": said.by_practice}
            for wish, said in self._said.items()
        }
