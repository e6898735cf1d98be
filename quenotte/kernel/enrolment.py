"""How machines come to be believed: tokens, keys, doubts; the same at a provider and a practice."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from quenotte.kernel.legible import LEGIBLE, legible_code

#: What boards say of themselves when their maker said nothing, without signs and blanks.
_UNFILLED: Final = frozenset(
    {
        "03000200040005000006000700080009",
        "123456789", "1234567890", "0123456789",
        "defaultstring", "tobefilledbyoem", "systemserialnumber", "none", "notspecified",
        "notapplicable", "na", "unknown", "invalid", "oem",
    }
)  # fmt: skip

#: A token that nobody used by then opens nothing. Source: an order is installed within days.
TOKEN_LENGTH: Final = timedelta(hours=72)
#: An agent that hears no answer enrols again within this time.
UNANSWERED: Final = timedelta(minutes=15)
#: No order is larger: a token for a thousand machines is a mistake, or worth stealing.
MOST_MACHINES: Final = 200
_GROUPS, _SIGNS = 5, 5


class Doubt(StrEnum):
    """Why a machine waits in quarantine. Values are stored."""

    #: Nobody has said yet that it is one of the practice's.
    NEW = "new"
    #: Its hardware has a live key already: installed anew, or a copy of the disk.
    TWICE = "twice"
    #: Its hardware is a machine's that is known by another agent: one machine with two.
    BESIDE = "beside"
    #: It answers to a key, and its hardware is another one than before.
    JUMPED = "jumped"


class Standing(StrEnum):
    """Whether a machine is believed. Values are stored."""

    QUARANTINE = "quarantine"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


class Agent(StrEnum):
    """Which agent a machine came with. Values are stored."""

    GLPI = "glpi"
    OSQUERY = "osquery"
    STATION = "station"
    #: The server of a practice, which tells how its copies stand; of its hardware it says nothing.
    PRACTICE = "practice"


class Use(StrEnum):
    """What a token is worth."""

    GOOD = "good"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a machine is made of, as its agent says; "" for what it does not say."""

    uuid: str = ""
    serial: str = ""

    @classmethod
    def of(cls, uuid: str, serial: str) -> "Hardware":
        """Return what an agent tells, without what makers leave unfilled on thousands of boards."""
        return cls(_meant(uuid), _meant(serial))


@dataclass(frozen=True, slots=True)
class Told:
    """What an agent says when it comes for the first time."""

    agent: str
    agent_name: str
    name: str
    hardware: Hardware


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a machine is told: the key is shown once, and kept by it alone."""

    machine_id: UUID
    key: str


def new_token() -> str:
    """Return a token to be copied by hand: 25 signs, 123 bits."""
    return legible_code(_GROUPS, _SIGNS)


def plain_token(typed: str) -> str:
    """Return a token as it was made, however somebody typed it."""
    signs = "".join(sign for sign in typed.upper() if sign in LEGIBLE)
    return "-".join(signs[at : at + _SIGNS] for at in range(0, len(signs), _SIGNS))


def is_token(typed: str) -> bool:
    """Tell whether somebody may have typed a token: what is none need not be looked up."""
    return len(plain_token(typed)) == _GROUPS * (_SIGNS + 1) - 1


def new_key() -> str:
    """Return a node key: 256 random bits, as 64 hexadecimal signs."""
    return secrets.token_hex(32)


def digest(secret: str) -> bytes:
    """Return what is kept of a token or a key: SHA-256, enough for secrets of 120 bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def bound_key(token: str, agent_name: str) -> str:
    """Return the key of an agent that can keep none: its token and its own name together.

    An inventory agent sends the same words each time. The token then opens for nobody else, and
    its end shuts out new machines alone.
    """
    return f"{plain_token(token)}\0{agent_name}"


def use_of(
    *, machines: int, used: int, expires_at: datetime, revoked_at: datetime | None, now: datetime
) -> Use:
    """Return what a token is worth to one more machine."""
    if revoked_at is not None:
        return Use.REVOKED
    if now >= expires_at:
        return Use.EXPIRED
    return Use.SPENT if used >= machines else Use.GOOD


def doubt_of(told: Hardware, live: Iterable[Hardware]) -> Doubt:
    """Return why a machine that comes for the first time waits; ``live``: those with a key."""
    return Doubt.TWICE if any(is_same(told, other) for other in live) else Doubt.NEW


def is_same(one: Hardware, other: Hardware) -> bool:
    """Tell whether two agents speak of one machine; what nobody tells is the same as nothing."""
    if one.uuid and other.uuid:
        return one.uuid.casefold() == other.uuid.casefold()
    return bool(one.serial) and one.serial.casefold() == other.serial.casefold()


def has_jumped(before: Hardware, now: Hardware) -> bool:
    """Tell whether the hardware behind a key is another one: a copied disk, a stolen key.

    A part that was unknown, or is not told any more, says nothing.
    """
    pairs = ((before.uuid, now.uuid), (before.serial, now.serial))
    return any(old and new and old.casefold() != new.casefold() for old, new in pairs)


def _meant(text: str) -> str:
    plain = "".join(sign for sign in text.casefold() if sign.isalnum())
    return "" if plain in _UNFILLED or len(set(plain)) < 2 else text.strip()
