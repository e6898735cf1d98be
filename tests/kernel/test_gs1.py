from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel import gs1
from quenotte.kernel.gs1 import SEPARATOR, InvalidGs1, Udi

TODAY = date(2026, 3, 17)
GTIN = "03400930000014"
GTIN = GTIN[:-1] + str(gs1.check_digit(GTIN[:-1]))
WHOLE = Udi(GTIN, "L42A", "S7", date(2028, 4, 30))

#: What a batch or serial number may hold without meeting brackets.
NUMBERS = st.text(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./", min_size=1, max_size=20
)


@pytest.mark.parametrize(
    "text",
    [
        f"]d201{GTIN}1728043010L42A{SEPARATOR}21S7",
        f"01{GTIN}1728043021S7{SEPARATOR}10L42A",
        f"{SEPARATOR}01{GTIN}10L42A{SEPARATOR}1728043021S7\r\n",
        f"(01){GTIN}(17)280430(10)L42A(21)S7",
        f"01{GTIN}17280400{SEPARATOR}10L42A{SEPARATOR}21S7{SEPARATOR}",
    ],
    ids=["as sent", "other order", "end of line", "as printed", "day nought"],
)
def test_code_is_read_in_each_form(text):
    assert gs1.parse(text, today=TODAY) == WHOLE
    assert WHOLE.shown == f"(01){GTIN}(17)280430(10)L42A(21)S7"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("bonjour", "unknown"),
        ("(01)", "cut"),
        (f"(01){GTIN}(99x)", "unknown"),
        (f"(01){GTIN} et plus", "check_digit"),
        (f"(01){GTIN}(05)1", "unknown"),
        (f"(01){GTIN}reste(17", "unknown"),
        ("0134009300000", "cut"),
        (f"01{GTIN[:-1]}{(int(GTIN[-1]) + 1) % 10}", "check_digit"),
        (f"01{GTIN}10", "cut"),
        (f"01{GTIN}10L42AL42AL42A1728043021S7", "cut"),
        (f"01{GTIN}17281301", "date"),
        (f"01{GTIN}17280231", "date"),
        ("(17)2804", "date"),
        (f"01{GTIN}10A{SEPARATOR}10B", "twice"),
        (f"01{GTIN[:8]}{SEPARATOR}{GTIN[8:]}17280430", "cut"),
    ],
)
def test_code_that_says_nothing_sure_is_refused(text, reason):
    with pytest.raises(InvalidGs1) as refused:
        gs1.parse(text, today=TODAY)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "rest",
    [
        "10ABC1221SER9",
        "10ABC1217271231",
        "21SER917271231",
        "17271231" + "21SER910ABC12",
        "10ABC1211260101",
        "10ABC171727123121S",
    ],
)
def test_number_that_may_hide_another_is_doubted(rest):
    for begun in ("", "]d2"):
        sent = f"{begun}01{GTIN}{rest}"
        read = gs1.parse(sent, today=TODAY)
        assert read.doubt == read.handed == sent
        assert gs1.parse(read.handed, today=TODAY) == read
    assert not gs1.parse(f"01{GTIN}{rest}{SEPARATOR}", today=TODAY).doubt
    assert not gs1.parse(read.shown, today=TODAY).doubt


@pytest.mark.parametrize(
    "rest", ["1728043010L42A", "10ABC21", "1021A", "17280430" + "10B172804", "10B17281330"]
)
def test_last_number_of_a_code_needs_no_separator(rest):
    read = gs1.parse(f"01{GTIN}{rest}", today=TODAY)
    assert (read.doubt, read.handed) == ("", read.shown)


def test_batch_hidden_in_a_reference_is_a_cut_code():
    with pytest.raises(InvalidGs1, match="cut"):
        gs1.parse(f"01{GTIN}240REF10ABC", today=TODAY)


def test_french_keyboard_gives_the_same_code():
    scanned = "".join("à&é\"'(-è_ç"[int(sign)] for sign in f"01{GTIN}17280430") + "&àLQ"
    assert gs1.looks_like_gs1(scanned)
    assert gs1.parse(scanned, today=TODAY).lot == "LA"
    assert gs1.typed_by_a_reader("Mme Tessier") == "Mme Tessier"


@pytest.mark.parametrize(
    ("text", "expected"),
    [(f"01{GTIN}", True), (f"]d201{GTIN}", True), (f"(01){GTIN}", True), ("0199", False)],
)
def test_code_of_a_product_is_known_by_its_beginning(text, expected):
    assert gs1.looks_like_gs1(text) is expected


@pytest.mark.parametrize(
    ("digits", "year"), [("76", 2076), ("77", 1977), ("00", 2000), ("26", 2026)]
)
def test_century_is_the_one_around_today(digits, year):
    assert gs1.parse(f"17{digits}0101", today=TODAY).expires_on == date(year, 1, 1)


def test_century_turns_with_its_end():
    assert gs1.parse("17010101", today=date(2090, 1, 1)).expires_on == date(2101, 1, 1)


def test_other_elements_are_kept():
    read = gs1.parse(f"01{GTIN}3103001250" + f"240REF 12{SEPARATOR}11260101", today=TODAY)
    assert read.others == (("3103", "001250"), ("240", "REF 12"), ("11", "260101"))


@given(NUMBERS, NUMBERS, st.dates(date(1980, 1, 1), date(2070, 12, 31)))
def test_what_was_written_is_read_back(lot, serial, day):
    said = Udi(GTIN, lot, serial, day)
    assert gs1.parse(said.shown, today=TODAY) == said
    sent = f"01{GTIN}17{day:%y%m%d}10{lot}{SEPARATOR}21{serial}"
    assert gs1.parse(sent, today=TODAY) == said


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        read = gs1.parse(text, today=TODAY)
    except InvalidGs1:
        return
    assert isinstance(read, Udi)
