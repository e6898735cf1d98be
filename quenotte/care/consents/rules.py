"""Pure decisions about consents: what is sealed, which teeth, who may still change what."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from quenotte.kernel.teeth import teeth_from_text

LONGEST_PART: Final = 2_000
LONGEST_WORDS: Final = 1_000


class State(StrEnum):
    """How far a consent is. Values are stored."""

    PREPARED = "prepared"
    ANSWERED = "answered"
    SEALED = "sealed"
    CANCELLED = "cancelled"


class Decision(StrEnum):
    """What the patient decided. Values are stored."""

    AGREED = "agreed"
    REFUSED = "refused"


class Check(StrEnum):
    """Whether what is kept is still what was signed."""

    INTACT = "intact"
    ALTERED = "altered"


def digest_of(sealed: Mapping[str, Any]) -> str:
    """Return what seals a consent: SHA-256 (64 hex characters) of one way of writing it.

    Source: FIPS 180-4.
    """
    text = json.dumps(sealed, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def file_digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file (64 hex characters)."""
    return hashlib.sha256(content).hexdigest()


def grouped(digest: str) -> str:
    """Return a digest in groups of eight: as it is printed, and no number to mask in a journal."""
    return ":".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def check(*, kept: str, again: str, journal: str) -> Check:
    """Return whether three ways to the same digest agree: the row, its content, the journal."""
    return Check.INTACT if kept and kept == again == journal else Check.ALTERED


def teeth_of(text: str) -> str:
    """Return the teeth (FDI) that were typed, as they are shown: « 38, 48 »."""
    return ", ".join(str(one) for one in teeth_from_text(text))


def may_be_withdrawn(*, state: str, decision: str, is_withdrawn: bool) -> bool:
    """Tell whether a consent may still be withdrawn: given, sealed, not yet withdrawn."""
    return state == State.SEALED and decision == Decision.AGREED and not is_withdrawn
