import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel import teeth

AGES = st.floats(min_value=0, max_value=100)


def test_there_are_52_teeth() -> None:
    assert len(teeth.PERMANENT) == 32
    assert len(teeth.PRIMARY) == 20
    assert set(teeth.SNOMED_WRITE) == set(teeth.PERMANENT + teeth.PRIMARY)
    assert len(set(teeth.SNOMED_WRITE.values())) == 52


def test_rows_face_the_patient() -> None:
    assert teeth.ROWS_ADULT[0][:2] == (18, 17)
    assert teeth.ROWS_ADULT[0][-1] == 28
    assert teeth.ROWS_ADULT[1][0] == 48
    assert teeth.ROWS_CHILD[0] == (55, 54, 53, 52, 51, 61, 62, 63, 64, 65)
    assert len(teeth.ROWS_MIXED) == 4


@pytest.mark.parametrize("number", [10, 19, 49, 56, 86, 0, -11])
def test_other_numbers_are_no_teeth(number: int) -> None:
    assert not teeth.is_tooth(number)
    with pytest.raises(ValueError, match="not a tooth"):
        teeth.name_fr(number)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (16, "première molaire supérieure droite"),
        (33, "canine inférieure gauche"),
        (85, "deuxième molaire temporaire inférieure droite"),
        (54, "première molaire temporaire supérieure droite"),
    ],
)
def test_names_are_those_of_the_profession(number: int, name: str) -> None:
    assert teeth.name_fr(number) == name


def test_primary_tooth_has_a_successor() -> None:
    assert teeth.successor(75) == 35
    with pytest.raises(ValueError, match="not a primary"):
        teeth.successor(35)


@pytest.mark.parametrize(
    ("age", "dentition", "count"),
    [(0.3, "primary", 0), (4, "primary", 20), (8, "mixed", 24), (14, "permanent", 28)],
)
def test_expected_teeth_follow_the_age(age: float, dentition: str, count: int) -> None:
    assert teeth.dentition(age) == dentition
    assert len(teeth.expected_teeth(age)) == count


def test_adult_has_32_teeth() -> None:
    assert teeth.expected_teeth(30) == frozenset(teeth.PERMANENT)


@given(AGES)
def test_milk_tooth_and_its_successor_are_never_expected_together(age: float) -> None:
    expected = teeth.expected_teeth(age)
    assert not any(teeth.is_primary(t) and teeth.successor(t) in expected for t in expected)


@pytest.mark.parametrize(
    ("code", "scheme", "reading"),
    [
        ("865995000", "SCT", teeth.ToothReading(16, "sct", confirmed=True)),
        ("5140004", "SCT", teeth.ToothReading(16, "sct_also", confirmed=False)),
        ("T-54230", "SRT", teeth.ToothReading(16, "srt", confirmed=False)),
        ("T-54272", "SNM3", teeth.ToothReading(12, "srt", confirmed=True)),
        ("T-54230", "SCT", None),
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
        ("dent 36-37", (36, 37)),
        ("36 36", (36,)),
        ("2036", ()),
        ("99", ()),
    ],
)
def test_teeth_are_proposed_from_text(text: str, found: tuple[int, ...]) -> None:
    assert teeth.teeth_from_text(text) == found


@pytest.mark.parametrize(("code", "tooth"), [("1", 18), ("32", 48), ("a", 55), ("33", None)])
def test_universal_codes_are_read_apart(code: str, tooth: int | None) -> None:
    assert teeth.tooth_from_universal(code) == tooth


def test_place_of_a_tooth() -> None:
    assert (teeth.quadrant(48), teeth.position(48)) == (4, 8)
