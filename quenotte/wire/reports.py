"""What a machine tells of itself: the full report, and the fingerprint that stands for one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, NamedTuple, Self

from quenotte.kernel.posture.facts import KEYS, Fact, Source, Unknown
from quenotte.kernel.posture.values import fault, moment_fault, moment_of, text_of
from quenotte.wire.reading import (
    Trouble,
    Unreadable,
    a_choice,
    a_list,
    a_whole,
    an_object,
    held,
    known_keys,
)

#: Older facts are not worth sending.
AGE_MAX_S: Final = 30 * 24 * 3600
#: What a machine may say of why it does not know; the rest is for the server to find.
_WHY: Final = frozenset({Unknown.NO_SUCH_THING, Unknown.NOT_READABLE, Unknown.NOT_CREDIBLE})
#: What the server measures itself.
_CLOCK: Final = "clock.offset_s"
_TOLD_KEYS: Final = frozenset(KEYS) - {_CLOCK}


class Identity(NamedTuple):
    """Which machine it says it is, "" for what it does not say. The node key decides, not this."""

    uuid: str
    serial: str
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it is told: how many seconds ago it was seen, not when.

    The clock of the machine may be years wrong; what lies between two of its moments is right.
    ``unknown`` says why ``value`` is None.
    """

    key: str
    value: Any = None
    unknown: Unknown | None = None
    age_s: int = 0

    def observed(self, source: Source, received_at: datetime) -> Fact:
        """Return the fact by the clock of who received it."""
        seen_at = received_at - timedelta(seconds=self.age_s)
        return Fact(self.key, self.value, source, seen_at, self.unknown)

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        told = {"value": self.value} if self.unknown is None else {"unknown": self.unknown.value}
        return {"key": self.key, "age_s": self.age_s, **told}

    @classmethod
    def of(cls, found: object, where: str) -> Self:
        """Read it. Raises: Unreadable."""
        body = an_object(found, where)
        known_keys(body, {"key", "age_s"}, {"value", "unknown"}, where)
        key = a_choice(body["key"], f"{where}.key", _TOLD_KEYS)
        age_s = a_whole(body["age_s"], f"{where}.age_s", AGE_MAX_S)
        if ("value" in body) is ("unknown" in body):
            raise Unreadable(Trouble.MISSING, f"{where}.value")
        if "unknown" in body:
            why = a_choice(body["unknown"], f"{where}.unknown", _WHY)
            return cls(key, unknown=Unknown(why), age_s=age_s)
        held(fault(key, body["value"]), f"{where}.value")
        return cls(key, body["value"], age_s=age_s)


@dataclass(frozen=True, slots=True)
class Report:
    """All that a machine knows of itself now. ``sent_at`` is aware, by the machine's own clock.

    A report that waited is stamped anew when it leaves, its ages too.
    """

    KIND: ClassVar = "report"
    VERSION: ClassVar = 1

    sent_at: datetime
    facts: tuple[Told, ...]

    @property
    def identity(self) -> Identity:
        """Return which machine it says it is."""
        told = {one.key: one.value or "" for one in self.facts}
        return Identity(*(told.get(f"machine.{name}", "") for name in Identity._fields))

    def observed(self, source: Source, received_at: datetime) -> tuple[Fact, ...]:
        """Return the facts by the clock of the server, and how far the machine's own is off.

        To ten seconds: what the network takes is no news of a clock.
        """
        offset_s = int((self.sent_at - received_at).total_seconds() / 10) * 10
        clock = Fact(_CLOCK, offset_s, source, received_at)
        return (*(one.observed(source, received_at) for one in self.facts), clock)

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {"sent_at": text_of(self.sent_at), "facts": [one.body() for one in self.facts]}

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        known_keys(body, {"sent_at", "facts"})
        held(moment_fault("sent_at", body["sent_at"]), "sent_at")
        told = a_list(body["facts"], "facts", len(_TOLD_KEYS))
        facts = tuple(Told.of(one, f"facts[{number}]") for number, one in enumerate(told))
        if len({one.key for one in facts}) < len(facts):
            raise Unreadable(Trouble.TWICE, "facts")
        return cls(moment_of(body["sent_at"]), facts)
