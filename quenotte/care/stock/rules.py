"""Pure decisions on what lies on the shelves: quantities, expiry, what to order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

#: Days before its expiry from which a lot is told.
SOON_DAYS: Final = 60
#: Largest quantity of one movement.
MOST: Final = 100_000
LONGEST_REASON: Final = 200

#: Category of an article -> its words. Values are stored.
CATEGORIES: Final[dict[str, object]] = {
    "implant": _("Implant"),
    "device": _("Pièce prothétique"),
    "anaesthetic": _("Anesthésique"),
    "material": _("Matériau"),
    "medicine": _("Médicament"),
    "single_use": _("Usage unique"),
}

#: Categories of what stays in a mouth: it is written as a device, which takes it off the shelf.
STAYS: Final = frozenset({"implant", "device"})


class Kind(StrEnum):
    """Why a quantity changes. Values are stored."""

    IN = "in"
    USE = "use"
    LOSS = "loss"
    CORRECTION = "correction"
    RETURN = "return"


#: Kind of movement -> its words.
KINDS: Final[dict[str, object]] = {
    Kind.IN.value: _("Entrée"),
    Kind.USE.value: _("Utilisation"),
    Kind.LOSS.value: _("Perte ou casse"),
    Kind.CORRECTION.value: _("Correction"),
    Kind.RETURN.value: _("Retour au fournisseur"),
}
#: What each kind does to the quantity; a correction goes either way.
_SIGNS: Final = {Kind.IN: 1, Kind.USE: -1, Kind.LOSS: -1, Kind.RETURN: -1}

#: How a patient was told of a recall -> its words. Values are stored.
WAYS: Final[dict[str, object]] = {
    "phone": _("Par téléphone"),
    "letter": _("Par courrier"),
    "visit": _("De vive voix"),
    "tried": _("Pas joint"),
}
TRIED: Final = "tried"


class Fault(StrEnum):
    """Why a movement cannot be."""

    NOTHING = "nothing"
    TOO_MUCH = "too_much"
    NOT_ENOUGH = "not_enough"
    EXPIRED = "expired"
    RECALLED = "recalled"
    NO_REASON = "no_reason"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a movement is judged on: quantity left, expiry (None: none), whether it is recalled."""

    left: int
    expires_on: date | None = None
    is_recalled: bool = False


def signed(kind: Kind, quantity: int) -> int:
    """Return what a movement adds to the quantity; ``quantity`` is positive but in corrections."""
    return quantity if kind is Kind.CORRECTION else _SIGNS[kind] * quantity


def fault(kind: Kind, quantity: int, shelf: Shelf, today: date, *, reason: str) -> Fault | None:
    """Return why a movement cannot be, None when it can.

    What has expired or was recalled may be thrown away, sent back or counted again; that it was
    used all the same is written only with its reason.
    """
    is_wrong = quantity == 0 or (quantity < 0 and kind is not Kind.CORRECTION)
    if is_wrong:
        return Fault.NOTHING
    if abs(quantity) > MOST:
        return Fault.TOO_MUCH
    if kind in {Kind.LOSS, Kind.CORRECTION} and not reason.strip():
        return Fault.NO_REASON
    if kind is Kind.USE and not reason.strip() and (barred := _barred(shelf, today)):
        return barred
    return Fault.NOT_ENOUGH if shelf.left + signed(kind, quantity) < 0 else None


def _barred(shelf: Shelf, today: date) -> Fault | None:
    if shelf.is_recalled:
        return Fault.RECALLED
    return Fault.EXPIRED if is_expired(shelf.expires_on, today) else None


def is_told(ways: Iterable[str]) -> bool:
    """Return whether somebody was told of a recall, from the ways that were noted."""
    return any(way != TRIED for way in ways)


#: The spaces that a number may bear: typed, read by a scanner, or pasted from a maker's notice.
SPACES: Final = " \t\u00a0\u2009\u202f"


def kept(number: str) -> str:
    """Return a lot or serial number as it is kept: one plain space where any stood."""
    return " ".join(number.split())


def folded(number: str) -> str:
    """Return a lot number as it is compared: without spaces, its letters from A to Z as capitals.

    Others stay as they are: what a database calls their capital is of its kind and its settings.
    """
    return "".join(number.split()).encode().upper().decode()


def counted(typed: str) -> int | None:
    """Return the number that somebody typed in a count (up to six digits), None when it is none."""
    plain = typed.strip()
    return int(plain) if re.fullmatch(r"-?\d{1,6}", plain, re.ASCII) else None


def is_expired(expires_on: date | None, today: date) -> bool:
    """Return whether a lot may no longer be used: its last day is the one printed on it."""
    return expires_on is not None and expires_on < today


def freshness(expires_on: date | None, today: date) -> str:
    """Return "expired", "soon" (within ``SOON_DAYS``) or ""."""
    if expires_on is None:
        return ""
    if expires_on < today:
        return "expired"
    return "soon" if (expires_on - today).days <= SOON_DAYS else ""


def to_order(left: int, reorder_point: int, order_quantity: int) -> int:
    """Return how much to order: nothing above the reorder point, enough to pass it otherwise."""
    if reorder_point == 0 or left > reorder_point:
        return 0
    return max(order_quantity, reorder_point - left + 1)
