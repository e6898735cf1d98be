"""Facts gathered from one message of one agent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from quenotte.devices.agents.credible import NOT_CREDIBLE, Told
from quenotte.kernel.posture.facts import FIELDS, Fact, Source
from quenotte.kernel.posture.values import fault

#: Rows of a list that are kept: the lists of one machine are short, save what is installed.
_MOST_ROWS: Final = {"software": 4000, "licences": 500, "ports.open": 500}
_MOST_OTHERS: Final = 64


class Gathering:
    """Facts of one machine, each under its key once: what is told later replaces."""

    def __init__(self, source: Source, observed_at: datetime) -> None:
        self.observed_at = observed_at
        self._source = source
        self._facts: dict[str, Fact] = {}

    def tell(self, key: str, told: Told) -> None:
        """Keep a value, or why there is none; what is not of its kind is said to be not credible.

        A text with a hidden sign is none that every database keeps.
        """
        if told.unknown is None and fault(key, told.value) is not None:
            told = NOT_CREDIBLE
        self._facts[key] = Fact(key, told.value, self._source, self.observed_at, told.unknown)

    def rows(self, key: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Keep a list: each row once, with all fields of its key, in a settled order."""
        names = FIELDS[key]
        filled = {tuple(row.get(name) for name in names) for row in rows}
        ordered = sorted(filled, key=lambda values: tuple(map(str, values)))
        kept = ordered[: _MOST_ROWS.get(key, _MOST_OTHERS)]
        self.tell(key, Told([dict(zip(names, values, strict=True)) for values in kept]))

    def facts(self) -> tuple[Fact, ...]:
        """Return what was gathered, by key."""
        return tuple(self._facts[key] for key in sorted(self._facts))
