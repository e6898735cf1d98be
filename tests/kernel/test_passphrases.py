"""The paper passphrase: typed back in any way people type, and the wrong group named."""

import random
from itertools import permutations

import pytest

from quenotte.kernel import passphrases as rules

PASSPHRASE = "kdrt hbfe jxnp stuv cdge rrrr bcde xvut"


def _with_checks(sign: str = "") -> str:
    return " ".join(f"{one.letters}{sign}{one.check}" for one in rules.groups_of(PASSPHRASE))


def test_drawn_passphrase_is_long_enough_and_never_the_same() -> None:
    assert rules.BITS >= 128
    drawn = {rules.new_passphrase() for _ in range(50)}
    assert len(drawn) == 50
    assert all(rules.read_passphrase(one) == one for one in drawn)
    assert all([len(group) for group in one.split(" ")] == [4] * 8 for one in drawn)
    assert set("".join(drawn)) == {*rules.ALPHABET, " "}


def test_no_letter_moves_with_the_keyboard_nor_looks_like_another() -> None:
    rows = {"azertyuiop": "qwertyuiop", "qsdfghjklm": "asdfghjkl;", "wxcvbn": "zxcvbn"}
    azerty, qwerty = "".join(rows), "".join(rows.values())
    moved = {one for one, other in zip(azerty, qwerty, strict=True) if one != other}
    assert not set(rules.ALPHABET) & (moved | set("yzilo"))


@pytest.mark.parametrize(
    "typed",
    [
        PASSPHRASE,
        PASSPHRASE.replace(" ", ""),
        f"  {PASSPHRASE.upper()}\n",
        PASSPHRASE.replace(" ", "-"),
        _with_checks(),
        _with_checks(" "),
        _with_checks(" | ").replace(" ", "\u00a0"),
        _with_checks().replace(" ", "").upper(),
    ],
)
def test_whole_passphrase_is_read_however_it_is_spaced(typed: str) -> None:
    assert rules.read_passphrase(typed) == PASSPHRASE


def test_wrong_groups_are_named() -> None:
    wrong = _with_checks(" ").replace("jxnp", "jxpn").replace("bcde", "bcd")
    with pytest.raises(rules.MistypedPassphrase) as error:
        rules.read_passphrase(wrong)
    assert [(one.number, one.reason) for one in error.value.groups] == [
        (3, "check"),
        (7, "unchecked"),
    ]


@pytest.mark.parametrize("typed", ["", "kdrt hbfe", PASSPHRASE + " kd", "a" * 32])
def test_what_has_no_groups_names_none(typed: str) -> None:
    with pytest.raises(rules.MistypedPassphrase) as error:
        rules.read_passphrase(typed)
    assert not error.value.groups


@pytest.mark.parametrize(
    ("typed", "reason", "letter"),
    [
        ("", "short", ""),
        ("kdr", "short", ""),
        ("kdrt", "unchecked", ""),
        ("kdrtgg", "long", ""),
        ("kdlt g", "foreign", "l"),
        ("k0rt g", "foreign", "0"),
        ("k\u00e9rt g", "foreign", "\u00e9"),
    ],
)
def test_group_says_what_is_wrong_with_it(typed: str, reason: str, letter: str) -> None:
    with pytest.raises(rules.MistypedGroup) as error:
        rules.read_group(typed, 1)
    assert (error.value.number, error.value.reason, error.value.letter) == (1, reason, letter)
    assert "kdr" not in repr(error.value)


def test_group_is_read_in_any_case_and_spacing() -> None:
    check = rules.check_letter("kdrt", 1)
    for typed in (f"kdrt{check}", f" KD rt {check.upper()} ", f"kdrt-{check}"):
        assert rules.read_group(typed, 1) == "kdrt"


def _passes(typed: str, number: int) -> bool:
    try:
        rules.read_group(typed, number)
    except rules.MistypedGroup:
        return False
    return True


def test_each_slip_of_a_hand_is_seen() -> None:
    """One letter for another, two exchanged, a doubled slip, a group in the place of another."""
    draw = random.Random(4)
    for number in range(1, rules.GROUPS + 1):
        letters = "".join(draw.choices(rules.ALPHABET, k=4))
        whole = letters + rules.check_letter(letters, number)
        slips = {
            whole[:place] + other + whole[place + 1 :]
            for place in range(5)
            for other in rules.ALPHABET
        }
        for one, two in permutations(range(5), 2):
            signs = list(whole)
            signs[one], signs[two] = signs[two], signs[one]
            slips.add("".join(signs))
        assert not [slip for slip in slips - {whole} if _passes(slip, number)]
        others = {*range(1, rules.GROUPS + 1)} - {number}
        assert not [other for other in others if _passes(whole, other)]
