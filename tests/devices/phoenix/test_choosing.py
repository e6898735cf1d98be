"""Which copy is taken, whatever clocks and attackers claim."""

from datetime import datetime, timedelta

import pytest

from quenotte.devices.phoenix import choosing
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.phoenix.errors import NoCopy, NoCopyThen, UnknownCopy
from quenotte.devices.repository.snapshots import Snapshot
from tests.devices.phoenix.conftest import NOW


def copy(name: str, hours: float, *tags: str) -> Snapshot:
    return Snapshot(name * 64, NOW + timedelta(hours=hours), b"", tags=tags)


A, B, C = copy("a", -30), copy("b", -20), copy("c", -10)


def order(copies: list[Snapshot], received: str, now: datetime = NOW) -> str:
    names = [one * 64 for one in received]
    return "".join(one.id[0] for one in choosing.in_order(copies, names, now))


@pytest.mark.parametrize(
    ("copies", "received", "expected"),
    [
        pytest.param([A, B, C], "", "cba", id="by their dates"),
        pytest.param([A, B, C], "bca", "acb", id="by receipt, where the place keeps it"),
        pytest.param([A, copy("b", 9600), C], "", "cab", id="a future date stands behind"),
        pytest.param([A, copy("b", 9600), C], "bac", "cab", id="and changes no receipt"),
        pytest.param([A, B, copy("c", -10, "quarantine")], "", "bac", id="quarantine is last"),
    ],
)
def test_order_of_copies(copies: list[Snapshot], received: str, expected: str):
    assert order(copies, received) == expected


def test_clock_of_a_blank_machine_hides_no_copy():
    assert order([A, B, C], "", NOW - timedelta(days=9000)) == "cba"


def test_wishes():
    newest_first = [C, B, A]
    assert choosing.wanted(newest_first, Wish()) == newest_first
    assert choosing.wanted(newest_first, Wish("bbb")) == [B]
    assert choosing.wanted(newest_first, Wish(as_of=B.time)) == [B, A]
    with pytest.raises(UnknownCopy):
        choosing.wanted(newest_first, Wish("f00"))
    with pytest.raises(NoCopyThen):
        choosing.wanted(newest_first, Wish(as_of=A.time - timedelta(hours=1)))
    with pytest.raises(NoCopy):
        choosing.wanted([], Wish())
