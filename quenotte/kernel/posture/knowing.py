"""What is known under one key when several sources speak: the newest that is trusted wins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from quenotte.kernel.posture.facts import Fact, Source, Unknown
from quenotte.kernel.posture.values import fault

#: The server's own clocks may differ by as much; what was seen later than that was not seen.
LENIENCE: Final = timedelta(minutes=5)

#: What agents of inventory know nothing about, whatever they say; elsewhere they are believed.
_OF_COPIES: Final = frozenset({Source.PRACTICE, Source.STATION})
_OF_MACHINES: Final = frozenset({Source.GLPI, Source.OSQUERY, Source.STATION})


@dataclass(frozen=True, slots=True)
class Heard:
    """What the sources say under one key.

    ``answers``: what may be believed, the newest first. Where there is none, ``unknown`` says why
    and ``last`` is the newest fact of all, if anybody ever spoke.
    """

    answers: tuple[Fact, ...]
    unknown: Unknown = Unknown.NOT_REPORTED
    last: Fact | None = None

    @property
    def best(self) -> Fact | None:
        """Return the newest trusted answer."""
        return self.answers[0] if self.answers else None

    def of(self, source: Source) -> Fact | None:
        """Return what one source answers, or the best where that source is silent."""
        return next((fact for fact in self.answers if fact.source is source), self.best)


def hear(
    facts: Iterable[Fact], key: str, *, now: datetime, max_age: timedelta, absence: bool = False
) -> Heard:
    """Return what is known under a key now.

    ``absence``: "there is no such thing" is an answer too, for a rule to which it means something.
    """
    told = _newest_of_each(fact for fact in facts if fact.key == key and _is_trusted(fact, now))
    fresh = [fact for fact in told if now - fact.observed_at <= max_age]
    answers = tuple(fact for fact in fresh if _answers(fact, absence=absence))
    if answers or not told:
        return Heard(answers, last=next(iter(answers), None))
    why = (fresh[0].unknown or Unknown.NOT_CREDIBLE) if fresh else Unknown.TOO_OLD
    return Heard((), why, told[0])


def _newest_of_each(facts: Iterable[Fact]) -> list[Fact]:
    """Return the last word of each source, the newest first."""
    ordered = sorted(facts, key=lambda fact: (fact.observed_at, fact.source), reverse=True)
    last = {fact.source: fact for fact in reversed(ordered)}
    return sorted(last.values(), key=ordered.index)


def _is_trusted(fact: Fact, now: datetime) -> bool:
    sources = _OF_COPIES if fact.key.startswith("backup.") else _OF_MACHINES
    return fact.source in sources and fact.observed_at <= now + LENIENCE


def _answers(fact: Fact, *, absence: bool) -> bool:
    if fact.unknown is not None:
        return absence and fact.unknown is Unknown.NO_SUCH_THING
    return fault(fact.key, fact.value) is None
