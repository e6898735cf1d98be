import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.sr._snomed_dict import mapping as dicom_codes
from pydicom.sr.codedict import codes

from quenotte.kernel import teeth
from quenotte.kernel.tooth_codes import TOOTH_ROWS

AGES = st.floats(min_value=0, max_value=110)
ALL = teeth.PERMANENT + teeth.PRIMARY
TOOTH = st.sampled_from(ALL)


def test_there_are_52_teeth() -> None:
    assert len(teeth.PERMANENT) == 32
    assert len(teeth.PRIMARY) == 20
    assert teeth.PERMANENT[:9] == (11, 12, 13, 14, 15, 16, 17, 18, 21)
    assert set(TOOTH_ROWS) == set(ALL)


@pytest.mark.parametrize(
    ("rows", "shown"),
    [(teeth.ROWS_ADULT, teeth.PERMANENT), (teeth.ROWS_CHILD, teeth.PRIMARY)],
)
def test_rows_show_each_tooth_once(rows: tuple[teeth.Row, ...], shown: tuple[int, ...]) -> None:
    assert sorted(tooth for row in rows for tooth in row) == sorted(shown)


def test_rows_face_the_patient() -> None:
    upper, lower = teeth.ROWS_ADULT
    assert (upper[0], upper[7], upper[8], upper[-1]) == (18, 11, 21, 28)
    assert (lower[0], lower[7], lower[8], lower[-1]) == (48, 41, 31, 38)
    assert teeth.ROWS_CHILD[0] == (55, 54, 53, 52, 51, 61, 62, 63, 64, 65)
    assert teeth.ROWS_CHILD[1] == (85, 84, 83, 82, 81, 71, 72, 73, 74, 75)
    assert (upper, *teeth.ROWS_CHILD, lower) == teeth.ROWS_MIXED


@pytest.mark.parametrize("number", [10, 19, 49, 56, 86, 91, 0, -11, 111])
def test_other_numbers_are_no_teeth(number: int) -> None:
    assert not teeth.is_tooth(number)
    assert not teeth.is_primary(number)
    for ask in (teeth.name_fr, teeth.quadrant, teeth.position):
        with pytest.raises(ValueError, match="not a tooth"):
            ask(number)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (16, "première molaire supérieure droite"),
        (21, "incisive centrale supérieure gauche"),
        (33, "canine inférieure gauche"),
        (45, "deuxième prémolaire inférieure droite"),
        (48, "troisième molaire inférieure droite"),
        (62, "incisive latérale temporaire supérieure gauche"),
        (85, "deuxième molaire temporaire inférieure droite"),
        (54, "première molaire temporaire supérieure droite"),
    ],
)
def test_names_are_those_of_the_profession(number: int, name: str) -> None:
    assert teeth.name_fr(number) == name


def test_names_are_all_different() -> None:
    assert len({teeth.name_fr(tooth) for tooth in ALL}) == 52


@given(TOOTH)
def test_number_is_its_quadrant_and_position(tooth: int) -> None:
    assert 10 * teeth.quadrant(tooth) + teeth.position(tooth) == tooth
    assert teeth.is_primary(tooth) is (teeth.quadrant(tooth) > 4)


@pytest.mark.parametrize("primary", teeth.PRIMARY)
def test_primary_tooth_has_a_permanent_successor_in_its_place(primary: int) -> None:
    after = teeth.successor(primary)
    assert after in teeth.PERMANENT
    assert teeth.name_fr(after).split()[-2:] == teeth.name_fr(primary).split()[-2:]


@pytest.mark.parametrize("number", [35, 56, 0])
def test_only_a_primary_tooth_has_a_successor(number: int) -> None:
    with pytest.raises(ValueError, match="not a primary"):
        teeth.successor(number)


@pytest.mark.parametrize(
    ("age", "dentition", "count"),
    [
        (-1, "primary", 0),
        (0, "primary", 0),
        (1, "primary", 6),
        (4, "primary", 20),
        (6.1, "mixed", 24),
        (8, "mixed", 24),
        (11, "mixed", 24),
        (14, "permanent", 28),
        (30, "permanent", 32),
    ],
)
def test_expected_teeth_follow_the_age(age: float, dentition: str, count: int) -> None:
    assert teeth.dentition(age) == dentition
    assert len(teeth.expected_teeth(age)) == count


@given(AGES)
def test_milk_tooth_and_its_successor_are_never_expected_together(age: float) -> None:
    expected = teeth.expected_teeth(age)
    assert not any(teeth.is_primary(t) and teeth.successor(t) in expected for t in expected)


@given(AGES, AGES)
def test_permanent_teeth_stay_as_age_grows(one: float, other: float) -> None:
    younger, older = (teeth.expected_teeth(age) for age in sorted((one, other)))
    assert younger.intersection(teeth.PERMANENT) <= older


@given(AGES)
def test_both_sides_of_the_mouth_have_the_same_age(age: float) -> None:
    expected = teeth.expected_teeth(age)
    mirror = {1: 2, 2: 1, 3: 4, 4: 3, 5: 6, 6: 5, 7: 8, 8: 7}
    assert expected == {10 * mirror[tooth // 10] + tooth % 10 for tooth in expected}


def test_each_tooth_is_written_with_its_own_code() -> None:
    assert len(set(teeth.SNOMED_WRITE.values())) == 52


@pytest.mark.parametrize("tooth", ALL)
def test_written_code_means_this_tooth_to_dicom(tooth: int) -> None:
    group = codes.CID4019 if teeth.is_primary(tooth) else codes.CID4018
    meaning = next(
        concept.meaning.lower()
        for concept in (getattr(group, name) for name in dir(group))
        if concept.value == teeth.SNOMED_WRITE[tooth]
    )
    french = teeth.name_fr(tooth)
    for english, word in (
        ("maxillary", "supérieure"),
        ("left", "gauche"),
        ("canine", "canine"),
        ("first", "première"),
        ("central", "centrale"),
        ("deciduous", "temporaire"),
    ):
        assert (english in meaning) is (re.search(rf"\b{word}\b", french) is not None)


@pytest.mark.parametrize("tooth", ALL)
def test_all_columns_read_back_as_this_tooth(tooth: int) -> None:
    row = TOOTH_ROWS[tooth]
    written = teeth.ToothReading(tooth, "sct", confirmed=True)
    assert teeth.tooth_from_code(row.sct, "SCT") == written
    if row.sct_also:
        also = teeth.ToothReading(tooth, "sct_also", confirmed=False)
        assert teeth.tooth_from_code(row.sct_also, "SCT") == also
    for code, target in ((row.srt, row.sct), (row.srt_also, row.sct_also)):
        if code:
            is_sure = target == row.sct
            reading = teeth.ToothReading(tooth, "srt", confirmed=is_sure)
            assert teeth.tooth_from_code(code, "SRT") == reading
            assert dicom_codes["SRT"][code] == target
    assert teeth.tooth_from_universal(row.universal) == tooth


def test_rows_hold_no_code_twice() -> None:
    used = [code for row in TOOTH_ROWS.values() for code in row if code]
    assert len(used) == len(set(used))
    assert sum(bool(row.sct_also) for row in TOOTH_ROWS.values()) == 20
    assert all(row.srt or row.srt_also for row in TOOTH_ROWS.values())


@pytest.mark.parametrize(
    ("code", "scheme", "reading"),
    [
        (" 865995000 ", "sct ", teeth.ToothReading(16, "sct", confirmed=True)),
        ("t-54272", "SNM3", teeth.ToothReading(12, "srt", confirmed=True)),
        ("T-54230", "99SDM", teeth.ToothReading(16, "srt", confirmed=False)),
        ("T-54230", "SCT", None),
        ("865995000", "SRT", None),
        ("661005", "SCT", None),
        ("", "SCT", None),
        ("", "SRT", None),
        ("1", "99OURS", None),
    ],
)
def test_tooth_is_read_from_its_code(
    code: str, scheme: str, reading: teeth.ToothReading | None
) -> None:
    assert teeth.tooth_from_code(code, scheme) == reading


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("36", (36,)),
        ("RA 36", (36,)),
        ("RA36", (36,)),
        ("dent 36", (36,)),
        ("dent n° 36", (36,)),
        ("#46", (46,)),
        ("36-37", (36, 37)),
        ("36 - 37", (36, 37)),
        ("11/21", (11, 21)),
        ("46+47", (46, 47)),
        ("36-37-38", (36, 37, 38)),
        ("21-22-23", (21, 22, 23)),
        ("dents 14, 15 et 16", (14, 15, 16)),
        ("37 36 37", (37, 36)),
        ("Rétro-alvéolaire 55 préop.", (55,)),
        ("salle, RA 36", (36,)),
    ],
)
def test_teeth_are_proposed_from_text(text: str, found: tuple[int, ...]) -> None:
    assert teeth.teeth_from_text(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2036",
        "99",
        "6",
        "036",
        "60 kV 7 mA 16 ms",
        "16kV",
        "12/11/24",
        "21/11",
        "11-12-13",
        "14:45",
        "14h45",
        "22 h 45",
        "le 12 mars 2024",
        "12 FÉVRIER",
        "16 ans",
        "15 %",
        "36,5",
        "1.2.840.11.21",
        "IMG_36",
        "T36",
        "36MOD",
        "18x24",
        "salle 12",
        "image n° 12",
        "Poste : 14",
        "9" * 5000,
    ],
)
def test_other_numbers_of_a_text_propose_no_tooth(text: str) -> None:
    assert teeth.teeth_from_text(text) == ()


@given(st.lists(TOOTH, min_size=1, unique=True))
def test_teeth_of_a_list_are_read_in_order(chosen: list[int]) -> None:
    assert teeth.teeth_from_text("dents " + " ".join(map(str, chosen))) == tuple(chosen)


@given(st.text() | st.from_regex(r"[0-9 a-d/:.-]{1,30}", fullmatch=True))
def test_any_text_proposes_only_teeth_that_it_shows(text: str) -> None:
    found = teeth.teeth_from_text(text)
    assert len(set(found)) == len(found)
    assert all(teeth.is_tooth(tooth) and str(tooth) in text for tooth in found)


@pytest.mark.parametrize(
    ("code", "tooth"),
    [("1", 18), ("01", 18), ("#8", 11), ("32", 48), ("a", 55), (" T ", 85)],
)
def test_universal_codes_are_read_apart(code: str, tooth: int) -> None:
    assert teeth.tooth_from_universal(code) == tooth


@pytest.mark.parametrize("code", ["33", "0", "", "U", "36"])
def test_other_codes_are_not_universal(code: str) -> None:
    assert teeth.tooth_from_universal(code) is None
