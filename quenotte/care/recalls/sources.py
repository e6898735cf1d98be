"""Where the days that intervals are counted from come from: each room tells its own."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from quenotte.care.recalls.rules import Trigger

#: (practice, codes of the rule) -> patient -> the last day on which it was done.
Source = Callable[[UUID, tuple[str, ...]], Mapping[UUID, date]]

_sources: dict[Trigger, Source] = {}


def register(trigger: Trigger, source: Source) -> None:
    """Name who knows when something was last done; a later one takes its place."""
    _sources[trigger] = source


def last_days(trigger: str, practice_id: UUID, matches: tuple[str, ...]) -> Mapping[UUID, date]:
    """Return the last day of each patient, none when no room tells of this."""
    source = _sources.get(Trigger(trigger))
    return source(practice_id, matches) if source else {}
