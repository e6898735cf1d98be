"""One contact of a machine with a server, and its facts as they are kept between two of them."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Final, TypeAlias

from quenotte.kernel.enrolment import Hardware
from quenotte.kernel.posture.changing import is_news
from quenotte.kernel.posture.facts import KEYS, Fact, Source, Unknown

#: {key: {"value": …}}, or {"unknown": why}; "on": the day on which it was seen, where it was told.
Facts: TypeAlias = dict[str, dict[str, Any]]
#: Facts that are lists by the hundred: their history is their count, and the list as it stands.
_LONG: Final = frozenset({"software"})


class Answer(StrEnum):
    """What an agent is told."""

    TAKEN = "taken"
    #: This fingerprint is not the one that is known: the facts are wanted, not a new login.
    SEND_ALL = "send_all"
    QUARANTINED = "quarantined"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact of a machine. ``facts`` is None for a heartbeat: its fingerprint stands for them.

    ``key_digest``: SHA-256 of the node key, which alone says which machine this is.
    """

    key_digest: bytes
    source: str
    fingerprint: bytes
    facts: Facts | None = None
    hardware: Hardware | None = None
    #: What it does not say stands: a part of the facts came.
    is_partial: bool = False
    #: Its facts say on which day they were seen: the fingerprint does not tell that.
    is_dated: bool = False
    #: When it was sent, by the machine's own clock; None: its protocol does not say.
    sent_at: datetime | None = None
    #: Its clock went on as ours did since what it said before: if it is earlier than what was kept,
    #: the clock was set back, and nobody says something again.
    goes_on: bool = False
    #: What the server of a practice says of its copies itself, by codes of ours (`wire.pulses`).
    light: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """Return how much of memory it takes, in facts and rows of those that are lists.

        A report has some fifty, an inventory of a thousand programs as many and a thousand: each
        takes half a kilobyte to one.
        """
        if not self.facts:
            return 1
        values = (told.get("value") for told in self.facts.values())
        return sum(1 + len(one) if isinstance(one, list | tuple) else 1 for one in values)

    def is_past(self, newest: datetime | None) -> bool:
        """Tell whether something that was sent later was kept already: somebody says it again.

        ``newest``: what `newest_of` returned for the last one, an aware instant.
        """
        if self.goes_on or self.sent_at is None or newest is None:
            return False
        return self.sent_at < newest

    def newest_of(self, at: datetime) -> datetime | None:
        """Return what later contacts must come after; ``at``: by this server's clock.

        A clock that is ahead, and is set right one day, must not shut its machine out.
        """
        return min(self.sent_at, at) if self.sent_at is not None else None


def stored(facts: Iterable[Fact]) -> Facts:
    """Return facts as they are kept: without their times, which the last contact tells."""
    return {
        fact.key: {"unknown": fact.unknown.value} if fact.unknown else {"value": fact.value}
        for fact in facts
    }


def restored(source: str, facts: Facts, seen_at: datetime) -> Iterator[Fact]:
    """Yield facts that were kept, seen when their source was last heard.

    What an older release kept, and nobody knows any more, is left out.
    """
    for key, told in facts.items():
        if key in KEYS:
            yield Fact(key, told.get("value"), Source(source), _seen(told, seen_at), _why(told))


def fingerprint(facts: Iterable[Fact]) -> bytes:
    """Return 16 bytes that are the same for the same facts, whenever they were seen."""
    told = json.dumps(stored(facts), sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def changed(
    before: Mapping[str, Mapping[str, Any]] | None, after: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Any, Any]]:
    """Yield (key, before, after) for each fact of which that is news; nothing for a first report.

    What became unknown is None after; why is in the facts themselves.
    """
    if before is None:
        return
    for key in sorted({*before, *after}):
        old, new = (_value(facts.get(key), key) for facts in (before, after))
        if is_news(key, old, new):
            yield key, old, new


def _value(fact: Mapping[str, Any] | None, key: str) -> Any:
    value = (fact or {}).get("value")
    return len(value) if key in _LONG and isinstance(value, list) else value


def _seen(told: Mapping[str, Any], seen_at: datetime) -> datetime:
    """Return when a fact was last told: by the day, where a source tells its facts in parts."""
    if "on" not in told:
        return seen_at
    over = datetime.combine(date.fromisoformat(told["on"]), time.max, UTC)
    return min(seen_at, over)


def _why(told: Mapping[str, Any]) -> Unknown | None:
    return Unknown(told["unknown"]) if "unknown" in told else None
