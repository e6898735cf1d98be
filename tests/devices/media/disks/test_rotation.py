"""When a disk is where it should not be."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quenotte.devices.media.disks.rotation import (
    Alarm,
    Opening,
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


def never(_moment: datetime) -> None:
    """A practice whose hours nobody knows."""


def at(opening: datetime) -> Opening:
    """A practice that opens then, whatever one asks."""
    return lambda _moment: opening


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
    assert alarms(runs, uuids, now=now, opening=never) == told


def test_discs_and_tapes_are_out_of_reach_too():
    both = {"uuid-A", "uuid-B"}
    for days, told in [(8, [FORGOTTEN]), (9, [OFFLINE, FORGOTTEN])]:
        written = [NOW - timedelta(days=days)]
        assert alarms(TWO, both, now=NOW, opening=never, shelved=written) == told


def test_at_opening_a_disk_is_forgotten_however_late_it_ran():
    runs = [run("B", timedelta(days=1)), run("A", timedelta(minutes=5))]
    for opening, told in [(NOW, [FORGOTTEN]), (NOW + timedelta(minutes=1), [])]:
        assert alarms(runs, {"uuid-A"}, now=NOW, opening=at(opening)) == told


def test_disk_that_waits_for_its_copy_is_not_forgotten():
    runs = [run("A", timedelta(days=4)), run("B", timedelta(days=2))]
    # Plugged in at eight in the evening; the practice opens at eight in the morning.
    since = {"uuid-A": NOW}
    opens = NOW + timedelta(hours=12)

    def told(now: datetime, visited: str = "") -> list[Alarm]:
        return alarms(
            runs, {*since}, now=now, opening=lambda _: opens, since=since, visited=visited
        )

    assert told(NOW) == []
    assert told(NOW + timedelta(hours=11)) == []
    assert told(opens) == [FORGOTTEN]
    # While it is being written it is where it should be, however long that takes.
    assert told(opens, visited="uuid-A") == []
    assert told(opens, visited="uuid-B") == [FORGOTTEN]
    # Once its copy is over, half an hour counts from there.
    runs.append(run("A", timedelta(hours=-2)))
    assert told(NOW + timedelta(hours=2, minutes=29)) == []
    assert told(NOW + timedelta(hours=2, minutes=30)) == [FORGOTTEN]


def test_disk_that_is_plugged_by_whoever_opens_waits_for_the_next_opening():
    runs = [run("A", timedelta(days=4)), run("B", timedelta(days=2))]
    first, second = NOW + timedelta(hours=2), NOW + timedelta(hours=26)

    def opening(moment: datetime) -> datetime:
        return first if moment < first else second

    since = {"uuid-A": NOW}
    for now, told in [(first, []), (second, [FORGOTTEN])]:
        assert alarms(runs, {*since}, now=now, opening=opening, since=since) == told
    since = {"uuid-A": NOW - timedelta(seconds=1)}
    assert alarms(runs, {*since}, now=first, opening=opening, since=since) == [FORGOTTEN]


def test_prepared_disk_that_never_ran_is_not_left_for_days():
    since = {"uuid-C": NOW}
    for now, told in [(NOW, []), (NOW + timedelta(hours=12), [FORGOTTEN])]:
        assert alarms(
            TWO, {"uuid-C"}, now=now, opening=lambda at: at + timedelta(hours=12), since=since
        ) == told  # fmt: skip


def test_prepared_disk_that_never_ran_is_refused_while_an_anomaly_is_open():
    assert alarms(TWO, {"uuid-C"}, now=NOW, opening=never, is_anomaly_open=True) == [REFUSED]


def test_while_an_anomaly_is_open():
    assert alarms(TWO, {"uuid-A"}, now=NOW, opening=never, is_anomaly_open=True) == [REFUSED]
    assert alarms(TWO, set(), now=NOW, opening=never, is_anomaly_open=True) == []


def test_the_next_disk():
    assert next_letter("ABC", TWO) == "C"
    assert next_letter("AB", TWO) == "B"
    assert next_letter("", TWO) == ""
    assert offline_since(TWO, {"uuid-A"}) == NOW - timedelta(days=2)
