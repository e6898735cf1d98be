import pytest

from quenotte.devices.agents.errors import NotUnderstood, Reason
from quenotte.devices.agents.objects import (
    as_text,
    list_at,
    object_at,
    read_object,
    text_at,
    text_of,
    whole_at,
)


def reason_of(call, *args, **kwargs):
    with pytest.raises(NotUnderstood) as caught:
        call(*args, **kwargs)
    return caught.value.reason


def test_object_is_read():
    assert read_object('{"nom": "Éclat"}'.encode()) == {"nom": "Éclat"}


def test_mark_of_windows_is_passed_over():
    assert read_object(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_text_that_is_no_utf8_is_that_of_windows():
    assert text_of("Éclat".encode("cp1252")) == "Éclat"
    assert read_object('{"nom": "Éclat"}'.encode("cp1252")) == {"nom": "Éclat"}
    assert text_of(b"\x81\xff") == "\ufffdÿ"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.NOT_JSON),
        (b"{", Reason.NOT_JSON),
        (b'{"a": NaN}', Reason.NOT_JSON),
        (b'{"a": ' + b"9" * 5000 + b"}", Reason.NOT_JSON),
        (b"[1]", Reason.WRONG_SHAPE),
        (b'{"a": ' + b"[" * 100_000, Reason.TOO_MANY),
        (b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}", Reason.TOO_MANY),
        (b'{"a": [' + b"0," * 400_001 + b"0]}", Reason.TOO_MANY),
    ],
)
def test_what_is_no_message_is_refused(content, reason):
    assert reason_of(read_object, content) is reason


def test_fields_have_their_kind():
    told = {
        "o": {"x": 1},
        "l": [1],
        "t": "mot",
        "n": 7,
        "s": " -3 ",
        "vide": "",
        "rien": None,
        "b": True,
    }

    assert object_at(told, "o") == {"x": 1}
    assert object_at(told, "absent") == {}
    assert list_at(told, "l") == [1]
    assert list_at(told, "vide") == []
    assert list_at(told, "rien") == []
    assert text_at(told, "t") == "mot"
    assert text_at(told, "n") == "7"
    assert text_at(told, "absent") == ""
    assert whole_at(told, "n") == 7
    assert whole_at(told, "s") == -3
    assert whole_at(told, "absent") == 0


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (object_at, [1]),
        (object_at, "mot"),
        (list_at, {"x": 1}),
        (list_at, "mot"),
        (text_at, ["mot"]),
        (text_at, True),
        (text_at, "x" * 256),
        (whole_at, "1.5"),
        (whole_at, "--5"),
        (whole_at, "٣"),
        (whole_at, "9" * 21),
    ],
)
def test_field_of_another_kind_is_refused(call, value):
    assert reason_of(call, {"champ": value}, "champ") is Reason.WRONG_SHAPE


def test_refusal_names_the_field_and_not_what_was_in_it():
    with pytest.raises(NotUnderstood) as caught:
        text_at({"champ": ["canari"]}, "champ")

    assert str(caught.value) == "wrong_shape: champ"


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "1"), (False, "0"), (3, "3"), (2.5, "2.5"), ("mot", "mot"), (None, ""), ([1], "")],
)
def test_cells_are_texts(value, text):
    assert as_text(value) == text
