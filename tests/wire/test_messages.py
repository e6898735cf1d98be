import json
from copy import deepcopy
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture.values import Fault
from quenotte.wire.answers import Answer
from quenotte.wire.messages import read, write
from quenotte.wire.reading import BODY_MAX, Trouble, Unreadable, canonical
from quenotte.wire.reports import Report, Told
from tests.wire.samples import KINDS, MESSAGES, NOW, PULSE, REPORT

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=200),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=20), inner),
    max_leaves=8,
)


def refusal(raw, *kinds):
    with pytest.raises(Unreadable) as found:
        read(raw, *(kinds or KINDS))
    return found.value


@pytest.mark.parametrize("message", MESSAGES)
def test_message_crosses_and_comes_back(message):
    raw = write(message)
    assert read(raw, *KINDS) == message
    assert write(read(raw, *KINDS)) == raw
    assert json.loads(raw)["version"] == type(message).VERSION


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", Trouble.NOT_JSON),
        (b"{", Trouble.NOT_JSON),
        (b"[]", Fault.WRONG_TYPE),
        (b"null", Fault.WRONG_TYPE),
        (b'{"kind":"report\xff"}', Trouble.NOT_UTF8),
        ('{"kind":"report"}'.encode("utf-16"), Trouble.NOT_UTF8),
        (b'\xef\xbb\xbf{"kind":"report"}', Trouble.NOT_JSON),
        (b'{"kind":"report","version":NaN}', Trouble.NOT_JSON),
        (b'{"kind":"report","version":-Infinity}', Trouble.NOT_JSON),
        (b'{"version":' + b"9" * 5000 + b"}", Trouble.NOT_JSON),
        (b"[" * 100_000, Trouble.NOT_JSON),
        (b'{"a":' * 50_000, Trouble.NOT_JSON),
        (b'{"kind":"report","kind":"report"}', Trouble.TWICE),
        (b" " * (BODY_MAX + 1), Fault.TOO_LONG),
        (b'{"version":1}', Trouble.WRONG_KIND),
        (b'{"kind":["report"],"version":1}', Trouble.WRONG_KIND),
        (b'{"kind":"carte-vitale","version":1}', Trouble.WRONG_KIND),
        (b'{"kind":"report"}', Trouble.UNKNOWN_VERSION),
        (b'{"kind":"report","version":2}', Trouble.UNKNOWN_VERSION),
        (b'{"kind":"report","version":true}', Trouble.UNKNOWN_VERSION),
        (b'{"kind":"report","version":1.0}', Trouble.UNKNOWN_VERSION),
        (b'{"kind":"report","version":1}', Trouble.MISSING),
    ],
)
def test_what_is_no_message_is_refused(raw, what):
    assert refusal(raw).what is what


def test_kind_that_nobody_asked_for_is_refused():
    assert refusal(write(PULSE), Report).what is Trouble.WRONG_KIND


def test_refusal_names_the_place_and_quotes_nothing():
    body = json.loads(write(REPORT))
    body["facts"][3]["value"] = {"Martine Canari": "1 85 04"}
    error = refusal(canonical(body))
    assert (error.what, error.where) == (Fault.WRONG_TYPE, "facts[3].value")
    assert str(error) == "wrong_type: facts[3].value"


def test_unknown_key_is_refused_unquoted():
    error = refusal(canonical({**json.loads(write(PULSE)), "Martine Canari": 1}))
    assert (error.what, str(error)) == (Fault.UNKNOWN_KEY, "unknown_key")


@pytest.mark.parametrize(
    "message",
    [
        Report(NOW, (Told("patient.name", "Martine Canari"),)),
        Report(NOW, (Told("machine.name", "a\ud800"),)),
        Report(NOW, (Told("lock.after_s", float("nan")),)),
        Report(NOW, (Told("use.booted_at", NOW),)),
        Report(datetime(2026, 3, 17), ()),
        replace(PULSE, reasons=("Martine Canari",)),
        replace(PULSE, light="violet"),
    ],
)
def test_what_would_be_refused_does_not_leave(message):
    with pytest.raises(Unreadable):
        write(message)


def spots(node, path=()):
    """Yield the path of each value of a message."""
    yield path
    inner = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, value in inner:
        yield from spots(value, (*path, key))


def changed(body, path, value):
    """Return a message with another value at a path."""
    if not path:
        return value
    body = deepcopy(body)
    node = body
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return body


def read_or_refused(raw):
    try:
        return read(raw, *KINDS)
    except Unreadable:
        return None


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(raw):
    read_or_refused(raw)


@given(JSON)
def test_no_value_raises_anything_else(value):
    read_or_refused(json.dumps(value).encode())


@given(st.sampled_from(MESSAGES), JSON, st.data())
def test_no_changed_message_raises_anything_else(message, value, data):
    body = json.loads(write(message))
    path = data.draw(st.sampled_from(list(spots(body))))
    found = read_or_refused(json.dumps(changed(body, path, value)).encode())
    if found is not None:
        assert read(write(found), *KINDS) == found


@given(st.sampled_from(MESSAGES), st.data())
def test_no_broken_byte_raises_anything_else(message, data):
    raw = bytearray(write(message))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 255))
    read_or_refused(bytes(raw))


@given(st.sampled_from(MESSAGES), st.text(min_size=1), JSON)
def test_no_key_can_be_added(message, key, value):
    body = json.loads(write(message))
    if key not in body and key != "retry_after_s":
        assert read_or_refused(json.dumps({**body, key: value}).encode()) is None


@pytest.mark.parametrize("code", ["accepted", "send_report", "unknown_node", "quarantined"])
def test_only_who_is_sent_away_is_told_for_how_long(code):
    body = {"kind": "answer", "version": 1, "answer": code, "retry_after_s": 3}
    assert refusal(canonical(body)).where == "retry_after_s"
    assert read(canonical({**body, "answer": "try_later"}), Answer).retry_after_s == 3


@pytest.mark.parametrize("seconds", [-1, 86_401, True, "30", 1.5, None])
def test_wait_is_bounded(seconds):
    body = {"kind": "answer", "version": 1, "answer": "try_later", "retry_after_s": seconds}
    assert refusal(canonical(body)).where == "retry_after_s"


@pytest.mark.parametrize("answer", [None, 3, "merci"])
def test_answer_is_one_of_five(answer):
    assert refusal(canonical({"kind": "answer", "version": 1, "answer": answer})).where == "answer"
