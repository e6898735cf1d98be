"""Why a message of an agent is refused: told to a program and to our log, never to a person."""

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with a message. Values are logged and counted."""

    #: Longer than we read, packed or unpacked.
    TOO_BIG = "too_big"
    #: Packed, and cut, damaged, or followed by something else.
    NOT_UNPACKED = "not_unpacked"
    NOT_XML = "not_xml"
    NOT_JSON = "not_json"
    #: Entities or a document type: no agent declares any.
    BOMB = "bomb"
    #: More levels, elements or rows than any machine has.
    TOO_MANY = "too_many"
    #: A field that must be there is absent, or is of another kind.
    WRONG_SHAPE = "wrong_shape"
    #: Well formed, and nothing that we answer.
    UNKNOWN_QUESTION = "unknown_question"


class NotUnderstood(Exception):
    """A message that cannot be read.

    ``where`` names a field of the protocol, never what was in it: that may be anything.
    """

    def __init__(self, reason: Reason, where: str = "") -> None:
        super().__init__(f"{reason}: {where}" if where else str(reason))
        self.reason = reason
        self.where = where
