import pytest

from quenotte.care.consents import rules
from quenotte.care.consents.rules import Check
from quenotte.care.consents.texts import PARTS, TEXTS, text_of


def test_digest_is_of_the_content_and_not_of_its_order():
    one = rules.digest_of({"a": "é", "b": [1, 2]})
    assert one == rules.digest_of({"b": [1, 2], "a": "é"})
    assert one != rules.digest_of({"a": "é", "b": [2, 1]})
    assert rules.digest_of({"a": "\ud800"})
    assert rules.grouped(one).replace(":", "") == one
    assert len(rules.grouped(one).split(":")) == 8
    assert rules.file_digest_of(b"abc").startswith("ba7816bf")


@pytest.mark.parametrize(
    ("kept", "again", "journal", "check"),
    [
        ("a", "a", "a", Check.INTACT),
        ("a", "b", "a", Check.ALTERED),
        ("a", "a", "b", Check.ALTERED),
        ("b", "a", "a", Check.ALTERED),
        ("", "", "", Check.ALTERED),
    ],
)
def test_three_ways_must_agree(kept, again, journal, check):
    assert rules.check(kept=kept, again=again, journal=journal) is check


def test_teeth_are_those_that_were_typed():
    assert rules.teeth_of("38 et 48") == "38, 48"
    assert rules.teeth_of("toutes") == ""
    assert rules.teeth_of("36-38 et 48") == "36, 37, 38, 48"
    assert rules.teeth_of("12 à 21") == "12, 11, 21"


@pytest.mark.parametrize(
    ("typed", "words"),
    [("36-38 et 19", "La dent 19 n’existe pas"), ("16-36", "De 16 à 36, il faut rester")],
)
def test_teeth_that_are_none_are_refused(typed, words):
    with pytest.raises(rules.NotTeeth, match=words):
        rules.teeth_of(typed)


@pytest.mark.parametrize(
    ("state", "decision", "is_withdrawn", "may"),
    [
        ("sealed", "agreed", False, True),
        ("sealed", "agreed", True, False),
        ("sealed", "refused", False, False),
        ("answered", "agreed", False, True),
        ("answered", "agreed", True, False),
        ("answered", "refused", False, False),
        ("prepared", "", False, False),
    ],
)
def test_what_may_be_withdrawn(state, decision, is_withdrawn, may):
    found = rules.may_be_withdrawn(state=state, decision=decision, is_withdrawn=is_withdrawn)
    assert found is may


@pytest.mark.parametrize("text", TEXTS, ids=lambda one: one.act)
def test_each_text_explains_everything(text):
    assert set(text.parts) == {key for key, _title in PARTS}
    assert all(text.parts.values())
    assert text_of(text.act) is text


def test_unknown_act_is_a_mistake():
    with pytest.raises(KeyError):
        text_of("rien")
