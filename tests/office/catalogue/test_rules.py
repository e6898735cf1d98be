"""The nomenclature as the catalogue ships it, checked against figures typed here."""

from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from quenotte.office.catalogue import rules
from quenotte.office.catalogue.rules import shipped
from quenotte.office.catalogue.rules.places import kind_fr
from quenotte.office.catalogue.rules.searching import Index, entry

DAY = date(2026, 3, 17)
FOLDER = files("quenotte.office.catalogue")


def _facts() -> dict[str, rules.ActFacts]:
    found = {}
    for one in shipped.acts(FOLDER.joinpath("acts.csv").read_text("utf-8")):
        fields = dict(one.fields)
        spans: dict[str, Any] = {
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


def test_shipped_acts_are_consistent() -> None:
    assert len(ACTS) == 252
    for act in ACTS.values():
        assert act.family in rules.FAMILIES, act.code
        assert act.area in rules.AREAS, act.code
        assert act.teeth in rules.TEETH, act.code
        assert act.coverage in rules.COVERAGES, act.code
        assert (act.coverage == "covered") == (act.tariff_cents is not None), act.code
        assert not act.is_by_teeth or act.allowed_teeth, act.code
        assert len(act.label) <= 70, act.code
    mine = {name for name in rules.NAMES if name}
    assert mine == set(rules.TEETH) - {"", "any"}


def test_what_is_charted_is_known_to_the_chart() -> None:
    from quenotte.care.chart.rules import MATERIALS, Kind

    for act in ACTS.values():
        if act.charts_as:
            kind = Kind(act.charts_as)
            assert not act.material or act.material in MATERIALS[kind], act.code


@pytest.mark.parametrize(
    ("text", "inside", "outside", "french"),
    [
        ("3", [3], [2, 4], "3"),
        ("1-3", [1, 3], [0, 4], "1\u00a0à\u00a03"),
        ("18-", [18, 99], [17], "18 et plus"),
        ("-15", [0, 15], [16], "jusqu’à 15"),
    ],
)
def test_span_says_what_it_allows(
    text: str, inside: list[int], outside: list[int], french: str
) -> None:
    span = rules.Span.of(text)

    assert span is not None
    assert str(span) == text
    assert all(number in span for number in inside)
    assert not any(number in span for number in outside)
    assert rules.span_fr(span) == french


def test_nothing_is_no_span() -> None:
    assert rules.Span.of("") is None
    assert rules.span_fr(rules.Span()) == ""
    assert rules.span_fr(rules.Span(18), "ans") == "18\u00a0ans et plus"


@pytest.mark.parametrize(
    ("code", "own_fee", "fee", "left"),
    [
        ("HBJD001", None, 2892, 1157),
        ("HBLD073", None, None, None),
        ("HBLD073", 44000, 44000, 36800),
        ("HBMD048", 55000, 55000, 55000),
        ("HNIMPL", None, None, None),
    ],
)
def test_what_is_asked_and_what_is_left(
    code: str, own_fee: int | None, fee: int | None, left: int | None
) -> None:
    act = replace(ACTS[code], own_fee_cents=own_fee)

    assert (act.fee_cents, act.left_cents(600)) == (fee, left)


CHECKS = tuple(
    rules.Rule(
        kind=row["kind"],
        codes=tuple(row["codes"].split()),
        others=tuple(row["others"].split()),
        times=row["times"],
        months=row["months"],
        is_by_tooth=row["is_by_tooth"],
        reason=row["reason"],
        source=row["source"],
    )
    for row in shipped.checks(FOLDER.joinpath("checks.csv").read_text("utf-8"))
)
JANUARY = date(2026, 1, 20)


def _kinds(
    code: str,
    *teeth: int,
    surfaces: str = "",
    age: int | None = 40,
    recent: tuple[rules.Done, ...] = (),
) -> list[str]:
    found = rules.warnings(ACTS[code], teeth, surfaces, age, DAY, recent, CHECKS)
    assert all(one.text for one in found)
    return [one.kind for one in found]


@pytest.mark.parametrize(
    ("code", "teeth", "options", "kinds"),
    [
        ("HBLD073", (16,), {}, []),
        ("HBLD073", (15,), {}, ["tooth"]),
        ("HBLD073", (), {}, ["tooth"]),
        ("HBLD073", (16, 17), {}, ["count"]),
        ("HBJD001", (), {}, []),
        ("HBMD049", (16,), {"surfaces": "MO"}, []),
        ("HBMD049", (16,), {"surfaces": "MOD"}, ["faces"]),
        ("HBMD049", (16,), {}, []),
        ("HBBD005", (16,), {"age": 15}, []),
        ("HBBD005", (16,), {"age": 16}, ["age"]),
        ("HBBD005", (16,), {"age": None}, []),
        ("LBLD015", (36,), {"age": 17}, ["age", "conditions"]),
        ("HBJA003", (), {}, ["conditions"]),
        ("HBLD785", (12, 11, 21), {}, []),
        ("HBLD785", (14, 15, 16), {}, ["tooth"]),
        ("HBLD227", (14, 15, 16), {}, []),
        ("HBLD227", (12, 11, 21), {}, ["tooth"]),
        ("HBLD088", (11, 12), {}, []),
    ],
)
def test_place_number_faces_and_age_are_looked_at(
    code: str, teeth: tuple[int, ...], options: dict[str, Any], kinds: list[str]
) -> None:
    assert _kinds(code, *teeth, **options) == kinds


@pytest.mark.parametrize(
    ("code", "teeth", "recent", "kinds"),
    [
        ("HBMD049", (16,), [("HBMD049", (16,), DAY)], ["twice", "together"]),
        ("HBMD049", (16,), [("HBMD049", (17,), DAY)], []),
        ("HBMD049", (16,), [("HBMD049", (16,), JANUARY)], []),
        ("HBQK002", (), [("HBQK002", (), DAY)], ["twice"]),
        ("HBJD001", (), [("HBJD001", (), JANUARY)], []),
        ("HBJD001", (), [("HBJD001", (), JANUARY), ("HBJD001", (), date(2025, 11, 3))], ["often"]),
        ("HBJD001", (), [("HBJD001", (), JANUARY), ("HBJD001", (), date(2025, 9, 17))], []),
        ("HBJD001", (), [("HBJA171", (), JANUARY)], ["after"]),
        ("HBJD001", (), [("HBJA171", (), date(2025, 9, 16))], []),
        ("HBJD001", (), [("HBJA171", (), date(2026, 9, 16))], []),
        ("HBBD005", (16,), [("HBBD006", (16, 26), date(2020, 5, 2))], ["often"]),
        ("HBLD490", (16,), [("HBLD490", (16,), JANUARY)], ["once_each"]),
        ("HBLD490", (16,), [("HBLD490", (16,), JANUARY), ("HBLD073", (16,), DAY)], []),
        ("HBLD490", (16,), [("HBLD073", (16,), JANUARY)], []),
        ("HBLD490", (16,), [("HBLD734", (16,), DAY)], ["together"]),
        ("HBLD090", (16,), [("HBMD042", (16,), DAY)], ["together"]),
        # A core and its crown are weeks apart, whichever is written first.
        ("HBLD090", (16,), [("HBLD734", (16,), date(2026, 4, 17))], ["together"]),
        ("HBLD090", (16,), [("HBLD734", (16,), JANUARY)], ["together"]),
        ("HBLD090", (16,), [("HBLD734", (17,), JANUARY)], []),
        ("HBLD090", (16,), [("HBLD734", (16,), date(2020, 1, 20))], []),
        ("HBLD490", (16,), [("HBLD490", (16,), date(2026, 4, 17))], []),
        ("HBQK002", (), [("HNIMPL", (36,), DAY)], ["together"]),
        ("HBFD008", (36,), [("HBGD036", (36,), DAY)], ["together"]),
        # Whichever is written first: what excludes one another is told both ways.
        ("HBGD036", (36,), [("HBFD008", (36,), DAY)], ["together"]),
        ("HBGD036", (36,), [("HBFD008", (37,), DAY)], []),
        ("LBLD015", (36,), [("HBQK002", (), DAY)], ["conditions", "together"]),
        ("HBMD042", (16,), [("HBLD090", (16,), DAY)], ["together"]),
        ("BDA", (), [("C", (), DAY)], ["together"]),
        ("C", (), [("BDA", (), DAY)], ["together"]),
        # Three teeth of one sitting are the act of three teeth.
        ("HBGD036", (46,), [("HBGD036", (36,), DAY), ("HBGD036", (37,), DAY)], ["together"]),
        ("HBGD036", (46,), [("HBGD043", (36, 37), DAY)], ["together"]),
        ("HBGD036", (46,), [("HBGD036", (36,), JANUARY)], []),
        ("HBGD036", (46,), [("HBGD022", (36,), DAY)], []),
        ("HBGD022", (46,), [("HBGD034", (36, 37), DAY)], ["together"]),
        ("HBGD018", (28,), [("HBGD004", (38,), DAY)], ["together"]),
    ],
)
def test_rules_of_billing_warn(
    code: str,
    teeth: tuple[int, ...],
    recent: list[tuple[str, tuple[int, ...], date]],
    kinds: list[str],
) -> None:
    done = tuple(rules.Done(*one) for one in recent)
    age = 10 if code in {"HBBD005", "BDA"} else 40

    assert _kinds(code, *teeth, age=age, recent=done) == kinds


def test_warning_says_why_and_since_when() -> None:
    done = [rules.Done("HBJA171", (), date(2026, 1, 31))]
    found = rules.warnings(ACTS["HBJD001"], (), "", 40, date(2026, 7, 30), done, CHECKS)

    assert [one.source for one in found] == ["CCAM, HBJD001"]
    assert "31/01/2026" in found[0].text
    # Six months after the 31st of August end on the last day of February.
    done = [rules.Done("HBJA171", (), date(2025, 8, 31))]
    assert not rules.warnings(ACTS["HBJD001"], (), "", 40, date(2026, 2, 28), done, CHECKS)


def test_act_beside_in_a_plan_is_not_said_to_be_done() -> None:
    planned = rules.Done("HBLD734", (16,), date(2026, 3, 18), is_planned=True)
    [found] = rules.warnings(ACTS["HBLD090"], (16,), "", 40, DAY, [planned], CHECKS)

    assert "Prévu dans le même plan" in found.text
    assert "Fait le" not in found.text


SHIPPED = list(ACTS.values())


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("couronne 16", "HBLD073 HBLD038 HBLD158 HBLD403 HBLD734 HBLD318"),
        ("couronne 11", "HBLD350 HBLD680 HBLD634 HBLD038 HBLD403 HBLD318"),
        ("couronne 15", "HBLD350 HBLD038 HBLD158 HBLD491 HBLD403 HBLD318"),
        ("couronne zircone 36", "HBLD073"),
        ("CCM 36", "HBLD734"),
        ("couronne implant 36", "HBLD418"),
        ("implant 36", "HNIMPL LBLD015"),
        ("implant 36 46", "HNIMPL LBLD010 LBLD015"),
        ("provisoire 46", "HBLD490 HBLD724 HBLD486 HBLD610"),
        ("inlay core 46", "HBLD090 HBLD745 HBLD245"),
        ("inlaycore 46", "HBLD090 HBLD745 HBLD245"),
        ("onlay 46", "HBMD351 HBMD460"),
        ("2 faces 24", "HBMD049"),
        ("24 MO", "HBMD049"),
        ("11 M", "HBMD058"),
        ("composite MOD 36", "HBMD038"),
        ("composite 11", "HBMD058 HBMD050 HBMD044 HBMD054 HBMD047"),
        ("composite", "HBMD053 HBMD058 HBMD049 HBMD050 HBMD038 HBMD054"),
        ("composite 11 1 angle", "HBMD044"),
        ("2 angles 21", "HBMD047"),
        ("composite 75 OD", "HBMD049"),
        ("endo 36", "HBFD008 HBFD024"),
        ("endo 36 nécrosée", "HBFD024"),
        ("endo 14 vivante", "HBFD021"),
        ("endo 25", "HBFD035 HBFD003"),
        ("endo 75", "HBFD019 HBFD474 HBFD006"),
        ("75 pulpotomie", "HBFD006"),
        ("pulpotomie 36", "HBFD032"),
        ("36 cvek", "HBFD032"),
        ("36 biopulpotomie", "HBFD032"),
        ("36 inlay céramique", "HBMD460"),
        ("onlay emax 46", "HBMD460"),
        ("36 inlay or", "HBMD460"),
        ("36 inlay composite", "HBMD351"),
        ("36 inlay métal", "HBMD351"),
        ("36 couronne céramique", "HBLD158 HBLD403"),
        ("36 couronne céramo-céramique", "HBLD158 HBLD403"),
        ("36 couronne céramo-métallique", "HBLD734"),
        ("36 couronne céramo", "HBLD734"),
        ("36 couronne céramique zircone", "HBLD073"),
        ("retraitement endo 36", "HBFD024 HBGD033"),
        ("extraction 18", "HBGD036 HBGD022 HBGD031 HBGD044 HBGD039 HBGD018"),
        ("extraction 14 24", "HBGD043 HBGD034 HBGD032"),
        ("extraction 14 15 24", "HBGD319 HBGD287"),
        ("extraction 51", "HBGD035 HBGD042"),
        ("extraction chirurgicale 36", "HBGD022 HBGD031"),
        ("extraction racine 36", "HBGD031 HBGD016"),
        ("38 48 incluses extraction", "HBGD025"),
        ("scellement 16 26", "HBBD006"),
        ("bridge 14 15 16", "HBLD099 HBLD033 HBLD043 HBLD227 HBLD040 HBLD426 HBLD750 HBLD178"),
        ("bridge 13 12 11 21 22 23", "HBLD785 HBLD033 HBLD043 HBLD040 HBLD426 HBLD178 HBLD099"),
        ("bridge collé 13 12 11 21", "HBLD466"),
        ("bridge métal 12 11 21", "HBLD033 HBLD040"),
        ("bridge collé 12 11", "HBLD093"),
        ("bridge extension 12 11", "HBLD093 HBLD088"),
        ("bridge provisoire 14 15 16", "HBLD034"),
        ("stellite 14 15 24", "HBLD131"),
        ("prothèse 14 15 24", "HBLD364 HBLD131"),
        ("dentier complet résine", "HBLD031 HBLD035 HBLD032 HBLD259"),
        ("détartrage", "HBJD001"),
        ("pano", "HBQK002"),
        ("consult", "C CBX"),
        ("dépose couronne 16", ""),
        ("bonjour", ""),
        ("", ""),
    ],
)
def test_words_and_a_tooth_lead_to_codes(words: str, codes: str) -> None:
    found = rules.propose(SHIPPED, rules.understand(words), 600)

    assert [one.act.code for one in found] == codes.split()


def test_proposal_says_why_and_what_is_left() -> None:
    act = replace(ACTS["HBLD073"], own_fee_cents=44000)
    [found] = rules.propose([act], rules.understand("couronne", [16]), 600)

    assert (found.teeth, found.left_cents) == ((16,), 36800)
    assert found.reason == "16 : molaire · 100 % Santé"
    [found] = rules.propose(SHIPPED, rules.understand("scellement 16 26"), 600)
    assert found.reason == "2 dents"
    [found] = rules.propose(SHIPPED, rules.understand("24 mo"), 600)
    assert (found.surfaces, found.reason) == ("MO", "24 : prémolaire · 2 face(s)")


@pytest.mark.parametrize(
    ("words", "teeth", "surfaces", "faces"),
    [
        ("couronne 16", (16,), "", 0),
        ("16 MOD composite", (16,), "MOD", 3),
        ("16 O", (16,), "O", 1),
        ("soin d", (), "", 0),
        ("enfant de 12 ans 46", (46,), "", 0),
        ("3 faces", (), "", 3),
        ("99 16 16", (16,), "", 0),
    ],
)
def test_what_is_typed_is_understood(
    words: str, teeth: tuple[int, ...], surfaces: str, faces: int
) -> None:
    asked = rules.understand(words)

    assert (asked.teeth, asked.surfaces, asked.faces) == (teeth, surfaces, faces)


def test_official_act_with_or_without_tooth_keeps_it() -> None:
    act = replace(ACTS["HBJD001"], area="open", teeth="any")

    assert rules.proposal(act, rules.understand("16"), 600).teeth == (16,)


@pytest.mark.parametrize("tooth", [11, 13, 14, 16, 51, 53, 54])
def test_sort_of_tooth_has_a_name(tooth: int) -> None:
    names = {11: "incisive", 13: "canine", 14: "prémolaire", 16: "molaire"}
    names |= {51: "incisive de lait", 53: "canine de lait", 54: "molaire de lait"}

    assert kind_fr(tooth) == names[tooth]


INDEX = Index(
    entry(act.code, act.label, (act.words,), rank) for rank, act in enumerate(ACTS.values())
)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("HBJD001", "HBJD001"),
        ("hbld07", "HBLD073"),
        ("C", "C"),
        ("detart", "HBJD001"),
        ("gouttiere bruxisme", "HBLD018"),
        ("dépose 16", "HBGD027"),
        ("couronnes zircone", "HBLD350"),
        ("blanchiment", "HBMD001"),
        ("sagesse bas", "HBGD004"),
        ("de la", ""),
        ("xyzzy", ""),
        ("xyzzy 16", ""),
        ("os", ""),
    ],
)
def test_act_is_found_as_it_is_typed(text: str, first: str) -> None:
    found = INDEX.search(text, 50)

    assert (first in found) if first else (found == [] or text == "os")


def test_best_answers_stand_first() -> None:
    assert INDEX.search("radiographie panoramique", 3)[0] == "HBQK002"
    assert INDEX.search("consultation", 5)[0] == "C"
    assert len(INDEX.search("extraction", 4)) == 4


def test_long_bridge_says_what_its_act_does_not_cover() -> None:
    typed = "bridge 14 13 12 11 21 22 23 24"
    first, *_others, last = rules.propose(SHIPPED, rules.understand(typed), 600)
    assert first.act.code == "HBLD785"
    assert "plus de 6 éléments : ajoutez les piliers intermédiaires" in first.reason
    assert last.act.code == "HBLD099"
    assert "cet acte ne couvre pas 8 dents" in last.reason


@pytest.mark.parametrize(
    ("code", "age", "kinds"),
    [("HBLD031", 3, ["growth"]), ("HBLD031", 60, []), ("HBLD031", None, [])],
)
def test_full_denture_of_a_child_is_looked_at_twice(
    code: str, age: int | None, kinds: list[str]
) -> None:
    found = rules.warnings(ACTS[code], (), "", age, date(2026, 3, 17), [])
    assert [one.kind for one in found if one.kind == "growth"] == kinds
