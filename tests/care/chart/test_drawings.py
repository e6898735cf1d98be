"""The mouth in words: what the table and each tooth of the drawing say."""

from datetime import date
from typing import Any

import pytest

from quenotte.care.chart import drawings
from quenotte.care.chart.rules import Mark, Mouth, Presence, ToothNow, parse

DAY = date(2026, 3, 17)


def tooth(line: str, presence: Presence = Presence.PRESENT, **more: Any) -> ToothNow:
    """Return a tooth that bears what a typed line says."""
    found = parse(line)
    marks = tuple(Mark(f"key{n}", "step", "", DAY, one) for n, one in enumerate(found))
    return ToothNow(found[0].teeth[0], presence, marks, **more)


def mouth(*teeth: ToothNow) -> Mouth:
    return Mouth(DAY, "permanent", teeth, tuple(m for t in teeth for m in t.marks[:0]))


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (ToothNow(16, Presence.PRESENT, is_assumed=True), "présente d’après l’âge"),
        (ToothNow(16, Presence.MISSING), "absente"),
        (ToothNow(55, Presence.PRESENT, is_retained=True), "présente, dent de lait gardée"),
        (tooth("16 MOD composite ; 16 endo à faire"), "traitement endodontique, à faire"),
        (tooth("11 carie icdas 5 à surveiller"), "à surveiller"),
    ],
)
def test_a_tooth_says_all_that_is_charted(shown: ToothNow, words: str) -> None:
    assert words in drawings.said_of(shown)
    assert words in drawings.draw(mouth(shown))


def test_places_where_nothing_is_expected_are_drawn_as_such() -> None:
    svg = drawings.draw(mouth(ToothNow(55, Presence.PRESENT)))
    assert svg.count("is-unseen") == 51
    assert svg.count('data-tooth="') == 52


def test_adult_has_no_primary_rows() -> None:
    assert drawings.draw(mouth(ToothNow(11, Presence.PRESENT))).count('data-tooth="') == 32


def test_table_says_each_thing_once() -> None:
    lines = list(
        drawings.lines_of(
            mouth(
                ToothNow(11, Presence.PRESENT, is_assumed=True),
                ToothNow(12, Presence.PRESENT, since=DAY),
                ToothNow(36, Presence.MISSING, since=DAY),
                tooth("46 implant fait", Presence.IMPLANT),
                tooth("16 MOD composite"),
            )
        )
    )
    assert [(line.fdi, line.what, line.status) for line in lines] == [
        (12, "présente", ""),
        (36, "absente", ""),
        (46, "implant", "fait"),
        (16, "composite MOD", "existant"),
    ]


def test_missing_teeth_are_named() -> None:
    assert drawings.absent_of(mouth(ToothNow(36, Presence.MISSING))) == "Dents absentes : 36."
    assert "Aucune" in drawings.absent_of(mouth())


def test_moved_tooth_points_where_it_went() -> None:
    ways = {drawings.draw(mouth(tooth(f"23 déplacée ({way})"))) for way in ("mésiale", "distale")}
    assert len(ways) == 2
