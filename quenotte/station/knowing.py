"""What the companion knows of its machine, and since when: the facts of a report."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from quenotte.kernel.posture.facts import KEYS, Fact, Unknown
from quenotte.kernel.posture.values import fault
from quenotte.wire.messages import write
from quenotte.wire.reading import Unreadable
from quenotte.wire.reports import AGE_MAX_S, Report, Told

#: What the server finds out itself, and what nobody here could tell.
_UNTOLD: Final = frozenset({Unknown.NOT_REPORTED, Unknown.TOO_OLD, Unknown.NOT_LISTED})
#: The one list that can make a report longer than the door takes.
_LONG: Final = "software"


class _Seen(NamedTuple):
    value: Any
    unknown: Unknown | None
    at_s: float


class Known:
    """The last of each fact. Times are seconds since the start of the machine."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def note(self, facts: Iterable[Fact], at_s: float) -> None:
        """Keep what a look came to; what the wire would refuse is said to be not credible."""
        for fact in facts:
            value, unknown = fact.value, fact.unknown
            if unknown is None and fault(fact.key, value) is not None:
                value, unknown = None, Unknown.NOT_CREDIBLE
            self._seen[fact.key] = _Seen(value, unknown, at_s)

    def lacks(self, key: str) -> bool:
        """Tell whether nothing is known of a key yet."""
        return key not in self._seen

    def told(self, at_s: float) -> tuple[Told, ...]:
        """Return the facts as they are told now, those that are too old left out."""
        ages = {key: max(0, round(at_s - one.at_s)) for key, one in self._seen.items()}
        return tuple(
            Told(key, one.value, one.unknown, ages[key])
            for key, one in sorted(self._seen.items())
            if ages[key] <= AGE_MAX_S and one.unknown not in _UNTOLD
        )

    def kept(self, keys: Iterable[str], at_s: float, now: datetime) -> dict[str, dict[str, Any]]:
        """Return what outlives a restart: its age is taken from the wall clock then."""
        found = ((key, self._seen[key]) for key in keys if key in self._seen)
        return {
            key: {
                "value": one.value,
                "unknown": one.unknown and one.unknown.value,
                "at": now.timestamp() - (at_s - one.at_s),
            }
            for key, one in found
        }

    def recall(self, kept: Mapping[str, Mapping[str, Any]], at_s: float, now: datetime) -> None:
        """Take in what was kept. What the wall clock makes younger than now is not believed."""
        for key, one in kept.items():
            try:
                age_s = now.timestamp() - float(one["at"])
                unknown = Unknown(one["unknown"]) if one["unknown"] else None
                value = one["value"]
            except (KeyError, TypeError, ValueError):
                continue
            is_sound = key in KEYS and (unknown is not None or fault(key, value) is None)
            if 0 <= age_s <= AGE_MAX_S and is_sound:
                self._seen[key] = _Seen(value, unknown, at_s - age_s)


def report_of(facts: tuple[Told, ...], now: datetime) -> Report:
    """Return a report that the door takes: without its longest list when it is too long."""
    report = Report(now, facts)
    try:
        write(report)
    except Unreadable:
        return Report(now, shortened(facts))
    return report


def shortened(facts: tuple[Told, ...]) -> tuple[Told, ...]:
    """Return facts without the one list that may be long, which is then said to be unreadable."""
    return tuple(
        Told(_LONG, unknown=Unknown.NOT_READABLE, age_s=one.age_s) if one.key == _LONG else one
        for one in facts
    )
