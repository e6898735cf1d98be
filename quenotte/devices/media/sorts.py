"""What may be wrong with something on a medium."""

from enum import StrEnum


class Sort(StrEnum):
    """How a thing on a medium is not as it was written."""

    ABSENT = "absent"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    #: Nothing says what it should be: that proves nothing.
    UNPROVEN = "unproven"
    STRANGER = "stranger"
