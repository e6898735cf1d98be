import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.devices.sms.alphabets import Alphabet, measure, simplified


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "segments", "left"),
    [
        ("", Alphabet.GSM7, 0, 1, 160),
        ("a" * 160, Alphabet.GSM7, 160, 1, 0),
        ("a" * 161, Alphabet.GSM7, 161, 2, 145),
        ("a" * 306, Alphabet.GSM7, 306, 2, 0),
        ("a" * 307, Alphabet.GSM7, 307, 3, 152),
        ("€" * 80, Alphabet.GSM7, 160, 1, 0),
        # The 153rd septet cannot hold half a euro: the part ends one short.
        ("a" * 152 + "€" + "a" * 10, Alphabet.GSM7, 164, 2, 141),
        ("é" * 160, Alphabet.GSM7, 160, 1, 0),
        ("ê" * 70, Alphabet.UCS2, 70, 1, 0),
        ("ê" * 71, Alphabet.UCS2, 71, 2, 63),
        ("🦷" * 35, Alphabet.UCS2, 70, 1, 0),
        ("ê" * 66 + "🦷" * 3, Alphabet.UCS2, 72, 2, 61),
    ],
)
def test_measure(text, alphabet, units, segments, left):
    found = measure(text)
    assert (found.alphabet, found.units, found.segments, found.left) == (
        alphabet,
        units,
        segments,
        left,
    )


def test_strange_signs_are_named_once():
    assert measure("août ’ août").strange == ("û", "’")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("L’heure : 14h30 « ici »…", 'L\'heure : 14h30 " ici "...'),
        ("août, cœur, ça, Noël, hôtel", "aout, coeur, ca, Noel, hotel"),
        ("élève à Nîmes où", "élève à Nimes où"),
        ("Zoë Łukasz 🦷", "Zoe Łukasz 🦷"),
        ("a\u200bb", "ab"),
    ],
)
def test_simplified(text, plain):
    assert simplified(text) == plain


@given(st.text(max_size=400))
def test_simplified_once_is_enough_and_never_costs_more(text):
    plain = simplified(text)
    assert simplified(plain) == plain
    assert set(measure(plain).strange) <= set(measure(text).strange)


@given(st.text(max_size=400))
def test_every_unit_has_its_place(text):
    found = measure(text)
    rooms = {1: (160, 70)}.get(found.segments, (153, 67))
    room = rooms[found.alphabet is Alphabet.UCS2]
    assert 0 <= found.left <= room
    assert found.units <= found.segments * room
