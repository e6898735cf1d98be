import pytest

from quenotte.kernel import phones


@pytest.mark.parametrize("text", ["01 99 00 12 34", "01.99.00.12.34", "+33 1 99 00 12 34"])
def test_phone_is_kept_as_e164(text: str) -> None:
    assert phones.parse_phone(text) == "+33199001234"


@pytest.mark.parametrize("text", ["bonjour", "12", ""])
def test_phone_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(phones.InvalidPhone):
        phones.parse_phone(text)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+33199001234", "01 99 00 12 34"),
        ("+441632960123", "+44 1632 960123"),
        ("inconnu", "inconnu"),
    ],
)
def test_phone_is_shown_in_pairs(kept: str, shown: str) -> None:
    assert phones.display_phone(kept) == shown


@pytest.mark.parametrize("typed", ["06 39", "+33 6 39", "0033 6 39", "+33 (0)6 39", "6 39"])
def test_typed_beginning_gives_significant_digits(typed: str) -> None:
    assert phones.phone_search_digits(typed) == "639"
