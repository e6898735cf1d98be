from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel import identifiers

TEST_PERSON = "279035121518989"
TEST_OID = "1.2.250.1.213.1.4.10"


@pytest.mark.parametrize(
    "nir", [TEST_PERSON, "253072A07300443", "253072B07300470", "2 95 10 99 126 111 93"]
)
def test_nir_with_its_key_is_valid(nir: str) -> None:
    assert identifiers.is_valid_nir(nir)


@pytest.mark.parametrize("nir", ["253072C07300443", "279035121518988", "2790351215189", "", "abc"])
def test_nir_with_another_key_is_refused(nir: str) -> None:
    assert not identifiers.is_valid_nir(nir)


@given(st.integers(min_value=0, max_value=99), st.integers(min_value=1, max_value=999))
def test_nir_key_completes_any_number(year: int, order: int) -> None:
    first = f"1{year:02d}0544109{order:03d}"
    assert identifiers.is_valid_nir(first + identifiers.nir_key(first))


def test_nir_key_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="13 characters"):
        identifiers.nir_key("27903")


def test_ins_needs_a_known_authority() -> None:
    assert identifiers.is_valid_ins(TEST_PERSON, TEST_OID)
    assert not identifiers.is_valid_ins(TEST_PERSON, "1.2.3")


def test_nir_is_grouped_and_masked() -> None:
    assert identifiers.format_nir(TEST_PERSON) == "2 79 03 51 215 189 89"
    assert identifiers.mask_nir(TEST_PERSON) == "2 79 03 •• ••• ••• ••"


@pytest.mark.parametrize(
    ("traits", "contradictions"),
    [
        ({"sex": "F", "born_on": date(1979, 3, 28), "birth_place_code": "51215"}, []),
        ({"sex": "I", "born_on": date(1979, 3, 28)}, []),
        ({"sex": "M", "born_on": date(1979, 3, 28)}, ["sex"]),
        ({"sex": "F", "born_on": date(1980, 4, 28)}, ["year", "month"]),
        (
            {"sex": "F", "born_on": date(1979, 3, 28), "birth_place_code": "44109"},
            ["place"],
        ),
    ],
)
def test_nir_contradicts_other_traits(traits: dict, contradictions: list[str]) -> None:
    assert identifiers.nir_matches(TEST_PERSON, **traits) == contradictions


def test_fictive_month_contradicts_nothing() -> None:
    assert identifiers.nir_matches("279305121518989", sex="F", born_on=date(1979, 5, 1)) == []


@pytest.mark.parametrize("number", ["99700218896", "10002422979"])
def test_rpps_passes_luhn(number: str) -> None:
    assert identifiers.is_valid_rpps(number)
    assert not identifiers.is_valid_rpps(number[:-1] + str((int(number[-1]) + 1) % 10))
    assert not identifiers.is_valid_rpps(number[:-1])


@pytest.mark.parametrize("number", ["750712184", "130786049", "2A0000014"])
def test_finess_passes_luhn_or_is_corsican(number: str) -> None:
    assert identifiers.is_valid_finess(number)


@pytest.mark.parametrize("number", ["750712185", "75071218", "ABCDEFGHI"])
def test_finess_of_another_form_is_refused(number: str) -> None:
    assert not identifiers.is_valid_finess(number)


@pytest.mark.parametrize("code", ["44109", "2A004", "2b033", "97411", "99350", "01001"])
def test_birth_place_code_is_known_by_its_form(code: str) -> None:
    assert identifiers.is_valid_insee_place(code)


@pytest.mark.parametrize("code", ["00001", "4410", "2C004", "96100", ""])
def test_birth_place_code_of_another_form_is_refused(code: str) -> None:
    assert not identifiers.is_valid_insee_place(code)


@pytest.mark.parametrize(
    ("uid", "is_valid"),
    [("1.2.840.10008.1.1", True), ("1.02.3", False), ("1", False), ("1." + "2" * 70, False)],
)
def test_dicom_uid_form(uid: str, is_valid: bool) -> None:
    assert identifiers.is_valid_dicom_uid(uid) is is_valid


@pytest.mark.parametrize(
    ("title", "is_valid"),
    [("CAPTEUR1", True), (" PANO ", True), ("", False), ("A" * 17, False), ("É", False)],
)
def test_ae_title_form(title: str, is_valid: bool) -> None:
    assert identifiers.is_valid_ae_title(title) is is_valid
