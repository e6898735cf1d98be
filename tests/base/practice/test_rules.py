"""Stamps and orders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.base.practice.rules import moved, stamp


def test_stamp_changes_with_any_value() -> None:
    assert stamp({"a": "1", "b": "2"}) == stamp({"b": "2", "a": "1"})
    assert stamp({"a": "1", "b": "2"}) != stamp({"a": "2", "b": "1"})


@pytest.mark.parametrize(
    ("item", "step", "expected"),
    [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 1, "abc"), ("a", 9, "bca")],
)
def test_moved_keeps_within_the_ends(item: str, step: int, expected: str) -> None:
    assert moved("abc", item, step) == list(expected)


@given(st.lists(st.integers(), unique=True, min_size=1), st.data())
def test_moved_loses_nothing(items: list[int], data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(items))
    step = data.draw(st.integers(-3, 3))

    assert sorted(moved(items, item, step)) == sorted(items)
