"""The second way in: three shares of words, of which any two open the backups.

One secret is split for the practitioner, an associate (or spouse) and the provider; one share
alone, the provider's too, says nothing about it. The secret written in hexadecimal is a password
of the repository, because that is how the stock program ``shamir recover`` writes it: two sheets
and two stock programs are enough, without us.

Source: SLIP-0039 (one group, two of three, no passphrase).
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from quenotte.devices.recovery.words import misread, word_of

#: Shares that open, of the three that there are.
NEEDED: Final = 2
SECRET_BYTES: Final = 16
#: Words of one share.
WORDS: Final = 20


class Holder(StrEnum):
    """Who keeps a share; the order is that of the numbers inside the shares."""

    PRACTITIONER = "practitioner"
    ASSOCIATE = "associate"
    PROVIDER = "provider"


class UnreadableShare(ValueError):
    """A share is not as printed. What was typed is left out: it is a secret.

    ``reason``: words (``numbers``, from 1, are in no list), count, misread (``numbers`` names the
    word when only one can be wrong), foreign (a share of something else).
    """

    def __init__(self, reason: str, numbers: tuple[int, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.numbers = numbers


class NotTogether(ValueError):
    """These shares open nothing together.

    ``reason``: few (one share, or one twice), others (of two different issues).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Share:
    """One sheet; ``issue`` is the same on the three (15 bits, drawn at the split)."""

    holder: Holder
    issue: int
    words: tuple[str, ...]


def new_secret() -> bytes:
    """Return a secret that nobody has seen yet (128 bits)."""
    return secrets.token_bytes(SECRET_BYTES)


def password_of(secret: bytes) -> str:
    """Return the password of the repository, as ``shamir recover`` shows it."""
    return secret.hex()


def split(secret: bytes) -> tuple[Share, ...]:
    """Return the three shares, in the order of the holders; each call draws others."""
    from shamir_mnemonic import generate_mnemonics

    (mnemonics,) = generate_mnemonics(1, [(NEEDED, len(Holder))], secret)
    return tuple(read(mnemonic) for mnemonic in mnemonics)


def read(typed: str) -> Share:
    """Return the share whose words were typed, in any case; numbers between them are read over.

    Raises: UnreadableShare.
    """
    from shamir_mnemonic import MnemonicError
    from shamir_mnemonic import Share as Parsed

    words = _words(typed)
    try:
        parsed = Parsed.from_mnemonic(" ".join(words))
    except MnemonicError:
        wrong = misread(words)
        raise UnreadableShare("misread", (wrong,) if wrong else ()) from None
    if not _is_ours(parsed):
        raise UnreadableShare("foreign")
    return Share([*Holder][parsed.index], parsed.identifier, words)


def combine(shares: Iterable[Share]) -> bytes:
    """Return the secret that two shares, or the three, give together.

    Raises: NotTogether.
    """
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    # The library takes as many as are needed, no more; one share twice is one.
    given = [*{one.words: " ".join(one.words) for one in shares}.values()][:NEEDED]
    if len(given) < NEEDED:
        raise NotTogether("few")
    try:
        return bytes(combine_mnemonics(given))
    except MnemonicError:
        raise NotTogether("others") from None


def _is_ours(parsed: Any) -> bool:
    rule = (parsed.group_count, parsed.member_threshold, len(parsed.value))
    return rule == (1, NEEDED, SECRET_BYTES) and parsed.index < len(Holder)


def _words(typed: str) -> tuple[str, ...]:
    pieces = [piece for piece in typed.replace(".", " ").split() if not piece.isdecimal()]
    words = tuple(word_of(piece) for piece in pieces)
    if unknown := tuple(place for place, word in enumerate(words, start=1) if not word):
        raise UnreadableShare("words", unknown)
    if len(words) != WORDS:
        raise UnreadableShare("count")
    return words
