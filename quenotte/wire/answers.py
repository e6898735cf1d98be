"""What a door answers to who reports."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final, Self

from quenotte.kernel.posture.values import Fault
from quenotte.wire.reading import Unreadable, a_choice, a_whole, known_keys

#: Nobody is sent away for longer than a day.
RETRY_MAX_S: Final = 24 * 3600


class Code(StrEnum):
    """The answers there are. Values are sent."""

    #: It is on the disk here.
    ACCEPTED = "accepted"
    #: The fingerprint is not known: tell all of it.
    SEND_REPORT = "send_report"
    #: No such node, or not any more: enrol again.
    UNKNOWN_NODE = "unknown_node"
    #: It was heard, and waits for a person to accept it.
    QUARANTINED = "quarantined"
    #: Nothing was kept: keep it, and come again.
    TRY_LATER = "try_later"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. ``retry_after_s``: seconds to wait, told with ``TRY_LATER`` and with no other."""

    KIND: ClassVar = "answer"
    VERSION: ClassVar = 1

    code: Code
    retry_after_s: int | None = None

    def body(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        told = {"answer": self.code.value, "retry_after_s": self.retry_after_s}
        return {name: value for name, value in told.items() if value is not None}

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read it. Raises: Unreadable."""
        known_keys(body, {"answer"}, {"retry_after_s"})
        code = Code(a_choice(body["answer"], "answer", list(Code)))
        if (code is Code.TRY_LATER) is not ("retry_after_s" in body):
            raise Unreadable(Fault.UNKNOWN_KEY, "retry_after_s")
        if code is not Code.TRY_LATER:
            return cls(code)
        return cls(code, a_whole(body["retry_after_s"], "retry_after_s", RETRY_MAX_S))
