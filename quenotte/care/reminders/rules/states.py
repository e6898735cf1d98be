"""The words of this room: channels, kinds, states, answers. Values are stored."""

from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """How the patient is reached."""

    MAIL = "mail"
    SMS = "sms"


class Kind(StrEnum):
    """What the message is about."""

    CONFIRMATION = "confirmation"
    REMINDER = "reminder"
    MOVED = "moved"
    CANCELLED = "cancelled"


class State(StrEnum):
    """How far a message has come."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What the patient did with the link."""

    CONFIRMED = "confirmed"
    CALL_ME = "call_me"


class Shown(StrEnum):
    """What a calendar shows of the patient."""

    BUSY = "busy"
    INITIALS = "initials"
    FILE_NUMBER = "file_number"


#: The patient was told, or is being told.
TOLD: Final = frozenset({State.SENDING, State.SENT, State.DELIVERED})
#: Nothing more happens by itself.
OVER: Final = frozenset({State.SENT, State.DELIVERED, State.FAILED, State.WITHDRAWN})
#: Statuses of an appointment that is still to come for the patient.
EXPECTED: Final = frozenset({"booked", "confirmed"})
#: Messages that ask for an answer.
ASKING: Final = frozenset({Kind.CONFIRMATION, Kind.REMINDER, Kind.MOVED})


class Blocked(StrEnum):
    """Why a message is not sent although its moment has come. Values are stored."""

    NO_ADDRESS = "no_address"
    REFUSES = "refuses"
    DO_NOT_CONTACT = "do_not_contact"
    NOT_EXPECTED = "not_expected"
    MOVED_AGAIN = "moved_again"
    TOO_LATE = "too_late"
    SWITCHED_OFF = "switched_off"
    GAVE_UP = "gave_up"
