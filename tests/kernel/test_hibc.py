from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel import hibc
from quenotte.kernel.hibc import ALPHABET, SEPARATOR, InvalidHibc, Udi, check_character

TODAY = date(2026, 3, 17)
#: Maker Z901, product DIGUE15, a box of them (1).
PRODUCT = "+Z901DIGUE151"
DAY = date(2028, 6, 28)


def signed(text):
    """Return a code with its check character."""
    return text + check_character(text)


def joined(rest, product=PRODUCT):
    """Return one code that says the product and the rest."""
    return signed(f"{product}/{rest}")


def pair(rest):
    """Return what a reader sends of two codes, the second linked to the first."""
    first = signed(PRODUCT)
    return first + SEPARATOR + signed(f"+{rest}{first[-1]}")


def read(text):
    return hibc.parse(text, today=TODAY)


def test_check_character_counts_modulo_43():
    # 41 (+) + 10 (A) + 1 + 2 + 3 = 57, 14 above 43: the character 14 is E.
    assert check_character("+A123") == "E"
    assert check_character("+A12") == "B"
    with pytest.raises(InvalidHibc):
        check_character("é")


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("$LOT7", Udi(PRODUCT, "LOT7")),
        ("$+S77", Udi(PRODUCT, "", "S77")),
        ("$$0628LOT7", Udi(PRODUCT, "LOT7", "", date(2028, 6, 30))),
        ("$$1228LOT7", Udi(PRODUCT, "LOT7", "", date(2028, 12, 31))),
        ("$$2062828LOT7", Udi(PRODUCT, "LOT7", "", DAY)),
        ("$$3280628LOT7", Udi(PRODUCT, "LOT7", "", DAY)),
        ("$$428062814LOT7", Udi(PRODUCT, "LOT7", "", DAY)),
        ("$$528180LOT7", Udi(PRODUCT, "LOT7", "", DAY)),
        ("$$62818014LOT7", Udi(PRODUCT, "LOT7", "", DAY)),
        ("$$7LOT7", Udi(PRODUCT, "LOT7")),
        ("$$8123280628LOT7", Udi(PRODUCT, "LOT7", "", DAY)),
        ("$$9001200628LOT7", Udi(PRODUCT, "LOT7", "", date(2028, 6, 30))),
        ("$$812", Udi(PRODUCT)),
        ("$$+3280628S77", Udi(PRODUCT, "", "S77", DAY)),
        ("28180LOT7", Udi(PRODUCT, "LOT7", "", DAY)),
        ("$$3280628LOT7/SS77/16D20260101", Udi(PRODUCT, "LOT7", "S77", DAY)),
        ("$LOT7/14D20280628/Q12", Udi(PRODUCT, "LOT7", "", DAY)),
        ("$$3280600LOT7", Udi(PRODUCT, "LOT7", "", date(2028, 6, 30))),
        ("$$3990628LOT7", Udi(PRODUCT, "LOT7", "", date(1999, 6, 28))),
    ],
)
def test_code_is_read_in_each_form(rest, expected):
    assert read(joined(rest)) == expected
    if "/" not in rest:
        assert read(pair(rest)) == expected


def test_product_alone_says_no_lot():
    assert read(signed(PRODUCT)) == Udi(PRODUCT)
    assert read(f"]d1{signed(PRODUCT)}") == Udi(PRODUCT)
    assert read(f"*{signed(PRODUCT)}*\r\n") == Udi(PRODUCT)
    assert read(signed(PRODUCT).lower()) == Udi(PRODUCT)


def test_space_at_the_end_may_be_lost_or_drawn():
    products = (f"+Z901{a}{b}1" for a in ALPHABET[:36] for b in ALPHABET[:36])
    product = next(one for one in products if check_character(one) == " ")
    for end in ("", " ", "_"):
        assert read(product + end) == Udi(product)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (signed("+$LOT7A"), "other"),
        (signed("+28180LOT7A"), "other"),
        (signed(PRODUCT)[:-1] + "!", "unknown"),
        (PRODUCT + "0", "check_digit"),
        ("+", "check_digit"),
        (signed("+Z901DIGUE15X"), "unknown"),
        (joined("XYZ"), "unknown"),
        (joined("$$A12"), "date"),
        (joined("$$3281328LOT7"), "date"),
        (joined("$$3280631LOT7"), "date"),
        (joined("$$527366LOT7"), "date"),
        (joined("$$528000LOT7"), "date"),
        (joined("$$32806"), "cut"),
        (joined("$$3LOT728A"), "cut"),
        (joined("$LOT7/14D280628"), "date"),
        (joined("$LOT7/14D20281328"), "date"),
        (joined("$" + "L" * 21), "cut"),
        (signed(PRODUCT) + SEPARATOR + signed("+$LOT7%"), "link"),
        (signed(PRODUCT) + SEPARATOR + "+$LOT7", "check_digit"),
    ],
)
def test_code_that_says_nothing_sure_is_refused(text, reason):
    with pytest.raises(InvalidHibc) as refused:
        read(text)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("text", "is_code", "is_second"),
    [
        (signed(PRODUCT), True, False),
        ("+$$3280628LOT7", True, True),
        ("+$LOT", True, True),
        ("+28180LOT7AB", True, True),
        ("+33612345678", False, False),
        ("+33 6 12 34 56 78", False, False),
        ("0103400930000010", False, False),
        ("+ un sachet", False, False),
        ("bonjour", False, False),
    ],
)
def test_codes_are_told_from_the_rest(text, is_code, is_second):
    assert hibc.looks_like_hibc(text) is is_code
    assert hibc.is_second(text) is is_second


def test_product_is_told_from_a_gtin():
    assert hibc.is_product(PRODUCT)
    assert not hibc.is_product("03400930000010")


def test_reader_with_an_american_keyboard_is_understood():
    american = "0123456789" + "AQZW" + "/-.$%"
    french = "à&é\"'(-è_ç" + "QAWZ" + "!):45"
    code = joined("$$3280628LOT7")
    typed = code.translate(str.maketrans(american, french))
    assert typed != code
    assert read(typed) == read(code)


@given(
    lot=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=18),
    serial=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=18),
    day=st.none() | st.dates(date(1980, 1, 1), date(2070, 1, 1)),
)
def test_what_is_shown_is_read_again(lot, serial, day):
    known = Udi(PRODUCT, lot, serial, day)
    assert read(known.shown) == read(known.handed) == known
