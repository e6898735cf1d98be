import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel import phones

FRENCH = st.from_regex(r"[1-9][0-9]{8}", fullmatch=True)


@pytest.mark.parametrize(
    "text",
    [
        "01 99 00 12 34",
        "01.99.00.12.34",
        "0199001234",
        "+33 1 99 00 12 34",
        "+33 (0)1 99 00 12 34",
        "0033 1 99 00 12 34",
        "tél. 01-99-00-12-34",
        "01 99 00 12 34 (bureau)",
        "01\u00a099\u00a000\u00a012\u00a034",
    ],
)
def test_phone_is_kept_as_e164(text: str) -> None:
    assert phones.parse_phone(text) == "+33199001234"


def test_phone_kept_for_fiction_is_accepted() -> None:
    assert phones.parse_phone("06 39 98 00 12") == "+33639980012"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("0590 12 34 56", "+590590123456"),
        ("0692 12 34 56", "+262692123456"),
        ("0696 12 34 56", "+596696123456"),
        ("0639 01 23 45", "+262639012345"),
    ],
)
def test_overseas_phone_gets_its_own_country_code(text: str, kept: str) -> None:
    assert phones.parse_phone(text) == kept
    assert phones.display_phone(kept) == " ".join(
        text.replace(" ", "")[at : at + 2] for at in range(0, 10, 2)
    )


def test_phone_typed_overseas_belongs_there() -> None:
    assert phones.parse_phone("0262 12 34 56", region="RE") == "+262262123456"


def test_foreign_phone_is_kept() -> None:
    assert phones.parse_phone("+32 470 12 34 56") == "+32470123456"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bonjour",
        "12",
        "15",
        "3237",
        "01 99 00 12",
        "01 99 00 12 345",
        "01 99 OO 12 34",
        "01 99 00 DENT",
        "01 99 00 12 34 poste 12",
        "01 99 00 12 34 #12",
        "+33",
        "+33 0",
        "+999 12345678",
        "9" * 400,
    ],
)
def test_phone_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(phones.InvalidPhone):
        phones.parse_phone(text)


def test_refused_phone_is_not_told_to_the_logs() -> None:
    with pytest.raises(phones.InvalidPhone) as caught:
        phones.parse_phone("06 39 98")
    assert "39" not in str(caught.value)


@given(st.text())
def test_any_text_is_a_phone_or_refused(text: str) -> None:
    try:
        kept = phones.parse_phone(text)
    except phones.InvalidPhone:
        return
    assert kept[0] == "+"
    assert kept[1:].isdecimal()


@given(FRENCH)
def test_french_phone_shown_is_read_back(digits: str) -> None:
    kept = phones.parse_phone("0" + digits)
    shown = phones.display_phone(kept)
    assert shown.replace(" ", "") == "0" + digits
    assert phones.parse_phone(shown) == kept


@given(st.sampled_from(["590", "594", "596", "262"]), FRENCH)
def test_overseas_phone_shown_in_pairs_is_read_back(country: str, digits: str) -> None:
    kept = f"+{country}{digits}"
    shown = phones.display_phone(kept)
    if shown.startswith("0"):
        assert phones.parse_phone(shown) == kept


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+33199001234", "01 99 00 12 34"),
        ("+441632960123", "+44 1632 960123"),
        ("+26299", "+262 99"),
        ("+590800000000", "+590 800 00 00 00"),
        ("+262639980012", "+262 639 98 00 12"),
        ("+262199999999", "+262 199999999"),
        ("inconnu", "inconnu"),
        ("", ""),
    ],
)
def test_phone_is_shown_in_pairs(kept: str, shown: str) -> None:
    assert phones.display_phone(kept) == shown


@pytest.mark.parametrize(
    "typed", ["06 39", "+33 6 39", "0033639", "+33 (0)6 39", "6 39", "06.39", "０６ 39"]
)
def test_typed_beginning_gives_significant_digits(typed: str) -> None:
    assert phones.phone_search_digits(typed) == "639"


@pytest.mark.parametrize("typed", ["", "0", "00", "+", "+3", "003", "+33", "Dupont 06", "06/39?"])
def test_typed_beginning_that_says_nothing_gives_none(typed: str) -> None:
    assert phones.phone_search_digits(typed) == ""


def test_foreign_beginning_loses_its_country_code() -> None:
    assert phones.phone_search_digits("+32 0470") == "470"
    assert phones.phone_search_digits("+590690") == "690"


@given(FRENCH, st.integers(min_value=1, max_value=20), st.sampled_from(["national", "+", "00"]))
def test_kept_phone_begins_with_what_was_typed(digits: str, length: int, form: str) -> None:
    kept = phones.parse_phone("0" + digits)
    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    international = phonenumbers.format_number(phonenumbers.parse(kept, None), style)
    whole = {
        "national": phones.display_phone(kept),
        "+": international,
        "00": international.replace("+", "00"),
    }[form]
    typed = phones.phone_search_digits(whole[:length])
    assert phones.phone_search_digits(kept).startswith(typed)
