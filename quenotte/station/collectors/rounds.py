"""Rounds: the collectors whose time has come look, and what they find is kept."""

from collections.abc import Sequence
from datetime import datetime

from quenotte.devices.agents.credible import NO_SUCH_THING, NOT_READABLE, Told
from quenotte.devices.agents.gathering import Gathering
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.station.clocks import Clock
from quenotte.station.collectors.collector import SIX_HOURS_S, Collector
from quenotte.station.collectors.machines import Machine, NoProgram, TooSlow
from quenotte.station.knowing import Known


class Rounds:
    """The collectors of a machine, each in its own time."""

    def __init__(
        self, collectors: Sequence[Collector], machine: Machine, known: Known, clock: Clock
    ) -> None:
        self._collectors, self._machine = tuple(collectors), machine
        self._known, self._clock = known, clock
        self._next_s: dict[str, float] = {}

    @property
    def kept(self) -> tuple[str, ...]:
        """Return the keys of what is looked for so seldom that it must outlive a restart."""
        seldom = (one for one in self._collectors if one.every_s >= SIX_HOURS_S)
        return tuple(key for one in seldom for key in one.keys)

    def go(self, *, slow: bool = False) -> bool:
        """Let the quick ones look, or the slow ones; return whether any did."""
        at_s = self._clock.since_boot_s()
        due = [
            one
            for one in self._collectors
            if one.is_slow is slow and at_s >= self._next_s.get(one.name, 0.0)
        ]
        for one in due:
            # Before it looks: one that fails waits as long as any other.
            self._next_s[one.name] = at_s + one.every_s
            self._look(one)
        return bool(due)

    def wake(self) -> None:
        """Let all of them look next time: a machine that slept woke up elsewhere."""
        self._next_s.clear()

    def rest(self, ages_s: dict[str, float]) -> None:
        """Let slow ones wait for what was recalled: ages in seconds by key."""
        at_s = self._clock.since_boot_s()
        for one in self._collectors:
            if one.is_slow and set(one.keys) <= ages_s.keys():
                age_s = max(ages_s[key] for key in one.keys)
                self._next_s[one.name] = at_s + one.every_s - age_s

    def _look(self, one: Collector) -> None:
        found = Gathering(Source.STATION, self._now())
        why: Told | None = NOT_READABLE
        try:
            one.look(self._machine, found)
            why = None
        except NoProgram:
            why = NO_SUCH_THING
        except TooSlow:
            self._known.note(self._lacking(one, found), self._clock.since_boot_s())
            return
        except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
            # What it stumbled over may be anything: it is not written down.
            pass
        except self._machine.counts.Error:
            pass
        if why is not None:
            for key in one.keys:
                found.tell(key, why)
        facts = [fact for fact in found.facts() if fact.key in one.keys]
        self._known.note(facts, self._clock.since_boot_s())

    def _lacking(self, one: Collector, found: Gathering) -> list[Fact]:
        """Return what stays unknown of a collector that took too long: what was known stands."""
        for key in one.keys:
            found.tell(key, NOT_READABLE)
        return [fact for fact in found.facts() if self._known.lacks(fact.key)]

    def _now(self) -> datetime:
        return self._clock.now()
