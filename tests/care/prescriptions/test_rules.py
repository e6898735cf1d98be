"""What a line says, what it reminds of, and what templates become."""

import re
from dataclasses import replace

import pytest

from quenotte.care.patients.rules import ALERTS
from quenotte.care.prescriptions.rules import (
    amounts,
    bdpm,
    checking,
    doses,
    letters,
    lines,
    recalling,
    usual,
)
from quenotte.care.prescriptions.rules.lines import Line, belonging
from quenotte.care.prescriptions.rules.recalling import Noted
from quenotte.kernel import medicines

AMOX = Line("Amoxicilline", "gélule", "500 mg", "2 gélules", 2, 7, "QSP 7 jours", "Au repas.")


def test_a_line_is_told_as_people_read_it():
    assert AMOX.title == "Amoxicilline 500 mg, gélule"
    assert AMOX.posology == "2 gélules 2 fois par jour pendant 7 jours"
    assert AMOX.told.endswith("Quantité : QSP 7 jours. Au repas")
    assert Line("Brosse").told == ""
    assert Line("X", days=1).posology == "pendant 1 jour"


def test_lines_are_kept_and_read_again():
    found = [AMOX, Line("Doliprane", cis="60000001", substances=("paracétamol",))]
    kept = lines.to_json(found)
    assert "dose" not in kept[1]
    assert lines.from_json([*kept, {"name": "z", "later": 1}]) == [*found, Line("z")]


def _codes(line, alerts=(), age=40):
    noted = [Noted(one, "x", one) for one in alerts]
    return [(one.code, one.tone) for one in recalling.reminders(line, noted, age)]


@pytest.mark.parametrize(
    ("name", "alerts", "age", "expected"),
    [
        ("Amoxicilline", ["penicillin"], 40, [("penicillin:penicillins", "danger")]),
        ("AUGMENTIN 1 g", ["penicillin"], 40, [("penicillin:penicillins", "danger")]),
        ("Céfalexine", ["penicillin"], 40, [("penicillin:cephalosporins", "attention")]),
        ("Clindamycine", ["penicillin"], 40, []),
        ("Advil", ["pregnancy"], 30, [("pregnancy:nsaids", "danger")]),
        ("Doxycycline", ["pregnancy"], 30, [("pregnancy:tetracyclines", "danger")]),
        ("Aspirine", ["anticoagulant"], 70, [("anticoagulant:aspirin", "danger")]),
        ("Ibuprofène", ["anticoagulant", "asthma"], 70,
         [("anticoagulant:nsaids", "danger"), ("asthma:nsaids", "attention")]),
        ("Triflucan", ["pregnancy"], 30, [("pregnancy:azoles", "danger")]),
        ("BRISTOPEN 500", ["penicillin"], 40, [("penicillin:penicillins", "danger")]),
        ("Josacine", ["macrolides"], 40, [("macrolides:macrolides", "danger")]),
        ("Daktarin", ["anticoagulant"], 70, [("anticoagulant:azoles", "danger")]),
        ("Codoliprane", [], 9, [("age-12:codeine", "danger")]),
        ("Doxycycline", [], 7, [("age-8:tetracyclines", "danger")]),
        ("Aspirine", [], None, []),
        ("Brosse à dents", list(ALERTS), 5, []),
        ("Amoxicilline", ["anticoagulant"], 70, []),
        ("Doxycycline", ["anticoagulant"], 70, [("anticoagulant:tetracyclines", "attention")]),
        ("Bactrim", ["anticoagulant"], 70, [("anticoagulant:sulfonamides", "danger")]),
        ("Celebrex", ["pregnancy"], 30,
         [("pregnancy:nsaids", "danger"), ("pregnancy:coxibs", "danger")]),
        ("Bétadine", ["pregnancy"], 30, [("pregnancy:iodine", "attention")]),
        ("Eludril", [], 6, [("age-7:chlorhexidine", "attention")]),
        ("Advil", ["stomach_ulcer"], 50, [("stomach_ulcer:nsaids", "danger")]),
        ("Aspirine", ["stomach_ulcer"], 50, [("stomach_ulcer:aspirin", "danger")]),
        ("Doliprane", ["stomach_ulcer", "heart_failure"], 50, []),
        ("Antadys", ["heart_failure"], 70, [("heart_failure:nsaids", "danger")]),
        ("Celebrex", ["heart_failure"], 70,
         [("heart_failure:nsaids", "danger"), ("heart_failure:coxibs", "danger")]),
        ("Solupred", ["heart_failure", "stomach_ulcer"], 70,
         [("stomach_ulcer:corticosteroids", "attention"),
          ("heart_failure:corticosteroids", "attention")]),
        ("Zeclar", ["conduction"], 70, [("conduction:macrolides", "attention")]),
        ("Ibuprofène", ["kidney_failure"], 70, [("kidney_failure:nsaids", "danger")]),
    ],
)  # fmt: skip
def test_a_line_reminds_of_the_patient_s_own_alerts(name, alerts, age, expected):
    assert _codes(Line(name), alerts, age) == expected


def test_every_alert_of_the_table_is_one_of_the_records_and_every_family_is_known():
    assert {row[0] for row in recalling._BY_ALERT} <= set(ALERTS)
    known = set(medicines.FAMILIES)
    assert {row[1] for row in (*recalling._BY_ALERT, *recalling._BY_AGE)} <= known
    assert known >= recalling._ONCE


@pytest.mark.parametrize(
    ("label", "name", "is_told"),
    [
        ("Allergie à l’amoxicilline", "CLAMOXYL 500", True),
        ("Pénicilline (enfance)", "Amoxicilline", True),
        ("Doliprane", "DOLIPRANE 1000", True),
        ("Pollens", "Amoxicilline", False),
        ("Céphalosporines", "Orelox", True),
        ("bétalactamines", "Amoxicilline", True),
        ("Bêta-lactamines", "Céfalexine", True),
        ("Pénicilline", "Bristopen", True),
        ("Anti-inflammatoires", "Ibuprofène", True),
        ("AINS", "Antadys", True),
        ("Pollens ainsi que chats", "Antadys", False),
        ("Salicylés", "Aspégic", True),
        ("Macrolides", "Rodogyl", True),
        ("Macrolides", "Doliprane", False),
    ],
)
def test_an_allergy_typed_freely_is_compared_too(label, name, is_told):
    found = recalling.reminders(Line(name), [Noted("", "allergy", label)], 40)
    assert [one.tone for one in found] == (["danger"] if is_told else [])
    assert recalling.reminders(Line(name), [Noted("", "condition", label)], 40) == []


def test_the_substances_are_those_of_the_public_file_and_of_the_name():
    line = Line("CLAMOXYL", substances=("ibuprofène",))
    assert _codes(line, ["penicillin", "nsaid"]) == [
        ("penicillin:penicillins", "danger"),
        ("nsaid:nsaids", "danger"),
    ]
    assert Line("AMOXICILLINE", substances=("amoxicilline trihydratée",)).known_substances == (
        "amoxicilline trihydratée",
    )


DOLIPRANE = Line(
    "DOLIPRANE 1000 mg", "comprimé", cis="60000001", substances=("paracétamol",), times=2
)


@pytest.mark.parametrize(
    ("typed", "drug", "kept"),
    [
        ({}, DOLIPRANE, DOLIPRANE),
        ({"name": "Doliprane 1000mg"}, DOLIPRANE, replace(DOLIPRANE, name="Doliprane 1000mg")),
        ({"substances": ("amoxicilline",)}, DOLIPRANE, DOLIPRANE),
        ({"name": "Amoxicilline 1 g"}, DOLIPRANE, Line("Amoxicilline 1 g", times=2)),
        (
            {"name": "Amoxicilline 1 g", "form": "gélule"},
            DOLIPRANE,
            Line("Amoxicilline 1 g", "gélule", times=2),
        ),
        ({}, None, Line("DOLIPRANE 1000 mg", "comprimé", times=2)),
    ],
)
def test_a_line_keeps_of_the_public_file_what_belongs_to_its_name(typed, drug, kept):
    assert belonging(replace(DOLIPRANE, **typed), drug) == kept


def test_twice_the_same_family_is_told_once():
    found = recalling.doubles([Line("Doliprane"), AMOX, Line("Dafalgan codéine"), Line("Betadine")])
    assert list(found) == [2]
    assert "paracetamol" in found[2].words


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("Birodogyl", "Flagyl", "double:imidazoles"),
        ("Ixprim", "Topalgic", "double:tramadol"),
        ("Dalacine", "Clindamycine", "double:lincosamides"),
        ("Doxycycline", "Minocycline", "double:tetracyclines"),
        ("Aspirine 1 g", "Ibuprofène 400", "double:aspirin-nsaids"),
        ("Ibuprofène 400", "Aspirine 1 g", "double:aspirin-nsaids"),
        ("Codoliprane", "Topalgic", "double:opioids"),
        ("Amoxicilline", "Flagyl", None),
        ("Eludril", "Chlorhexidine gel", None),
    ],
)
def test_what_seldom_stands_beside_another_line(first, second, code):
    found = recalling.doubles([Line(first), Line(second)])
    assert {place: one.code for place, one in found.items()} == ({1: code} if code else {})


@pytest.mark.parametrize(
    ("name", "limit", "code", "tone"),
    [
        ("Kétoprofène 100 mg", 15, "age-15:ketoprofen", "danger"),
        ("Bi-Profénid", 15, "age-15:ketoprofen", "danger"),
        ("Antadys 100 mg", 15, "age-15:flurbiprofen", "attention"),
        ("Arcoxia", 16, "age-16:coxibs", "danger"),
        ("Ciprofloxacine", 18, "age-18:fluoroquinolones", "danger"),
    ],
)
def test_the_age_from_which_a_medicine_is_given(name, limit, code, tone):
    told = [(one.code, one.tone) for one in recalling.reminders(Line(name), [], limit - 1)]
    assert told == [(code, tone)]
    assert recalling.reminders(Line(name), [], limit) == []
    assert recalling.reminders(Line(name), [], None) == []


@pytest.mark.parametrize(
    ("name", "kg", "age", "take"),
    [
        ("Amoxicilline", 20.0, 6, "500 mg 2 fois"),
        ("Amoxicilline", 50.0, 12, "1000 mg 2 fois"),
        ("Paracétamol", 12.5, 2, "180 mg 4 fois"),
        ("Codoliprane", 20.0, 13, ""),
        ("AUGMENTIN", 20.0, 6, ""),
        ("Amoxicilline/acide clavulanique", 20.0, 6, ""),
        ("Paracétamol caféine", 20.0, 6, ""),
        ("Amoxicilline", 20.0, 40, ""),
        ("Amoxicilline", 90.0, 12, ""),
        ("Amoxicilline", None, 6, ""),
        ("Ibuprofène", 20.0, 6, ""),
    ],
)
def test_a_dose_by_weight_is_a_help_with_its_source(name, kg, age, take):
    said = doses.help_for(Line(name), weight_kg=kg, age_years=age)
    assert (take in said, "Aide, à vérifier" in said, "Source" in said) == (
        True,
        bool(take),
        bool(take),
    )


@pytest.mark.parametrize(
    ("substances", "is_helped"),
    [
        (("amoxicilline", "acide clavulanique"), False),
        (("amoxicilline trihydratée", "clavulanate de potassium"), False),
        (("amoxicilline trihydratée",), True),
        (("amoxicilline trihydratée", "amoxicilline"), True),
    ],
)
def test_an_association_of_the_public_file_has_no_dose_of_its_first_substance(
    substances, is_helped
):
    line = Line("AMOXICILLINE ESSAI", cis="60000001", substances=substances)
    assert bool(doses.help_for(line, weight_kg=20.0, age_years=6)) is is_helped


@pytest.mark.parametrize(
    ("name", "substances", "printed"),
    [
        ("CLAMOXYL 500 mg", ("amoxicilline",), "amoxicilline"),
        ("AUGMENTIN", ("amoxicilline", "acide clavulanique"), "amoxicilline, acide clavulanique"),
        ("PARACÉTAMOL ESSAI 1 g", ("paracétamol",), ""),
        ("Brosse à dents", (), ""),
    ],
)
def test_a_brand_is_printed_with_its_active_substances(name, substances, printed):
    assert Line(name, substances=substances).dci == printed


def test_the_salt_gives_way_to_what_acts_in_it():
    salt = "60000001\tgélule\t1\tACÉTYLSALICYLATE DE LYSINE\t900 mg\tun sachet\tSA\t1\n"
    acts = "60000001\tgélule\t2\tACIDE ACÉTYLSALICYLIQUE\t500 mg\tun sachet\tFT\t1\n"
    other = "60000001\tgélule\t3\tMÉTOCLOPRAMIDE\t10 mg\tun sachet\tSA\t2\n"
    for contents in (salt + acts + other, acts + salt + other):
        (found,) = bdpm.drugs(TEXTS | {bdpm.CONTENTS: contents})
        assert found.substances == ("acide acétylsalicylique", "métoclopramide")


_BOTTLES = re.compile(r"(\d+) flacons? de (\d+) ml")


_TAKEN = [line for one in usual.USUAL for line in one.lines if line.times and line.days]


@pytest.mark.parametrize("line", _TAKEN, ids=lambda line: line.title)
def test_a_quantity_is_what_the_posology_takes(line):
    bottles = _BOTTLES.fullmatch(line.quantity)
    if bottles is None:
        assert line.quantity == f"QSP {line.days} jours"
        return
    count, size_ml = map(int, bottles.groups())
    taken_ml = int(line.dose.removesuffix(" ml")) * line.times * line.days
    assert (count - 1) * size_ml < taken_ml <= count * size_ml


def test_what_every_practice_begins_with_is_whole():
    assert len(usual.USUAL) >= 12
    assert len({one.code for one in (*usual.USUAL, *letters.USUAL)}) == len(usual.USUAL) + len(
        letters.USUAL
    )
    for one in letters.USUAL:
        letters.check(str(one.body))


def test_places_are_filled_and_what_is_missing_says_so():
    text = letters.filled("{patient} ({dents}) {autre}", {"patient": "Zoé {date}", "dents": " "})
    assert text == "Zoé {date} ([à compléter : dents]) {autre}"
    assert not letters.is_complete(text)
    assert letters.is_complete("rien")
    with pytest.raises(letters.UnknownPlace):
        letters.check("{patient} {nom}")


def test_an_empty_line_parts_two_paragraphs():
    assert letters.paragraphs("a\r\nb\r\n \r\n\r\nc\n") == [["a", "b"], ["c"]]
    assert letters.paragraphs(" \n") == []


DRUGS = (
    "60000001\tAMOXICILLINE ESSAI 500 mg, gélule\tgélule\torale\tAutorisation active\tNat\t"
    "Commercialisée\t01/01/2000\t\t\t ESSAI\tNon\n"
    "\n"
    "60000002\tVIEUX\tgélule\torale\tAutorisation abrogée\tNat\tCommercialisée\t\t\t\tX\tNon\n"
)
PACKS = (
    "60000001\t1\tplaquette de 12 gélules\tActive\tDéclaration de commercialisation\t\t34\toui\n"
    "60000001\t2\tflacon\tActive\tDéclaration d'arrêt de commercialisation\t\t35\toui\n"
)
CONTENTS = "60000001\tgélule\t1\tAMOXICILLINE  TRIHYDRATÉE\t574 mg\tune gélule\tSA\t1\n" * 2
TEXTS = {bdpm.DRUGS: DRUGS, bdpm.PACKS: PACKS, bdpm.CONTENTS: CONTENTS}


def test_the_public_file_is_read_as_it_is_published():
    found = list(bdpm.drugs(TEXTS | {bdpm.CONDITIONS: "\n60000001\tliste I\n\n"}))
    assert [(one.cis, one.holder, one.is_sold) for one in found] == [("60000001", "ESSAI", True)]
    assert found[0].substances == ("amoxicilline trihydratée",)
    assert (found[0].packs, found[0].conditions) == (("plaquette de 12 gélules",), "liste I")


def test_both_ways_of_writing_are_read():
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        assert bdpm.decoded("gélule".encode(encoding)) == "gélule"


@pytest.mark.parametrize("wrong", ["6000000\tA\n", "<html>\n", "60000001\tA\tB\n"])
def test_another_layout_is_named_with_its_line(wrong):
    with pytest.raises(bdpm.WrongLayout) as error:
        list(bdpm.drugs(TEXTS | {bdpm.DRUGS: DRUGS + wrong}))
    assert (error.value.file, error.value.number) == (bdpm.DRUGS, 4)


def test_medicines_that_are_sold_and_begin_with_the_word_come_first():
    from quenotte.care.prescriptions.drugs import index_of

    rows = [("3", "zeta amox", True), ("2", "amox beta", False), ("1", "amox alpha", True)]
    index = index_of(1, rows)
    assert index.search("amo") == ["1", "2", "3"]
    assert index.search("AMÓ ze") == ["3"]
    assert index.search("amo", limit=2) == ["1", "2"]
    assert index.search("a") == index.search("amo gamma") == []


@pytest.mark.parametrize(
    ("strength", "dose", "times", "daily"),
    [
        ("500 mg", "2 gélules", 2, 2000),
        ("1 g", "1 comprimé", 3, 3000),
        ("1 g", "½ comprimé", 2, 1000),
        ("1 g", "1/2 comprimé", 2, 1000),
        ("500 mg", "1 à 2 comprimés", 3, 3000),
        ("", "300 mg", 4, 1200),
        ("500 mg", "4 gélules en une prise", None, 2000),
        ("250 mg/5 ml", "5 ml", 2, None),
        ("250 mg", "5 ml", 2, None),
        ("2,4 %", "Une dose selon le poids", 4, None),
        ("", "1 comprimé", 3, None),
    ],
)
def test_the_milligrams_of_a_day(strength, dose, times, daily):
    assert amounts.daily_mg(Line("Paracétamol", "", strength, dose, times)) == daily


def _checked(found, kg, age):
    told = checking.checks(found, kg, age)
    return [{one.code for one in told[place]} for place in range(len(found))]


def test_a_girl_of_six_given_the_template_of_wisdom_teeth():
    found = next(one.lines for one in usual.USUAL if one.code == "sagesse")
    amoxicillin, pain, ibuprofen, rinse, brush = _checked(found, None, 6)
    assert amoxicillin == {"child-weight", "adult-line:penicillins"}
    assert pain == {"adult-line:paracetamol", "adult-strength:paracetamol"}
    assert ibuprofen == {"adult-line:nsaids", "adult-strength:nsaids"}
    assert rinse == {"adult-line:chlorhexidine"}
    assert brush == set()
    heavy = _checked(found, 20.0, 6)
    assert "child-dose:penicillins" in heavy[0]
    assert "child-dose:paracetamol" in heavy[1]
    assert "child-dose:nsaids" in heavy[2]
    assert _checked(found, None, 30) == [set()] * 5
    assert _checked(found[1:2], 60.0, 14) == [{"adult-line:paracetamol"}]


def test_a_small_child_and_a_tablet():
    tablet = Line("Paracétamol", "comprimé", "100 mg", "1 comprimé", 3)
    assert _checked([tablet], 20.0, 5) == [{"child-solid"}]
    melts = Line("Paracétamol", "comprimé orodispersible", "100 mg", "1 comprimé", 3)
    assert _checked([melts], 20.0, 5) == [set()]
    assert _checked([Line("Brosse à dents")], None, 5) == [set()]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (Line("Amoxicilline", dose="1 comprimé", times=3), "le dosage, la forme"),
        (Line("Amoxicilline", "gélule", "500 mg"), "la posologie"),
        (AMOX, ""),
        (Line("AMOX ESSAI 500 mg", cis="60000001", dose="1", substances=("amoxicilline",)), ""),
        (Line("Brosse à dents"), ""),
    ],
)
def test_what_a_prescription_leaves_unsaid_is_told(line, words):
    told = [one.words for one in checking.checks([line], None, 40)[0]]
    assert [words in one for one in told] == ([True] if words else [])


@pytest.mark.parametrize(
    ("name", "is_unknown"),
    [
        ("Xyzalidine 10 mg", True),
        ("Amoxicilline", False),
        ("Brossettes", False),
    ],
)
def test_an_unknown_medicine_says_that_nothing_is_recalled(name, is_unknown):
    assert checking.is_unknown(Line(name)) is is_unknown


def test_a_dose_by_kilogram_is_left_as_it_is_written():
    child = next(one.lines[0] for one in usual.USUAL if one.code == "endocardite-enfant")
    assert doses.help_for(child, weight_kg=20.0, age_years=6) == ""
    assert _checked([child], 20.0, 6) == [set()]


@pytest.mark.parametrize(
    ("kg", "age", "child"),
    [(None, 14, True), (None, 15, False), (80.0, 14, True), (20.0, None, True),
     (50.0, None, False), (None, None, False), (20.0, 40, False)],
)  # fmt: skip
def test_who_is_a_child_for_a_dose(kg, age, child):
    assert checking.is_child(kg, age) is child


def test_child_without_a_known_age_is_known_by_the_weight():
    found = next(one.lines for one in usual.USUAL if one.code == "sagesse")
    assert "adult-strength:paracetamol" in _checked(found, 20.0, None)[1]
