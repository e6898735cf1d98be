"""When a disk is where it should not be."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quenotte.devices.media.disks.rotation import (
    Alarm,
    Run,
    alarms,
    next_letter,
    offline_since,
)

NOW = datetime(2026, 3, 17, 20, 0, tzinfo=ZoneInfo("Europe/Paris"))
FORGOTTEN, SAME, OFFLINE, REFUSED = (
    Alarm.STILL_PLUGGED, Alarm.SAME_DISK, Alarm.NO_OFFLINE, Alarm.REFUSED,
)  # fmt: skip


def run(letter: str, ago: timedelta) -> Run:
    return Run(letter, f"uuid-{letter}", NOW - ago)


TWO = [run("B", timedelta(days=2)), run("A", timedelta(minutes=10))]


@pytest.mark.parametrize(
    ("runs", "plugged", "now", "told"),
    [
        (TWO, "A", NOW, []),
        (TWO, "", NOW, []),
        (TWO, "A", NOW + timedelta(minutes=19), []),
        (TWO, "A", NOW + timedelta(minutes=20), [FORGOTTEN]),
        # A stranger's disk is nobody's business.
        (TWO, "X", NOW + timedelta(hours=2), []),
        # Both disks plugged: nothing is out of reach.
        (TWO, "AB", NOW, [OFFLINE, FORGOTTEN]),
        ([run("A", timedelta(days=3)), run("A", timedelta(hours=1))], "", NOW, [SAME]),
        ([run("A", timedelta(days=8))], "", NOW, []),
        ([run("A", timedelta(days=8, seconds=1))], "", NOW, [OFFLINE]),
        ([], "", NOW, [OFFLINE]),
    ],
)
def test_alarms(runs, plugged, now, told):
    uuids = {f"uuid-{letter}" for letter in plugged}
    assert alarms(runs, uuids, now=now, opening=None) == told


def test_discs_and_tapes_are_out_of_reach_too():
    both = {"uuid-A", "uuid-B"}
    for days, told in [(8, [FORGOTTEN]), (9, [OFFLINE, FORGOTTEN])]:
        written = [NOW - timedelta(days=days)]
        assert alarms(TWO, both, now=NOW, opening=None, shelved=written) == told


def test_at_opening_a_disk_is_forgotten_however_late_it_ran():
    runs = [run("B", timedelta(days=1)), run("A", timedelta(minutes=5))]
    for opening, told in [(NOW, [FORGOTTEN]), (NOW + timedelta(minutes=1), [])]:
        assert alarms(runs, {"uuid-A"}, now=NOW, opening=opening) == told


def test_while_an_anomaly_is_open():
    assert alarms(TWO, {"uuid-A"}, now=NOW, opening=None, is_anomaly_open=True) == [REFUSED]
    assert alarms(TWO, set(), now=NOW, opening=None, is_anomaly_open=True) == []


def test_the_next_disk():
    assert next_letter("ABC", TWO) == "C"
    assert next_letter("AB", TWO) == "B"
    assert next_letter("", TWO) == ""
    assert offline_since(TWO, {"uuid-A"}) == NOW - timedelta(days=2)
