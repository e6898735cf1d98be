"""What the door asks of whoever keeps the books: a provider's, or a practice's own."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from quenotte.config.agents.repeating import Memory
from quenotte.kernel.enrolment import Enrolled, Told
from quenotte.kernel.posture.contacts import Answer, Contact
from quenotte.wire.openings import Openings, OpeningsAsked


class Books(Protocol):
    """Where contacts are kept, and machines that come anew are written down."""

    #: What machines said last, which need not be read again.
    said: Memory

    async def take(self, contact: Contact) -> Answer:
        """Keep one contact. Raises: Busy."""
        ...

    async def is_ours(self, key_digest: bytes, /) -> bool:
        """Tell whether a key is of one of our machines. Raises: Busy."""
        ...

    async def may_return(self, key_digest: bytes, /) -> bool:
        """Tell whether a key that opens nothing may open again: a person can take that back.

        Raises: Busy.
        """
        ...

    async def enrol(self, token: str, told: Told, key: str = "") -> Enrolled | None:
        """Let a machine into quarantine; None when its token opens nothing. Raises: Busy."""
        ...

    async def is_open(self, token: str) -> bool:
        """Tell whether somebody made this token, whatever it is worth now. Raises: Busy."""
        ...

    async def asked(self, key_digest: bytes, catalogue: str, /) -> Mapping[str, str]:
        """Return what a machine shall be asked now: subjects by the names of the questions.

        ``catalogue``: version and digest of what is sent, which is written down. Raises: Busy.
        """
        ...

    async def subjects(self, key_digest: bytes, names: Sequence[str], /) -> Mapping[str, str]:
        """Return which of these names this very machine was asked, and what. Raises: Busy."""
        ...

    async def answered(
        self, name: str, facts: Mapping[str, Mapping[str, Any]], /, *, is_failed: bool
    ) -> None:
        """Keep what a machine answered to a question. Raises: Busy."""
        ...

    async def opened(self, key_digest: bytes, asked: OpeningsAsked) -> Openings | None:
        """Return who opened what of the practice whose server asks; None when it may not ask.

        Raises: Busy.
        """
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
