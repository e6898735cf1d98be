"""Decisions on visits: places of a note, doses, what was left open; without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

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
        (ARTICAINE, None, 40, 500),
        (LIDOCAINE, None, 5, 300),
        (replace(LIDOCAINE, most_mg=0), None, 40, None),
        (ARTICAINE, 60, 40, 420),
        (ARTICAINE, 90, 40, 500),
        (ARTICAINE, 20, 6, 100),
        (ARTICAINE, 20, None, 100),
        (MEPIVACAINE, 50, 40, 220),
        (MEPIVACAINE, 30, 11, 90),
        (MEPIVACAINE, 30, None, 90),
        (MEPIVACAINE, 50, 12, 220),
        (LIDOCAINE, 80, 40, 300),
    ],
)
def test_most_at_a_weight(product, weight, age, most):
    assert rules.most_mg(product, weight, age) == most


@pytest.mark.parametrize(
    ("product", "weight", "age", "said"),
    [
        (MEPIVACAINE, 25, 3, True),
        (MEPIVACAINE, 19, 5, True),
        (MEPIVACAINE, 19, None, True),
        (MEPIVACAINE, 20, 4, False),
        (MEPIVACAINE, None, None, False),
        (ARTICAINE, 10, 2, True),
        (ARTICAINE, 30, 3, True),
        (ARTICAINE, 20, 4, False),
        (LIDOCAINE, 10, 2, False),
    ],
)
def test_product_that_is_ruled_out_for_a_small_child(product, weight, age, said):
    assert rules.is_too_young(product, weight, age) is said


def given(product, dose):
    return rules.Given(product.name, dose, product.limits)


def test_products_of_one_substance_share_its_maximum():
    found = rules.together([given(ARTICAINE, 300), given(rules.USUAL[1], 190)], 70, 40)
    (line,) = found.substances
    assert (line.name, line.dose, line.most, line.is_over) == ("articaïne", 490, 490, False)
    assert (line.is_in_several, found.percent, found.is_over_together) == (True, 100, False)
    # One milligram more, of either, is over the maximum of articaine alone.
    (over,) = rules.together([given(ARTICAINE, 300), given(rules.USUAL[1], 191)], 70, 40).substances
    assert over.is_over
    alone = rules.together([given(ARTICAINE, 450), given(ARTICAINE, 450)], 70, 40)
    assert (alone.substances[0].name, alone.substances[0].is_in_several) == (ARTICAINE.name, False)
    assert (alone.substances[0].is_over, alone.is_over_together) == (True, False)


def test_the_lowest_maximum_of_a_substance_holds_whatever_the_name_of_its_products():
    # A brand of the practice, described with a higher maximum: 9 mg/kg, 700 mg.
    brand = rules.Given("Septanest", 200, rules.Limits(9000, 9000, 700, "X"))
    (line,) = rules.together([brand, given(ARTICAINE, 200)], 70, 40).substances
    assert (line.name, line.dose, line.most) == ("articaïne", 400, 490)
    # One that names no maximum at all does not hide the one that is known.
    bare = rules.Given("Articaïne, ancienne cartouche", 100, None)
    found = rules.together([bare, given(ARTICAINE, 400)], 70, 40)
    assert [(one.dose, one.most, one.is_over) for one in found.substances] == [(500, 490, True)]
    assert found.percent == 103


def test_shares_of_several_substances_add_up():
    # 70 kg: articaine 490 mg, lidocaine 300 mg, mepivacaine 300 mg.
    half = rules.together([given(ARTICAINE, 245), given(LIDOCAINE, 150)], 70, 40)
    assert (half.percent, half.is_over_together) == (100, False)
    two_products = [given(ARTICAINE, 123), given(rules.USUAL[1], 122)]
    third = rules.together([*two_products, given(LIDOCAINE, 75), given(MEPIVACAINE, 78)], 70, 40)
    assert [one.dose for one in third.substances] == [245, 75, 78]
    assert [one.is_over for one in third.substances] == [False, False, False]
    assert (third.percent, third.is_over_together) == (101, True)
    # A child of 20 kg and 6 years: 100 mg of articaine, 88 mg of lidocaine, 60 of mepivacaine.
    child = rules.together([given(ARTICAINE, 50), given(MEPIVACAINE, 31)], 20, 6)
    assert (child.percent, child.is_over_together) == (102, True)


@pytest.mark.parametrize(
    ("name", "substance"),
    [
        (ARTICAINE.name, "articaine"),
        (LIDOCAINE.name, "lidocaine"),
        (MEPIVACAINE.name, "mepivacaine"),
        ("SCANDONEST 3 %", "mepivacaine"),
        ("Ubistesin 1/200 000", "articaine"),
        ("Emla", ""),
        ("Produit du cabinet", ""),
    ],
)
def test_the_name_of_a_product_tells_its_substance(name, substance):
    assert rules.substance_of(name) == substance


def test_doses_whose_maximum_is_not_known():
    nobody = rules.Given("Ancien", 40, None)
    found = rules.together([given(ARTICAINE, 40), nobody], 70, 40)
    assert [line.most for line in found.substances] == [490, None]
    assert (found.percent, found.is_over_together) == (None, False)
    # What is known is too much already, whatever the third one adds.
    known = [given(ARTICAINE, 300), given(LIDOCAINE, 150)]
    over = rules.together([*known, nobody], 70, 40)
    assert (over.percent, over.at_least, over.is_over_together) == (None, 112, True)
    assert rules.together([], None, None).percent == 0
    assert rules.together([given(ARTICAINE, 40)], None, 40).percent == 8
    changed = rules.Given(ARTICAINE.name, 40, rules.Limits(1000, 1000, 500, "Autre"))
    (line,) = rules.together([given(ARTICAINE, 40), changed], 70, 40).substances
    assert (line.most, line.dose, line.is_over) == (70, 80, True)


def test_open_visit_gives_way_to_another_appointment_of_another_day():
    monday, tuesday, one, two = date(2026, 3, 16), date(2026, 3, 17), uuid4(), uuid4()
    asked = [
        rules.is_passed(opened_on=day, today=tuesday, appointment=kept, asked=wanted)
        for day, kept, wanted in (
            (monday, one, two),
            (monday, None, two),
            (monday, one, one),
            (monday, one, None),
            (tuesday, one, two),
        )
    ]
    assert asked == [True, True, False, False, False]


def test_each_product_says_where_its_figures_come_from():
    assert all(one.source for one in rules.USUAL)


@pytest.mark.parametrize(
    ("quarters", "words"),
    [(4, "1 cartouche"), (7, "1,75 cartouche"), (1, "0,25 cartouche"), (10, "2,5 cartouches")],
)
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


@pytest.mark.parametrize(
    ("typed", "kilos"),
    [("70", 70), ("70,5", 70), (" 8.4 kg", 8), ("", 0), ("x", 0), ("1e2", 0), ("12,", 0)],
)
def test_weight_is_read_with_a_comma_and_rounded_down(typed, kilos):
    assert rules.whole_kilos(typed) == kilos


@pytest.mark.parametrize(
    ("product", "codes", "weight", "words", "grave"),
    [
        (ARTICAINE, {"adrenaline"}, 70, "adrénaline à éviter", True),
        (ARTICAINE, {"sulphites"}, 70, "sulfites", True),
        (ARTICAINE, {"hypertension"}, 70, "à limiter", False),
        (ARTICAINE, set(), 12, "trop bas", True),
        (MEPIVACAINE, {"adrenaline", "sulphites", "heart_disease"}, 70, "", False),
        (MEPIVACAINE, {"local_anaesthetic"}, 70, "allergie", True),
        (ARTICAINE, {"asthma"}, 70, "asthme : contient des sulfites", False),
        (MEPIVACAINE, {"asthma", "heart_failure"}, 70, "", False),
        (LIDOCAINE, {"heart_failure"}, 70, "insuffisance cardiaque : vasoconstricteur", False),
        (MEPIVACAINE, {"epilepsy"}, 70, "épilepsie : contre-indiqué si non équilibrée", True),
        (ARTICAINE, {"epilepsy"}, 70, "épilepsie : contre-indiqué si non équilibrée", True),
        (MEPIVACAINE, {"conduction"}, 70, "trouble sévère non appareillé", True),
        (LIDOCAINE, {"conduction"}, 70, "trouble du rythme : vasoconstricteur", True),
    ],
)
def test_what_the_record_says_against_a_product(product, codes, weight, words, grave):
    found = rules.cautions(product, codes, weight, 40)
    assert words in "".join(one.words for one in found)
    assert (bool(found), rules.is_grave(found)) == (bool(words), grave)


@pytest.mark.parametrize(
    ("code", "kind", "label", "codes"),
    [
        ("latex", "allergy", "Lidocaïne", {"latex"}),
        ("", "allergy", "Lidocaïne (Xylocaïne) : œdème de Quincke", {"local_anaesthetic"}),
        ("", "allergy", "Septanest", {"local_anaesthetic"}),
        ("", "allergy", "l’anesthésie du dentiste", {"local_anaesthetic"}),
        ("", "allergy", "articaïne, métabisulfite", {"local_anaesthetic", "sulphites"}),
        ("", "allergy", "Sulfites", {"sulphites"}),
        ("", "allergy", "adrénaline", {"adrenaline"}),
        ("", "allergy", "Noix", set()),
        ("", "allergy", "Amoxicilline", set()),
        ("", "precaution", "Anesthésie mal supportée", {"bad_anaesthesia"}),
        ("", "condition", "Peur de l’anesthésie", set()),
        ("", "condition", "Lidocaïne", set()),
    ],
)
def test_what_an_alert_means_before_an_injection(code, kind, label, codes):
    assert rules.meant(code, kind, label) == codes


def test_an_anaesthesia_that_went_badly_is_asked_of_each_product():
    for one in rules.USUAL:
        assert rules.is_grave(rules.cautions(one, {"bad_anaesthesia"}, 70, 40))


def test_source_of_each_product_fits_its_column():
    assert all(len(one.source) <= 200 for one in rules.USUAL)


@pytest.mark.parametrize(
    ("acts", "tooth"),
    [
        ([], ""),
        ([("crown", "16")], "16"),
        ([("crown", "16"), ("", "26")], ""),
        ([("implant", "36"), ("", "26")], "36"),
        ([("implant", "36 37")], ""),
    ],
)
def test_tooth_of_a_device_is_proposed_without_a_doubt(acts, tooth):
    assert rules.tooth_of_device(acts) == tooth


@pytest.mark.parametrize(
    ("found", "place"),
    [
        ([], None),
        ([(False, 300)], None),
        ([(False, 60)], 0),
        ([(False, -200), (False, 30)], 1),
        ([(False, 5), (True, 400)], 1),
    ],
)
def test_appointment_that_somebody_came_for(found, place):
    now = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
    minutes = [(arrived, now + timedelta(minutes=n)) for arrived, n in found]
    assert rules.due_now(minutes, now) == place


def test_figures_that_a_practice_changed_are_known_with_the_shipped_ones():
    (articaine, *_others) = rules.USUAL
    assert rules.shipped_otherwise(articaine) == {}
    own = replace(articaine, name="Septanest", most_mg=400, from_kg=0)
    assert rules.shipped_otherwise(own) == {"most_mg": 500, "from_kg": 20}
    assert rules.shipped_otherwise(replace(own, code="autre-1")) == {}


@pytest.mark.parametrize(
    ("number", "name", "articles", "place"),
    [
        ("A2411", "Ciment", ["Filtek Supreme"], 0),
        ("12", "Ciment", ["Filtek Supreme"], None),
        ("12", "composite FILTEK", ["Filtek Supreme", "Gants"], 0),
        ("A2411", "", ["Filtek Supreme", "Gants"], None),
        ("A2411", "Ciment", [], None),
    ],
)
def test_typed_number_means_a_lot_only_without_a_doubt(number, name, articles, place):
    known = [(uuid4(), article) for article in articles]
    found = rules.lot_meant(number, name, known)
    assert found == (None if place is None else known[place][0])
