"""A collector: which facts it looks for, how often, and how."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.machines import Machine

#: Cadences in seconds: with each heartbeat, a quarter of an hour, an hour, six, a day.
BEAT_S: Final = 0.0
QUARTER_S: Final = 900.0
HOUR_S: Final = 3600.0
SIX_HOURS_S: Final = 6 * HOUR_S
DAY_S: Final = 24 * HOUR_S

#: Looks, and tells what it found. What it raises makes its facts unknown.
Look: TypeAlias = Callable[[Machine, Gathering], None]


@dataclass(frozen=True, slots=True)
class Collector:
    """A collector. ``keys``: all that it may tell; ``every_s``: how often it looks.

    ``is_slow``: it takes long, and so looks after the heartbeat and never before it.
    """

    name: str
    keys: tuple[str, ...]
    every_s: float
    look: Look
    is_slow: bool = False


def collector(
    name: str, keys: str, every_s: float, look: Look, *, is_slow: bool = False
) -> Collector:
    """Return a collector; ``keys`` stand apart by blanks."""
    return Collector(name, tuple(keys.split()), every_s, look, is_slow)
