"""The nomenclature as the catalogue ships it, checked against figures typed here."""

from datetime import date
from importlib.resources import files

import pytest

from quenotte.office.catalogue import rules
from quenotte.office.catalogue.rules import shipped

DAY = date(2026, 3, 17)
FOLDER = files("quenotte.office.catalogue")


def _facts() -> dict[str, rules.ActFacts]:
    found = {}
    for one in shipped.acts(FOLDER.joinpath("acts.csv").read_text("utf-8")):
        fields = dict(one.fields)
        spans = {
            name: _span(fields.pop(f"{key}_least"), fields.pop(f"{key}_most"))
            for name, key in (("count", "count"), ("faces", "faces"), ("ages", "age"))
        }
        found[one.code] = rules.ActFacts(
            **fields,
            **spans,
            tariff_cents=one.worth.tariff_cents,
            coverage=one.worth.coverage,
            group=one.worth.group,
            modifiers=one.worth.modifiers,
            basket=rules.basket_of(one.code, one.worth.group, one.worth.coverage),
        )
    return found


def _span(least: int | None, most: int | None) -> rules.Span | None:
    return None if least is None and most is None else rules.Span(least, most)


ACTS = _facts()


@pytest.mark.parametrize(
    ("codes", "tariff_cents"),
    [
        ("HBMD058 HBMD053", 3047),
        ("HBMD050 HBMD049", 5200),
        ("HBMD054 HBMD038 HBMD044", 6812),
        ("HBMD047", 9838),
        ("HBMD042 HBFD008", 10400),
        ("HBFD033", 4160),
        ("HBFD001", 4888),
        ("HBFD021 HBFD035", 6344),
        ("HBFD297 HBFD003", 7072),
        ("HBFD024", 11440),
        ("HBFD006", 3600),
        ("HBGD036", 3900),
        ("HBGD043", 5700),
        ("HBGD319", 7500),
        ("HBGD035", 2500),
        ("HBGD018 HBGD004", 9614),
        ("HBGD025", 14421),
        ("HBGD021", 19228),
        ("HBGD038", 24035),
        ("HBQK389", 798),
        ("HBQK002", 2000),
        ("LAQK027", 6900),
        ("HBJD001", 2892),
        ("HBBD005", 2603),
        ("HBJA003", 8000),
        ("HBJA171", 16000),
        ("HBJA634", 24000),
        ("HBQD001", 5000),
        ("YYYY183", 10000),
        ("YYYY185", 20000),
        ("YYYY614", 2000),
        ("YYYY755", 12500),
        ("HBLD418", 10750),
        ("C", 2300),
        ("BDA", 4000),
        ("BDB", 5200),
        ("BDD BDP", 6400),
        ("TO90", 19350),
    ],
)
def test_tariffs_are_those_of_the_nomenclature(codes: str, tariff_cents: int) -> None:
    assert {ACTS[code].tariff_cents for code in codes.split()} == {tariff_cents}


@pytest.mark.parametrize(
    ("basket", "tariff_cents", "codes"),
    [
        ("rac0", 12000, "HBLD038 HBLD634 HBLD350 HBLD073 HBLD680"),
        ("modere", 12000, "HBLD491 HBLD158"),
        ("libre", 12000, "HBLD734 HBLD403 HBLD318"),
        ("rac0", 27950, "HBLD033 HBLD785 HBLD099"),
        ("modere", 27950, "HBLD040 HBLD043 HBLD227"),
        ("libre", 27950, "HBLD426 HBLD178 HBLD750"),
        ("rac0", 7000, "HBLD090"),
        ("modere", 7000, "HBLD745"),
        ("libre", 7000, "HBLD245"),
        ("rac0", 1000, "HBLD490"),
        ("modere", 1000, "HBLD724"),
        ("libre", 1000, "HBLD486"),
        ("modere", 10000, "HBMD351"),
        ("libre", 10000, "HBMD460"),
        ("hors_panier", None, "HBLD012 HBMD048"),
        ("", 42218, "LBLD015"),
    ],
)
def test_baskets_follow_the_groups(basket: str, tariff_cents: int | None, codes: str) -> None:
    found = {(ACTS[code].basket, ACTS[code].tariff_cents) for code in codes.split()}

    assert found == {(basket, tariff_cents)}
