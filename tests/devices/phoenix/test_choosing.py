"""Which copy is taken, whatever clocks and attackers claim."""

from datetime import datetime, timedelta

import pytest

from quenotte.devices.phoenix import choosing
from quenotte.devices.phoenix.choosing import Known, Wish
from quenotte.devices.phoenix.errors import NoCopy, NoCopyThen, UnknownCopy
from quenotte.devices.repository.snapshots import Snapshot
from tests.devices.phoenix.conftest import NOW


def copy(name: str, hours: float, *tags: str, after: str = "") -> Snapshot:
    at = NOW + timedelta(hours=hours)
    return Snapshot(name * 64, at, b"", tags=tags, parent=after * 64)


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
        pytest.param(
            [A, copy("b", 10, after="a"), copy("c", -0.5, after="b"), copy("d", -0.2, after="b")],
            "",
            "dcba",
            id="a clock hours ahead hides none of those made after",
        ),
        pytest.param(
            [A, copy("b", -3, after="a"), copy("c", -9, after="b"), copy("d", -1, after="b")],
            "",
            "dcba",
            id="nor those made before, once that moment is past",
        ),
        pytest.param(
            [copy("a", -20), copy("b", -10, after="a"), copy("c", -12, after="b")],
            "",
            "cba",
            id="a clock that was set back hides no copy either",
        ),
        pytest.param(
            [A, B, copy("c", -10, after="b"), copy("d", -9000, after="c")],
            "",
            "cbad",
            id="a date of years ago moves no other",
        ),
        pytest.param(
            [copy("a", -9, after="b"), copy("b", -8, after="a")],
            "",
            "ba",
            id="no ring holds it",
        ),
    ],
)
def test_order_of_copies(copies: list[Snapshot], received: str, expected: str):
    assert order(copies, received) == expected


@pytest.mark.parametrize(
    ("copies", "received", "expected"),
    [
        pytest.param([A, copy("b", -20, "quarantine"), C], "", "", id="an older one is settled"),
        pytest.param([A, B, C, copy("d", -5, "quarantine")], "", "d", id="a newer one is not"),
        pytest.param([C, copy("d", 9600, "quarantine")], "", "d", id="a claim of the future is"),
        pytest.param([C, copy("d", -40, "quarantine")], "cd", "d", id="receipts go before dates"),
        pytest.param([C, copy("d", -5, "quarantine")], "dc", "", id="in both ways"),
        pytest.param([C, copy("d", -5, "quarantine")], "c", "d", id="without a receipt the date"),
        pytest.param([copy("c", -10, "quarantine")], "", "c", id="the copy itself counts"),
        pytest.param(
            [copy("e", -3, "quarantine"), C, copy("d", -5, "quarantine")], "", "de", id="in order"
        ),
    ],
)  # fmt: skip
def test_copies_that_are_doubted_since(copies: list[Snapshot], received: str, expected: str):
    held = Known(tuple(copies), tuple(one * 64 for one in received), NOW)
    chosen = next(one for one in copies if one.id[0] == "c")
    assert "".join(one.id[0] for one in held.doubted_since(chosen)) == expected


def test_list_for_people_leaves_doubted_copies_in_their_place():
    doubted = copy("b", -20, "quarantine")
    held = Known((A, doubted, C), (), NOW)
    assert held.listed() == [C, doubted, A]
    assert held.to_try() == [C, A, doubted]


def test_clock_of_a_blank_machine_hides_no_copy():
    assert order([A, B, C], "", NOW - timedelta(days=9000)) == "cba"


def test_copies_of_the_future_are_named():
    late = copy("b", 25)
    assert choosing.ahead_of([A, late, copy("c", 23)], NOW) == [late]


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
