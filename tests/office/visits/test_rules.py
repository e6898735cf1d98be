"""Decisions on visits: places of a note, doses, what was left open; without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from quenotte.office.visits import rules

ARTICAINE, LIDOCAINE, MEPIVACAINE = rules.USUAL[0], rules.USUAL[2], rules.USUAL[3]


def test_places_are_filled_as_far_as_known():
    text = rules.filled("Dent {dent}, {teinte}, {dent}", {"dent": "16", "teinte": ""})
    assert text == "Dent 16, {teinte}, 16"
    assert rules.unfilled(f"{text} {{teinte}} {{lot}} {{}} {{\n}}") == ["teinte", "lot"]


def test_template_comes_after_what_was_typed():
    assert rules.appended("Vu. \n", "Dent") == "Vu.\nDent"
    assert rules.appended("  ", "Dent") == "Dent"


@pytest.mark.parametrize(
    ("product", "quarters", "dose"),
    [(ARTICAINE, 4, 68), (ARTICAINE, 1, 17), (LIDOCAINE, 4, 36), (MEPIVACAINE, 6, 81)],
)
def test_dose_of_cartridges(product, quarters, dose):
    assert rules.dose_mg(product, quarters) == dose


def test_dose_is_never_told_too_low():
    odd = rules.Anaesthetic("x", "X", 1, 1001, "", 1, 1, 1, "")
    assert rules.dose_mg(odd, 4) == 2


@pytest.mark.parametrize(
    ("product", "weight", "age", "most"),
    [
        (ARTICAINE, None, 40, None),
        (ARTICAINE, 60, 40, 420),
        (ARTICAINE, 90, 40, 500),
        (ARTICAINE, 20, 6, 100),
        (ARTICAINE, 20, None, 140),
        (MEPIVACAINE, 50, 40, 220),
        (LIDOCAINE, 80, 40, 300),
    ],
)
def test_most_at_a_weight(product, weight, age, most):
    assert rules.most_mg(product, weight, age) == most


def test_each_product_says_where_its_figures_come_from():
    assert all(one.source for one in rules.USUAL)


@pytest.mark.parametrize(("quarters", "words"), [(4, "1"), (6, "1,5"), (1, "0,25"), (7, "1,75")])
def test_cartridges_in_words(quarters, words):
    assert rules.shown_cartridges(quarters) == words


@pytest.mark.parametrize(("hours", "day", "left"), [(1, 17, False), (5, 17, True), (1, 18, True)])
def test_visit_left_open(hours, day, left):
    opened = datetime(2026, 3, 17, 9, tzinfo=UTC)
    said = rules.is_left_open(
        opened,
        opened + timedelta(hours=hours),
        opened_on=date(2026, 3, 17),
        today=date(2026, 3, day),
    )
    assert said is left
