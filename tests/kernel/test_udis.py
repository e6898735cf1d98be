from datetime import date

import pytest

from quenotte.kernel import gs1, hibc, udis

TODAY = date(2026, 3, 17)
GTIN = f"0376011000123{gs1.check_digit('0376011000123')}"
GS1 = gs1.Udi(GTIN, "L42", "", date(2028, 1, 31))
HIBC = hibc.Udi("+Z901DIGUE151", "L42", "", date(2028, 1, 31))
HALF = hibc.Udi("+Z901DIGUE151")


@pytest.mark.parametrize(("known", "is_half"), [(GS1, False), (HIBC, False), (HALF, True)])
def test_each_form_is_read(known, is_half):
    assert udis.looks_like_udi(known.shown)
    read = udis.parse(known.shown, today=TODAY)
    assert (read, udis.is_half(read)) == (known, is_half)


@pytest.mark.parametrize("text", ["bonjour", "+33612345678", ""])
def test_other_texts_are_no_codes(text):
    assert not udis.looks_like_udi(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [(f"(01){GTIN[:-1]}x", "check_digit"), (HIBC.shown[:-1] + "..", "check_digit")],
)
def test_code_that_is_misread_says_why(text, reason):
    with pytest.raises(udis.InvalidUdi) as refused:
        udis.parse(text, today=TODAY)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (GTIN[1:], GTIN),
        (f"{GTIN[:4]} {GTIN[4:]}", GTIN),
        ("+z901digue151", HIBC.gtin),
        (HIBC.shown, HIBC.gtin),
    ],
)
def test_product_is_kept_in_one_form(typed, expected):
    assert udis.product_of(typed, today=TODAY) == expected


def test_product_that_is_none_is_refused():
    with pytest.raises(udis.InvalidUdi):
        udis.product_of("1", today=TODAY)
