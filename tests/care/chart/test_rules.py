import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.chart import rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Carie 16.\r\nÀ revoir.\r", "Carie 16.\nÀ revoir."),
        ("a\x00b\x1b\u0065\u0301", "ab\u00e9"),
        (" \n\t ", ""),
    ],
)
def test_tidy(typed, kept):
    assert rules.tidy(typed) == kept


@given(st.text())
def test_tidy_twice_is_tidy_once(text):
    once = rules.tidy(text)
    assert rules.tidy(once) == once
    assert "\x00" not in once
