from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import nir as stdnum_nir

from quenotte.kernel import identifiers

#: The test person of the ANS and other published examples: nobody's numbers.
TEST_PERSON = "279035121518989"
NIR_OID, NIA_OID = "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"
TEST_OID, DEMONSTRATION_OID = "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"

BODIES = st.from_regex(
    r"[1-478][0-9]{2}(0[1-9]|1[0-2]|[23][0-9]|4[0-2]|[5-9][0-9])([0-9]{2}|2A|2B)[0-9]{6}",
    fullmatch=True,
)


@pytest.mark.parametrize(
    "nir",
    [
        TEST_PERSON,
        "253072A07300443",
        "253072B07300470",
        "295109912611193",
        "2 95 10 99 126 111 93",
        "2.79.03.51.215.189-89",
        "2\u00a053\u00a007\u00a02a\u00a0073\u00a0004\u00a043",
    ],
)
def test_nir_with_its_key_is_valid(nir: str) -> None:
    assert identifiers.is_valid_nir(nir)


@pytest.mark.parametrize(
    "nir", ["253072C07300443", "279035121518988", "2790351215189", "", "abc", TEST_PERSON + "1"]
)
def test_nir_with_another_key_is_refused(nir: str) -> None:
    assert not identifiers.is_valid_nir(nir)


@pytest.mark.parametrize("first", ["5790351215189", "0790351215189", "2790051215189"])
def test_nir_of_no_sex_or_month_is_refused_although_its_key_is_right(first: str) -> None:
    assert not identifiers.is_valid_nir(first + identifiers.nir_key(first))


@pytest.mark.parametrize(
    ("month", "is_known"),
    [("13", False), ("19", False), ("20", True), ("42", True), ("43", False), ("49", False)],
)
def test_nir_may_have_an_unknown_month(month: str, is_known: bool) -> None:
    first = f"279{month}51215189"
    assert identifiers.is_valid_nir(first + identifiers.nir_key(first)) is is_known


@given(BODIES)
def test_nir_key_completes_any_number(first: str) -> None:
    whole = first + identifiers.nir_key(first)
    assert identifiers.is_valid_nir(whole)
    assert stdnum_nir.is_valid(whole)


@given(BODIES, st.integers(min_value=0, max_value=14), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_a_nir_is_seen(first: str, place: int, digit: str) -> None:
    whole = first + identifiers.nir_key(first)
    wrong = whole[:place] + digit + whole[place + 1 :]
    if wrong != whole and whole[5:7] not in {"2A", "2B"}:
        assert not identifiers.is_valid_nir(wrong)


@pytest.mark.parametrize("first", ["27903", "279035121518989", "2790351215C89", "٢790351215189"])
def test_nir_key_of_something_else_is_refused(first: str) -> None:
    with pytest.raises(ValueError, match="13 characters"):
        identifiers.nir_key(first)


def test_nir_is_kept_without_separators() -> None:
    assert identifiers.compact_nir(" 2 53 07 2a 073-004.43 ") == "253072A07300443"


def test_ins_names_its_authority() -> None:
    assert set(identifiers.INS_OIDS.values()) == {"nir", "nia", "test", "demonstration"}


@pytest.mark.parametrize("oid", [NIR_OID, TEST_OID, DEMONSTRATION_OID])
def test_ins_needs_a_known_authority(oid: str) -> None:
    assert identifiers.is_valid_ins(TEST_PERSON, oid)
    assert not identifiers.is_valid_ins(TEST_PERSON, oid + "9")


@pytest.mark.parametrize("matricule", ["", TEST_PERSON[:-1] + "8", "2 79 03 51 215 189 89"])
def test_ins_needs_a_matricule_as_it_is_kept(matricule: str) -> None:
    assert not identifiers.is_valid_ins(matricule, NIR_OID)


@pytest.mark.parametrize(
    ("sex", "oids"),
    [
        ("1", {NIR_OID, TEST_OID, DEMONSTRATION_OID}),
        ("3", {NIR_OID, NIA_OID, TEST_OID, DEMONSTRATION_OID}),
        ("7", {NIA_OID, TEST_OID, DEMONSTRATION_OID}),
    ],
)
def test_ins_of_one_kind_has_not_the_oid_of_another(sex: str, oids: set[str]) -> None:
    first = sex + TEST_PERSON[1:13]
    matricule = first + identifiers.nir_key(first)
    valid = {oid for oid in identifiers.INS_OIDS if identifiers.is_valid_ins(matricule, oid)}
    assert valid == oids


def test_nir_is_grouped_as_on_the_card() -> None:
    assert identifiers.format_nir(TEST_PERSON) == "2 79 03 51 215 189 89"
    assert identifiers.format_nir("2 5307 2a073004 43") == "2 53 07 2A 073 004 43"
    assert identifiers.format_nir(TEST_PERSON[:13]) == "2 79 03 51 215 189"


@pytest.mark.parametrize("text", ["", "2 79", TEST_PERSON + "1"])
def test_text_of_another_length_is_not_grouped(text: str) -> None:
    assert identifiers.format_nir(text) == text


def test_nir_is_masked() -> None:
    assert identifiers.mask_nir(TEST_PERSON) == "2 79 03 •• ••• ••• ••"
    assert identifiers.mask_nir("2790351") == "27903••"
    assert identifiers.mask_nir("") == ""


@pytest.mark.parametrize(
    ("traits", "contradictions"),
    [
        ({"sex": "F", "born_on": date(1979, 3, 28), "birth_place_code": "51215"}, []),
        ({"sex": "F", "born_on": date(1979, 3, 28), "birth_place_code": ""}, []),
        ({"sex": "I", "born_on": date(1979, 3, 28)}, []),
        ({"sex": "M", "born_on": date(1979, 3, 28)}, ["sex"]),
        ({"sex": "F", "born_on": date(1980, 4, 28)}, ["year", "month"]),
        ({"sex": "F", "born_on": date(1979, 3, 28), "birth_place_code": "44109"}, ["place"]),
    ],
)
def test_nir_contradicts_other_traits(traits: dict, contradictions: list[str]) -> None:
    assert identifiers.nir_matches(TEST_PERSON, **traits) == contradictions


@pytest.mark.parametrize(("digit", "sex"), [("1", "M"), ("3", "M"), ("7", "M"), ("8", "F")])
def test_nir_tells_the_sex_by_its_first_digit(digit: str, sex: str) -> None:
    nir = digit + TEST_PERSON[1:]
    born_on = date(1979, 3, 28)
    other = {"M": "F", "F": "M"}[sex]
    assert identifiers.nir_matches(nir, sex=sex, born_on=born_on) == []
    assert identifiers.nir_matches(nir, sex=other, born_on=born_on) == ["sex"]


def test_fictive_month_contradicts_nothing() -> None:
    assert identifiers.nir_matches("279305121518989", sex="F", born_on=date(1979, 5, 1)) == []


def test_place_of_an_old_birth_contradicts_nothing() -> None:
    contradictions = identifiers.nir_matches(
        "260072007300443", sex="F", born_on=date(1960, 7, 1), birth_place_code="2A073"
    )
    assert contradictions == []


def test_corsican_place_is_compared_in_any_case() -> None:
    contradictions = identifiers.nir_matches(
        "284072A07300443", sex="F", born_on=date(1984, 7, 1), birth_place_code="2a073"
    )
    assert contradictions == []


@pytest.mark.parametrize("text", ["", "abc", "253072C07300443"])
def test_text_that_is_no_nir_contradicts_as_a_number(text: str) -> None:
    assert identifiers.nir_matches(text, sex="F", born_on=date(1953, 7, 1)) == ["number"]


@pytest.mark.parametrize("number", ["99700218896", "10002422979"])
def test_rpps_passes_luhn(number: str) -> None:
    assert identifiers.is_valid_rpps(number)
    assert not identifiers.is_valid_rpps(f"{number[:3]} {number[3:]}")
    assert not identifiers.is_valid_rpps(number[:-1] + str((int(number[-1]) + 1) % 10))
    assert not identifiers.is_valid_rpps(number[:-1])


@pytest.mark.parametrize("number", ["750712184", "130786049", "2A0000014"])
def test_finess_passes_luhn_or_is_corsican(number: str) -> None:
    assert identifiers.is_valid_finess(number)


@pytest.mark.parametrize(
    "number", ["750712185", "75071218", "ABCDEFGHI", "2C0000014", "75 071 218 4", "2a0000014", ""]
)
def test_finess_of_another_form_is_refused(number: str) -> None:
    assert not identifiers.is_valid_finess(number)


@pytest.mark.parametrize(
    "code",
    ["44109", "01001", "95018", "20004", "2A004", "2B033", "97411", "98818", "99350", "99999"],
)
def test_birth_place_code_is_known_by_its_form(code: str) -> None:
    assert identifiers.is_valid_insee_place(code)


@pytest.mark.parametrize(
    "code",
    [
        "00001",
        "44000",
        "97400",
        "97911",
        "98511",
        "4410",
        "441099",
        "2C004",
        "2b033",
        "96100",
        "4410٩",
        "",
    ],
)
def test_birth_place_code_of_another_form_is_refused(code: str) -> None:
    assert not identifiers.is_valid_insee_place(code)


@pytest.mark.parametrize(
    ("uid", "is_valid"),
    [
        ("1.2.840.10008.1.1", True),
        ("2.25.0", True),
        ("1." + "2" * 62, True),
        ("1." + "2" * 63, False),
        ("1.02.3", False),
        ("1", False),
        ("1..2", False),
        ("1.2.", False),
        (".1.2", False),
        ("1.2a", False),
        ("1.2\n", False),
        ("1.٢", False),
        ("", False),
    ],
)
def test_dicom_uid_form(uid: str, is_valid: bool) -> None:
    assert identifiers.is_valid_dicom_uid(uid) is is_valid


@given(st.lists(st.integers(min_value=0, max_value=10**9), min_size=2, max_size=6))
def test_dicom_uid_of_numbers_is_valid(numbers: list[int]) -> None:
    assert identifiers.is_valid_dicom_uid(".".join(map(str, numbers)))


@pytest.mark.parametrize(
    ("title", "is_valid"),
    [
        ("CAPTEUR1", True),
        (" PANO ", True),
        ("a~[]^_", True),
        ("A" * 16, True),
        ("A" * 17, False),
        ("", False),
        ("   ", False),
        ("A\\B", False),
        ("A\n", False),
        ("A\x7f", False),
        ("É", False),
    ],
)
def test_ae_title_form(title: str, is_valid: bool) -> None:
    assert identifiers.is_valid_ae_title(title) is is_valid


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (TEST_PERSON, ""),
        ("2 79 03 51 215 189 89", ""),
        ("2790351215189", "length"),
        ("", "length"),
        ("27903512151898X", "character"),
        ("2790X5121518989", "character"),
        ("2A9035121518989", "character"),
        ("27903512151898\u0669", "character"),
        ("279035121518988", "key"),
        ("5790351215189" + identifiers.nir_key("5790351215189"), "sex"),
        ("0790351215189" + identifiers.nir_key("0790351215189"), "sex"),
        ("2791351215189" + identifiers.nir_key("2791351215189"), "month"),
        ("2790051215189" + identifiers.nir_key("2790051215189"), "month"),
        ("2794351215189" + identifiers.nir_key("2794351215189"), "month"),
        ("2793051215189" + identifiers.nir_key("2793051215189"), ""),
    ],
)
def test_nir_fault_names_the_part_that_is_wrong(text, fault):
    assert identifiers.nir_fault(text) == fault
    assert identifiers.is_valid_nir(text) is not bool(fault)


@given(st.uuids())
def test_id_that_was_sent_is_read(number: UUID) -> None:
    assert identifiers.uuid_of(str(number)) == number


@pytest.mark.parametrize("text", ["", "16", "zz", "é" * 36, "{", "0" * 400])
def test_what_is_no_id_is_none(text: str) -> None:
    assert identifiers.uuid_of(text) is None
