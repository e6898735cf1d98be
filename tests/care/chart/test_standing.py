from dataclasses import replace
from datetime import date, timedelta

import pytest

from quenotte.care.chart.rules import Presence
from quenotte.care.chart.rules.checks import Contradiction, refuse_new
from quenotte.care.chart.rules.histories import Entry, What
from tests.care.chart.charts import (
    START,
    TODAY,
    aside,
    entries_of,
    marks,
    mouth_after,
    mouth_of_entries,
    tooth_of,
)


@pytest.mark.parametrize(
    ("lines", "fdi", "presence", "left"),
    [
        # A work that was done takes the place of the one that was planned.
        (["à faire 16 MOD composite", "16 MOD composite fait"], 16, "present",
         ["16 : composite MOD, fait"]),
        (["à faire 16 MO composite", "16 D composite fait"], 16, "present",
         ["16 : composite MO, à faire", "16 : composite D, fait"]),
        (["à faire 16 couronne", "à faire 16 couronne"], 16, "present",
         ["16 : couronne, à faire"]),
        (["à faire 16 O composite", "16 couronne"], 16, "present",
         ["16 : composite O, à faire", "16 : couronne"]),
        # What was seen is told again, or mended, or covered.
        (["16 M carie", "16 MO carie profonde"], 16, "present", ["16 : carie MO profonde"]),
        (["16 M carie", "16 MOD composite"], 16, "present",
         ["16 : carie M", "16 : composite MOD"]),
        (["16 M carie", "16 MOD composite fait"], 16, "present", ["16 : composite MOD, fait"]),
        (["16 MOD carie", "16 O composite fait"], 16, "present",
         ["16 : carie MD", "16 : composite O, fait"]),
        (["à faire 16 MOD composite", "16 O composite fait"], 16, "present",
         ["16 : composite MD, à faire", "16 : composite O, fait"]),
        (["à faire 16 couronne zircone", "16 couronne provisoire faite"], 16, "present",
         ["16 : couronne zircone, à faire", "16 : couronne provisoire, faite"]),
        (["à faire 16 couronne provisoire", "à faire 16 couronne zircone"], 16, "present",
         ["16 : couronne provisoire, à faire", "16 : couronne zircone, à faire"]),
        (["à faire 16 couronne provisoire", "16 couronne zircone faite"], 16, "present",
         ["16 : couronne zircone, faite"]),
        (["16 D carie", "16 MO composite fait"], 16, "present",
         ["16 : carie D", "16 : composite MO, fait"]),
        (["16 O icdas 2", "16 O icdas 0"], 16, "present", []),
        (["16 M composite", "16 MO inlay composite"], 16, "present",
         ["16 : inlay-onlay composite MO"]),
        (["16 M composite", "16 D composite"], 16, "present",
         ["16 : composite M", "16 : composite D"]),
        (["16 M composite, 16 endo", "16 couronne"], 16, "present",
         ["16 : traitement endodontique", "16 : couronne"]),
        (["16 carie", "16 couronne faite"], 16, "present", ["16 : couronne, faite"]),
        (["16 O fracture", "16 couronne"], 16, "present", ["16 : fracture O", "16 : couronne"]),
        (["16 couronne métal", "16 couronne zircone"], 16, "present", ["16 : couronne zircone"]),
        (["16 version", "16 égression"], 16, "present", ["16 : égression"]),
        (["11 mésiodens", "11 surnuméraire"], 11, "present",
         ["11 : mésiodens", "11 : dent surnuméraire"]),
        # The tooth goes, and what was in place with it.
        (["16 MOD composite", "16 extraite"], 16, "missing", []),
        (["16 extraction", "16 extraction faite"], 16, "missing", []),
        (["16 extraction", "16 absente"], 16, "missing", []),
        (["16 couronne", "16 racine restante"], 16, "root", []),
        (["14-16 bridge", "14 racine restante"], 16, "present", []),
        (["16 racine restante", "16 tenon fibré, 16 couronne"], 16, "present",
         ["16 : tenon fibré", "16 : couronne"]),
        (["38 incluse", "38 présente"], 38, "present", []),
        (["surveiller 38 incluse"], 38, "impacted", ["38 : incluse, à surveiller"]),
        (["38 enclavée", "38 présente"], 38, "present", []),
        (["38 incluse", "38 extraction"], 38, "impacted", ["38 : extraction, à faire"]),
        (["15 agénésie", "15 implant titane"], 15, "implant", ["15 : implant titane"]),
        (["36 absente", "à faire 36 implant, 36 couronne à faire"], 36, "missing",
         ["36 : implant, à faire", "36 : couronne, à faire"]),
        (["36 implant", "36 couronne", "36 absente"], 36, "missing", []),
        (["36 implant", "36 implant zircone"], 36, "implant", ["36 : implant zircone"]),
        # Fixed works come off.
        (["16 couronne", "16 dépose faite"], 16, "present", []),
        (["16 couronne, dépose"], 16, "present", ["16 : couronne", "16 : dépose, à faire"]),
        (["16 couronne", "16 dépose", "16 dépose faite"], 16, "present", []),
        # Bridges and prostheses.
        (["14-16 bridge"], 15, "missing", ["16-14 : bridge"]),
        (["14-16 bridge", "14 extraite"], 16, "present", []),
        (["14-16 bridge", "14 extraite"], 15, "missing", []),
        (["14-16 bridge métal", "14-16 bridge zircone"], 14, "present",
         ["16-14 : bridge zircone"]),
        (["14-16 bridge", "16 dépose faite", "15 implant"], 15, "implant", ["15 : implant"]),
        (["14-16 bridge", "à faire 16 dépose", "14 dépose faite"], 16, "present", []),
        (["à faire 14-16 bridge"], 15, "present", ["16-14 : bridge, à faire"]),
        (["16 15 prothèse résine", "14-16 bridge"], 16, "missing",
         ["16, 15 : prothèse amovible résine"]),
        (["16 15 prothèse", "15 14 prothèse"], 15, "missing", ["15, 14 : prothèse amovible"]),
        (["16 15 prothèse", "16 racine"], 16, "root", ["16, 15 : prothèse amovible"]),
    ],
)  # fmt: skip
def test_what_stands(lines, fdi, presence, left):
    mouth = mouth_after(*lines)
    assert marks(mouth, fdi) == left
    assert tooth_of(mouth, fdi).presence == presence


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["18 absente", "18 O composite"], ("18 : composite O", 18, "gone")),
        (["18 absente", "à faire 18 O composite"], ("18 : composite O, à faire", 18, "gone")),
        (["18 agénésie", "à faire 18 couronne"], ("18 : couronne, à faire", 18, "gone")),
        (["38 incluse", "38 couronne"], ("38 : couronne", 38, "hidden")),
        (["16 racine", "16 O composite"], ("16 : composite O", 16, "root")),
        (["16 implant", "16 endo"], ("16 : traitement endodontique", 16, "implant")),
        (["16 implant", "16 présente"], ("16 : présente", 16, "implant")),
        (["16 O composite", "16 implant"], ("16 : implant", 16, "there")),
        (["16 incluse", "16 implant"], ("16 : implant", 16, "hidden")),
        (["16 O composite", "16 agénésie"], ("16 : agénésie", 16, "treated")),
        (["16 couronne", "16 incluse"], ("16 : incluse", 16, "treated")),
        (["14-16 bridge", "15 présente"], ("15 : présente", 15, "replaced")),
        (["14-16 bridge", "15 racine"], ("15 : racine restante", 15, "replaced")),
        (["14-16 bridge", "15 implant"], ("15 : implant", 15, "replaced")),
        (["14-16 bridge", "14 couronne"], ("14 : couronne", 14, "bridged")),
        (["16 15 prothèse", "16 racine", "16 couronne"], ("16 : couronne", 16, "replaced")),
        (["14 absente", "14-16 bridge"], ("16-14 : bridge", 14, "pillar")),
        (["14 absente", "à faire 14-16 bridge"], ("16-14 : bridge, à faire", 14, "pillar")),
        (["15 O carie", "14-16 bridge"], ("16-14 : bridge", 15, "there")),
        (["15 présente", "16 15 prothèse"], ("16, 15 : prothèse amovible", 15, "there")),
        (["16 dépose faite"], ("16 : dépose, faite", 16, "nothing")),
        # What was meant for a tooth is told when the tooth goes.
        (["à faire 16 O composite", "16 extraite"], ("16 : composite O, à faire", 16, "gone")),
        (["à faire 14-16 bridge", "14 extraite"], ("16-14 : bridge, à faire", 14, "pillar")),
    ],
)
def test_what_cannot_be_is_set_aside(lines, expected):
    assert aside(mouth_after(*lines)) == [expected]


def test_planned_implant_carries_a_planned_bridge_and_crown():
    mouth = mouth_after("14 16 absente", "à faire 14 16 implant", "à faire 14-16 bridge")
    assert (aside(mouth), len(mouth.spans)) == ([], 1)


def test_crown_of_an_implant_that_is_withdrawn_is_set_aside_and_comes_back():
    entries = entries_of("36 absente", "36 implant", "36 couronne")
    withdrawn = [*entries, Entry(9, "w", "w", What.WITHDRAW, TODAY, source="src1")]
    mouth = mouth_of_entries(withdrawn)
    assert aside(mouth) == [("36 : couronne", 36, "gone")]
    assert tooth_of(mouth, 36).presence is Presence.MISSING
    back = mouth_of_entries([*withdrawn, Entry(10, "u", "u", What.UNDO, TODAY, target="w")])
    assert marks(back, 36) == ["36 : implant", "36 : couronne"]


def test_planned_crown_goes_with_the_planned_implant_that_was_given_up():
    entries = entries_of("36 absente", "à faire 36 implant", "à faire 36 couronne")
    mouth = mouth_of_entries([*entries, Entry(9, "w", "w", What.WITHDRAW, TODAY, source="src1")])
    assert aside(mouth) == [("36 : couronne, à faire", 36, "gone")]


def test_intention_withdrawn_stays_in_the_past_and_a_mistake_does_not():
    entries = entries_of("à faire 16 O composite", "26 O composite")
    given_up = START + timedelta(days=30)
    entries += [
        Entry(8 + n, f"w{n}", f"w{n}", What.WITHDRAW, given_up, source=f"src{n}") for n in (0, 1)
    ]
    between = mouth_of_entries(entries, START + timedelta(days=10))
    assert marks(between, 16) == ["16 : composite O, à faire"]
    assert marks(between, 26) == []
    now = mouth_of_entries(entries)
    assert (marks(now, 16), marks(now, 26)) == ([], [])
    assert now.days == (START, given_up)


def test_what_is_aside_leaves_when_it_is_withdrawn():
    entries = [
        replace(entry, source="") for entry in entries_of("18 absente", "à faire 18 O composite")
    ]
    mouth = mouth_of_entries([*entries, Entry(9, "w", "w", What.WITHDRAW, TODAY, target="k2")])
    assert aside(mouth) == []


def test_finding_of_the_past_goes_to_its_place():
    mouth = mouth_after("16 couronne", "16 MOD composite", days=(100, 10))
    assert marks(mouth, 16) == ["16 : couronne"]
    assert mouth.days == (START + timedelta(days=10), START + timedelta(days=100))
    then = mouth_of_entries(
        entries_of("16 couronne", "16 MOD composite", days=(100, 10)), START + timedelta(days=50)
    )
    assert marks(then, 16) == ["16 : composite MOD"]


def test_same_source_fulfils_whatever_the_surfaces():
    entries = entries_of("à faire 16 MO composite", "16 D composite fait")
    withdrawn = Entry(7, "w", "w", What.WITHDRAW, TODAY, target="k9")
    one_line = [*(replace(entry, source="plan-line:1") for entry in entries), withdrawn]
    assert marks(mouth_of_entries(one_line), 16) == ["16 : composite D, fait"]


def test_new_step_makes_what_was_undone_final_and_strays_do_nothing():
    first, second = (
        replace(entry, source="") for entry in entries_of("16 O composite", "26 O composite")
    )
    strays = [
        Entry(3, "a", "a", What.UNDO, TODAY, target="nobody"),
        Entry(4, "b", "b", What.REDO, TODAY, target="s0"),
        Entry(5, "c", "c", What.UNDO, TODAY, target="s1"),
    ]
    mouth = mouth_of_entries([first, second, *strays])
    assert (mouth.undo, mouth.redo, marks(mouth, 26)) == ("s0", "s1", [])
    third = replace(first, number=6, key="k6", step="s6")
    assert mouth_of_entries([first, second, *strays, third]).redo == ""


def test_refusal_names_the_tooth_the_reason_and_the_way_out():
    before = mouth_after("18 absente").aside
    (own,) = mouth_after("18 absente", "18 O composite").aside
    with pytest.raises(Contradiction) as refused:
        refuse_new([own], {one.mark.key for one in before}, {own.mark.key})
    assert str(refused.value) == (
        "La 18 est notée absente : seuls un implant, un bridge ou une prothèse peuvent y être "
        "notés. Si la dent est là, notez d’abord « 18 présente ». Rien n’a été noté ; votre "
        "saisie est gardée."
    )


def test_backdated_finding_that_contradicts_a_later_one_is_refused_and_a_moot_plan_is_not():
    later = mouth_after("18 O composite", "18 absente", days=(100, 10)).aside
    with pytest.raises(Contradiction) as refused:
        refuse_new(later, set(), {"k2"})
    assert "Cela contredit ce qui est noté au 10/04/2020 : 18 : composite O." in str(refused.value)
    moot = mouth_after("à faire 18 O composite", "18 extraite").aside
    refuse_new(moot, set(), {"k2"})


@pytest.mark.parametrize(
    ("born_on", "line", "seen_on", "shown", "hidden"),
    [
        (date(2019, 5, 2), "36 absente", 0, [36, 46, 55], [35, 38]),
        # The primary teeth of the child are gone from the adult ...
        (date(1994, 5, 2), "55 O composite", -7000, [15], [55]),
        (date(1994, 5, 2), "55 absente", 0, [15], [55]),
        # ... unless one was still there when its successor should have been: it keeps the place.
        (date(1994, 5, 2), "55 O composite", 0, [55], [15]),
        (date(1994, 5, 2), "55 présente; 15 agénésie", 0, [55, 15], []),
        (date(1994, 5, 2), "55 absente; 15 absente", 0, [15], [55]),
        # A successor that was seen has taken the place.
        (date(2016, 5, 2), "11 présente", 2000, [11], [51]),
    ],
)
def test_dentition_follows_the_age_but_for_what_was_seen(born_on, line, seen_on, shown, hidden):
    mouth = mouth_after(line, days=(seen_on,), born_on=born_on)
    assert [fdi for fdi in shown if not mouth.tooth(fdi)] == []
    assert [fdi for fdi in hidden if mouth.tooth(fdi)] == []


def test_primary_tooth_beside_its_successor_is_retained():
    mouth = mouth_after("11 présente", "51 présente", born_on=date(2018, 5, 2))
    assert tooth_of(mouth, 51).is_retained
    assert not tooth_of(mouth, 51).is_assumed
    assert mouth_after("51 présente", "11 présente", born_on=date(2018, 5, 2)).tooth(51) is None


def test_tooth_of_which_nothing_was_said_is_assumed():
    mouth = mouth_after("18 absente; 14-16 bridge")
    assert tooth_of(mouth, 11).is_assumed
    assert tooth_of(mouth, 18).since == START
    assert mouth.missing == (15, 18)


@pytest.mark.parametrize(
    ("born_on", "line", "dentition"),
    [
        (date(2022, 5, 2), "55 O carie", "primary"),
        (date(2017, 5, 2), "55 O carie", "mixed"),
        (date(1985, 5, 2), "16 O carie", "permanent"),
        (date(1985, 5, 2), "55 présente", "mixed"),
        (date(2026, 3, 1), "55 agénésie", "primary"),
    ],
)
def test_dentition(born_on, line, dentition):
    assert mouth_after(line, born_on=born_on).dentition == dentition


def test_bridge_takes_the_place_of_provisional_crowns_on_its_pillars():
    mouth = mouth_after("12, 22 couronne provisoire", "11, 21 absente", "12-22 bridge fait")
    for tooth in (12, 22):
        assert marks(mouth, tooth) == ["12-22 : bridge, fait"]


def test_bridge_that_is_planned_leaves_the_provisional_crown():
    mouth = mouth_after("12 couronne provisoire", "à faire 12-22 bridge")
    assert "12 : couronne provisoire" in marks(mouth, 12)
