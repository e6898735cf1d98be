"""The words of shares: recognised as people type them, and the misread one found.

Source: SLIP-0039, sections "Wordlist" and "Checksum" (a Reed-Solomon code over GF(1024), three
words long: it never takes a slip of one word for a slip elsewhere, nor a slip of two for one).
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Final

#: The first letters of a word, with which no other word of the list begins.
_PREFIX: Final = 4
_CHECK_WORDS: Final = 3
_WORD_BITS: Final = 10


def word_of(typed: str) -> str:
    """Return the word of the list that was typed (its first four letters suffice), or ""."""
    letters = typed.strip().casefold()
    return _by_prefix().get(letters[:_PREFIX], "") if letters.isalpha() else ""


def nearest(typed: str) -> str:
    """Return the word of the list that looks most like what was typed, or ""."""
    return next(iter(get_close_matches(typed.strip().casefold(), _by_prefix().values(), n=1)), "")


def misread(words: Sequence[str]) -> int:
    """Return the place (from 1) of the only word that, alone, can be wrong; 0 when several are.

    ``words`` are those of a share whose checksum does not hold, each of the list.
    """
    from shamir_mnemonic.wordlist import WORD_INDEX_MAP

    numbers = [WORD_INDEX_MAP[word] for word in words]
    said, checks = numbers[:-_CHECK_WORDS], numbers[-_CHECK_WORDS:]
    slip = _packed(checks) ^ _checksum(said)
    places = [place for place, slips in enumerate(_slips(said), start=1) if slip in slips]
    return places[0] if places else 0


def _slips(said: list[int]) -> Iterator[set[int]]:
    """Yield for each place what a slip of its word, whichever, changes in the checksum."""
    right = _checksum(said)
    for place in range(len(said)):
        changes = []
        for bit in range(_WORD_BITS):
            slipped = [*said]
            slipped[place] ^= 1 << bit
            changes.append(_checksum(slipped) ^ right)
        yield _sums(changes)
    # The last words are the checksum itself.
    for place in reversed(range(_CHECK_WORDS)):
        yield _sums([1 << (place * _WORD_BITS + bit) for bit in range(_WORD_BITS)])


def _sums(changes: list[int]) -> set[int]:
    """Return what any of the changes make together: the code is linear."""
    sums = {0}
    for change in changes:
        sums |= {one ^ change for one in sums}
    return sums


def _checksum(said: list[int]) -> int:
    from shamir_mnemonic import rs1024
    from shamir_mnemonic.constants import CUSTOMIZATION_STRING_EXTENDABLE

    return _packed(rs1024.create_checksum(said, CUSTOMIZATION_STRING_EXTENDABLE))


def _packed(words: list[int]) -> int:
    total = 0
    for word in words:
        total = total << _WORD_BITS | word
    return total


@cache
def _by_prefix() -> dict[str, str]:
    from shamir_mnemonic.wordlist import WORDLIST

    return {word[:_PREFIX]: word for word in WORDLIST}
