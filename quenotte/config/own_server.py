"""What this server sees of itself, by the collectors of the companion: nothing of it is sent.

Its clock is not judged: it would be compared with itself.
"""

from datetime import datetime
from typing import Final

from quenotte.kernel.posture.facts import Fact, Source
from quenotte.station.clocks import Clock, RealClock
from quenotte.station.collectors.choosing import collectors
from quenotte.station.collectors.machines import Machine, Real
from quenotte.station.collectors.rounds import Rounds
from quenotte.station.knowing import Known

#: What takes long (missing updates) does not disturb a start, in seconds.
_SETTLED_S: Final = 600.0


class OwnServer:
    """This machine, looked at while its process lives."""

    def __init__(self, machine: Machine | None = None, clock: Clock | None = None) -> None:
        self._clock, self._known = clock or RealClock(), Known()
        self._rounds = Rounds(collectors(), machine or Real(), self._known, self._clock)
        self._begun_s = self._clock.since_boot_s()

    def look(self, now: datetime) -> tuple[Fact, ...]:
        """Return what is known of it. ``now``: an aware instant by this server's clock."""
        self._rounds.go()
        if self._clock.since_boot_s() - self._begun_s >= _SETTLED_S:
            self._rounds.go(slow=True)
        told = self._known.told(self._clock.since_boot_s())
        return tuple(one.observed(Source.STATION, now) for one in told)
