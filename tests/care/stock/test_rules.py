from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.stock import rules
from quenotte.care.stock.rules import Fault, Kind, Shelf

TODAY = date(2026, 3, 17)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "quantity", "shelf", "reason", "expected"),
    [
        (Kind.IN, 1, Shelf(0), "", None),
        (Kind.IN, 0, Shelf(5), "", Fault.NOTHING),
        (Kind.USE, -1, Shelf(5), "", Fault.NOTHING),
        (Kind.IN, rules.MOST + 1, Shelf(0), "", Fault.TOO_MUCH),
        (Kind.USE, 5, Shelf(5), "", None),
        (Kind.USE, 6, Shelf(5), "", Fault.NOT_ENOUGH),
        (Kind.USE, 1, Shelf(5, TODAY), "", None),
        (Kind.USE, 1, Shelf(5, YESTERDAY), "", Fault.EXPIRED),
        (Kind.USE, 1, Shelf(5, YESTERDAY, is_recalled=True), "", Fault.RECALLED),
        (Kind.LOSS, 1, Shelf(5, YESTERDAY), "périmé", None),
        (Kind.LOSS, 1, Shelf(5), " ", Fault.NO_REASON),
        (Kind.RETURN, 1, Shelf(5, is_recalled=True), "", None),
        (Kind.USE, 1, Shelf(5, YESTERDAY, is_recalled=True), "Déjà posé", None),
        (Kind.USE, 6, Shelf(5, is_recalled=True), "Déjà posé", Fault.NOT_ENOUGH),
        (Kind.CORRECTION, -5, Shelf(5), "recompté", None),
        (Kind.CORRECTION, -6, Shelf(5), "recompté", Fault.NOT_ENOUGH),
        (Kind.CORRECTION, 3, Shelf(-2), "recompté", None),
        (Kind.CORRECTION, 3, Shelf(5), "", Fault.NO_REASON),
    ],
)
def test_movement_is_judged(kind, quantity, shelf, reason, expected):
    assert rules.fault(kind, quantity, shelf, TODAY, reason=reason) == expected


@given(
    st.lists(
        st.tuples(st.sampled_from(Kind), st.integers(-rules.MOST - 5, rules.MOST + 5)), max_size=30
    )
)
def test_shelf_is_never_below_nothing(wanted):
    left = 0
    for kind, quantity in wanted:
        if rules.fault(kind, quantity, Shelf(left), TODAY, reason="pourquoi") is None:
            left += rules.signed(kind, quantity)
        assert left >= 0


@pytest.mark.parametrize(
    ("days", "expected"),
    [(None, ""), (-1, "expired"), (0, "soon"), (rules.SOON_DAYS, "soon"), (90, "")],
)
def test_expiry_is_told_in_time(days, expected):
    day = None if days is None else TODAY + timedelta(days=days)
    assert rules.freshness(day, TODAY) == expected
    assert rules.is_expired(day, TODAY) is (expected == "expired")


@pytest.mark.parametrize(
    ("left", "point", "quantity", "expected"),
    [(0, 0, 10, 0), (5, 4, 10, 0), (4, 4, 10, 10), (0, 4, 2, 5)],
)
def test_order_passes_the_reorder_point(left, point, quantity, expected):
    assert rules.to_order(left, point, quantity) == expected


@pytest.mark.parametrize(
    ("ways", "expected"), [([], False), (["tried"], False), (["tried", "phone"], True)]
)
def test_somebody_not_reached_is_not_told(ways, expected):
    assert rules.is_told(ways) is expected


@pytest.mark.parametrize("typed", ["A2411", " a 24 11", "a2411\u00a0"])
def test_lot_numbers_are_compared_without_case_and_spaces(typed):
    assert rules.folded(typed) == "A2411"


def test_letters_that_no_database_turns_alike_stay_as_they_are():
    assert rules.folded("é 12ß") == "é12ß"


def test_lot_number_is_kept_with_plain_spaces():
    assert rules.kept(" AB\u00a0 47\t11 ") == "AB 47 11"
