"""One way of writing: the examples of the standard, and what has no such way."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.memento.canonical import NotCanonical, read, written

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner),
    max_leaves=12,
)


def test_names_are_in_the_order_of_the_standard():
    # RFC 8785, section 3.2.3.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    found = json.loads(written(dict.fromkeys(names, 0)), object_pairs_hook=lambda pairs: pairs)
    assert [name for name, _ in found] == [
        "\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33",
    ]  # fmt: skip


def test_texts_are_escaped_as_the_standard_says():
    # RFC 8785, section 3.2.2.2.
    assert written("\u20ac$\u000f\nA'\u0042\u0022\u005c\\\"/") == (
        '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    )
    assert written({"b": [1, True, None], "a": ""}) == b'{"a":"","b":[1,true,null]}'


@given(_PLAIN)
def test_what_is_written_is_read_and_written_the_same(value: Any):
    assert written(read(written(value))) == written(value)
    assert read(written(value)) == value


@pytest.mark.parametrize(
    "value",
    [1.5, {"a": [2.0]}, 2**53, "\ud800", {1: 2}, {"a": object()}, float("nan")],
    ids=range(7),
)
def test_what_has_no_one_way_is_refused(value: Any):
    with pytest.raises(NotCanonical):
        written(value)


@pytest.mark.parametrize(
    "text", [b'{"a":1,"a":2}', b"1.5", b"NaN", b"{", b"\xff", b"[" * 100_000], ids=range(6)
)
def test_what_is_not_plain_json_is_refused(text: bytes):
    with pytest.raises(NotCanonical):
        read(text)
