"""The passphrase of the recovery kit: drawn, printed in groups, typed back from paper.

The printed line *is* the password, byte for byte: eight groups of four letters, one space between
two. Its letters lie on the same keys of AZERTY, QWERTY and QWERTZ (no a, m, q, w, y, z; no digit;
no hyphen), because a rescue disk rarely knows the keyboard that it is given; and no two of them
are taken for one another on paper (no i, l, o). Each group has a check letter, which is no part of
the password: it tells which group was misread.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from math import log2
from typing import Final

#: Seventeen: a prime, so that a check letter sees every slip of one letter.
ALPHABET: Final = "bcdefghjknprstuvx"
GROUPS: Final = 8
GROUP_LETTERS: Final = 4
#: What somebody who does not know the passphrase has to guess, in bits.
BITS: Final = GROUPS * GROUP_LETTERS * log2(len(ALPHABET))

#: What people write between letters, and what stands in the columns of the sheet.
_BETWEEN: Final = " \t\r\n\u00a0\u2009\u202f-\u2010\u2011\u2013_.,;:|/"
#: Distinct modulo 17, none of them 0 nor -1: a letter changed, two letters exchanged (the check
#: letter among them) or the same slip made twice always change the sum.
_WEIGHTS: Final = (1, 2, 3, 4)
#: How far two neighbouring groups differ: groups that are exchanged do not pass either.
_STEP: Final = 5


class MistypedGroup(ValueError):
    """A group is not as printed. What was typed is left out: it is nearly a secret.

    ``reason``: foreign (``letter`` is on no sheet), short, unchecked (its check letter is
    missing), long, check (a letter was misread).
    """

    def __init__(self, number: int, reason: str, letter: str = "") -> None:
        super().__init__(reason)
        self.number = number
        self.reason = reason
        self.letter = letter


class MistypedPassphrase(ValueError):
    """Some groups of a whole passphrase are not as printed; ``groups`` is empty when they cannot
    even be told apart."""

    def __init__(self, groups: tuple[MistypedGroup, ...] = ()) -> None:
        super().__init__("mistyped")
        self.groups = groups


@dataclass(frozen=True, slots=True)
class Group:
    """A line of the table on the sheet; ``number`` counts from 1."""

    number: int
    letters: str
    check: str


def new_passphrase(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return a passphrase that nobody has seen yet; ``choose`` draws one letter."""
    return _joined("".join(choose(ALPHABET) for _ in range(GROUPS * GROUP_LETTERS)))


def groups_of(passphrase: str) -> tuple[Group, ...]:
    """Return the table of a passphrase: its groups, each with its check letter."""
    numbered = enumerate(passphrase.split(" "), start=1)
    return tuple(
        Group(number, letters, check_letter(letters, number)) for number, letters in numbered
    )


def check_letter(letters: str, number: int) -> str:
    """Return the check letter of the group ``number`` (from 1).

    Source: a weighted sum modulo a prime, as in ISO/IEC 7064 and the ISBN-10.
    """
    values = zip(_WEIGHTS, map(ALPHABET.index, letters), strict=True)
    total = sum(weight * value for weight, value in values) + _STEP * number
    return ALPHABET[total % len(ALPHABET)]


def read_group(typed: str, number: int) -> str:
    """Return the four letters of a group typed with its check letter, in any case and spacing.

    Raises: MistypedGroup.
    """
    letters = _plain(typed)
    if foreign := _foreign(letters):
        raise MistypedGroup(number, "foreign", foreign)
    reasons = {GROUP_LETTERS: "unchecked", GROUP_LETTERS + 1: "check"}
    if len(letters) != GROUP_LETTERS + 1:
        too = "short" if len(letters) < GROUP_LETTERS else "long"
        raise MistypedGroup(number, reasons.get(len(letters), too))
    if check_letter(letters[:-1], number) != letters[-1]:
        raise MistypedGroup(number, "check")
    return letters[:-1]


def read_passphrase(typed: str) -> str:
    """Return the passphrase that was typed whole, or sent by a code reader.

    With the check letters (at the end of each group or beside it) each group is checked; the bare
    line, which is what the drawing holds, is taken as it is.

    Raises: MistypedPassphrase.
    """
    plain = _plain(typed)
    if len(plain) == GROUPS * GROUP_LETTERS and not _foreign(plain):
        return _joined(plain)
    found, wrong = [], []
    for number, piece in enumerate(_pieces(typed), start=1):
        try:
            found.append(read_group(piece, number))
        except MistypedGroup as error:
            wrong.append(error)
    if wrong:
        raise MistypedPassphrase(tuple(wrong))
    return " ".join(found)


def _pieces(typed: str) -> list[str]:
    """Return the eight groups of what was typed, each with its check letter where it has one."""
    pieces: list[str] = []
    for word in typed.translate(_SPACES).split():
        if len(word) == 1 and pieces:
            pieces[-1] += word
        else:
            pieces.append(word)
    if len(pieces) != GROUPS:
        plain, width = _plain(typed), GROUP_LETTERS + 1
        if len(plain) != GROUPS * width:
            raise MistypedPassphrase
        pieces = [plain[start : start + width] for start in range(0, len(plain), width)]
    return pieces


_SPACES: Final = str.maketrans(dict.fromkeys(_BETWEEN, " "))
_NOTHING: Final = str.maketrans(dict.fromkeys(_BETWEEN))


def _plain(typed: str) -> str:
    return typed.casefold().translate(_NOTHING)


def _foreign(letters: str) -> str:
    """Return the first sign that is on no sheet, "" when each may be."""
    return next((letter for letter in letters if letter not in ALPHABET), "")


def _joined(letters: str) -> str:
    starts = range(0, len(letters), GROUP_LETTERS)
    return " ".join(letters[start : start + GROUP_LETTERS] for start in starts)
