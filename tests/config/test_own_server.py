"""The practice's server looks at itself by the collectors of the companion."""

from datetime import UTC, datetime

import pytest

from quenotte.config.own_server import OwnServer
from quenotte.kernel.posture.facts import KEYS, Source
from quenotte.kernel.posture.values import fault

pytestmark = pytest.mark.real_clock


class Clock:
    """A clock that somebody moves."""

    def __init__(self) -> None:
        self.at_s = 1_000.0

    def since_boot_s(self) -> float:
        return self.at_s

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, seconds: float) -> bool:
        return False


def test_this_machine_is_seen_and_its_own_clock_is_not_judged():
    clock, now = Clock(), datetime.now(UTC)
    server = OwnServer(clock=clock)
    facts = {one.key: one for one in server.look(now)}
    assert facts["os.family"].value == "linux"
    assert facts["disks"].value
    assert "updates.missing" not in facts
    assert "clock.offset_s" not in facts
    assert facts.keys() <= set(KEYS)
    assert {one.source for one in facts.values()} == {Source.STATION}
    assert not [
        one for one in facts.values() if one.value is not None and fault(one.key, one.value)
    ]
