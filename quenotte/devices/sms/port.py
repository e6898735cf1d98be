"""What any operator of short messages is for us, and the rules that all of them keep in France."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, phonenumberutil

#: Beyond that no operator joins parts in the order in which they were cut.
MOST_SEGMENTS: Final = 6
#: Numbers for fiction that no plan calls mobile. Source: ARCEP numbering plan.
_FICTION: Final = "+3363998"
_MOBILE: Final = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_SENDER: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 .-]{1,9}[A-Za-z0-9]")
_SHORT_NUMBER: Final = re.compile(r"3\d{4}")
_STOP: Final = re.compile(r"\bSTOP\b(?:\s+(?:au|aux))?\s+3\d{4}\b", re.IGNORECASE)


class Purpose(StrEnum):
    """Why it is sent: the law treats a reminder and an advertisement apart."""

    SERVICE = "service"
    MARKETING = "marketing"


class Delivery(StrEnum):
    """What the operator says of a message. Values are stored."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"


class Reason(StrEnum):
    """Why a message was declined or did not arrive. Values are stored."""

    NUMBER = "number"
    NOT_MOBILE = "not_mobile"
    SENDER = "sender"
    NO_STOP = "no_stop"
    TOO_LONG = "too_long"
    THROTTLED = "throttled"
    SAME_KEY = "same_key"
    UNKNOWN_SUBSCRIBER = "unknown_subscriber"
    ABSENT = "absent"
    REFUSED_BY_OPERATOR = "refused_by_operator"
    UNREACHABLE = "sms_unreachable"


class SmsTrouble(Exception):
    """A message that was not taken."""

    def __init__(self, reason: Reason, *, is_temporary: bool = False) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.is_temporary = is_temporary


@dataclass(frozen=True, slots=True)
class Text:
    """A message for one telephone. ``recipient`` is E.164.

    ``key`` is ours: the same key sent twice is one message (idempotency).
    """

    key: str
    recipient: str
    sender: str
    text: str
    purpose: Purpose = Purpose.SERVICE


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a message that was taken."""

    key: str
    delivery: Delivery
    reason: Reason | None
    at: datetime


class Gateway(Protocol):
    """An operator of short messages."""

    #: Whether no telephone ever rings: the screen says so.
    is_simulated: bool

    def send(self, text: Text, *, now: datetime) -> None:
        """Take a message. Raises: SmsTrouble."""
        ...

    def report(self, key: str, *, now: datetime) -> Report | None:
        """Return the latest news of a message; None when it was never taken."""
        ...


def check_recipient(number: str) -> None:
    """Refuse what is no mobile telephone in the E.164 form.

    Raises: SmsTrouble. Source: ITU-T E.164; ARCEP numbering plan.
    """
    if number.startswith(_FICTION) and len(number) == 12 and number[1:].isdecimal():
        return
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        raise SmsTrouble(Reason.NUMBER) from None
    if phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) != number:
        raise SmsTrouble(Reason.NUMBER)
    if not phonenumbers.is_valid_number(parsed):
        raise SmsTrouble(Reason.NUMBER)
    if phonenumberutil.number_type(parsed) not in _MOBILE:
        raise SmsTrouble(Reason.NOT_MOBILE)


def check_sender(sender: str) -> None:
    """Refuse a sender that French operators do not let through.

    A name of 3 to 11 signs with a letter, or a short number of five digits (3xxxx). An ordinary
    or mobile number may not be the sender of automatic messages.

    Raises: SmsTrouble. Source: ARCEP, decision 2022-1583 (numbering plan).
    """
    if not (_SENDER.fullmatch(sender) or _SHORT_NUMBER.fullmatch(sender)):
        raise SmsTrouble(Reason.SENDER)


def check_purpose(text: Text) -> None:
    """Refuse an advertisement that does not say how to stop it; a reminder needs no such words.

    Raises: SmsTrouble. Source: CPCE L34-5.
    """
    if text.purpose is Purpose.MARKETING and not _STOP.search(text.text):
        raise SmsTrouble(Reason.NO_STOP)
