"""The practice's own books: its machines tell its own server, whether it has a provider or not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from quenotte.config.agents.batching import Batches
from quenotte.config.agents.opened import Opened
from quenotte.config.agents.ours import Ours
from quenotte.config.agents.repeating import Memory
from quenotte.kernel.enrolment import Enrolled, Told
from quenotte.kernel.posture.contacts import Answer, Contact
from quenotte.upkeep.workstations import operations, queries
from quenotte.upkeep.workstations.operations.refusals import UnknownMachineToken
from quenotte.wire.openings import Openings

#: Tens of machines: more than that at once is no morning, but somebody who tries.
_MOST_WAITING = 500
#: Of them so many are no strangers.
_KEPT_PLACES = 250


def keep(contacts: Sequence[Contact]) -> list[Answer]:
    """Keep some contacts, together."""
    return operations.take(contacts, at=timezone.now())


class OwnBooks:
    """The practice's books, as the door of the agents uses them."""

    def __init__(self) -> None:
        self.batches: Batches[Contact, Answer] = Batches(
            keep, most_waiting=_MOST_WAITING, kept_places=_KEPT_PLACES
        )
        self.said = Memory()
        self.ours = Ours(queries.held, beside=self.batches)
        self._opened = Opened(self._look_up)

    async def take(self, contact: Contact) -> Answer:
        """Keep one contact. Raises: Busy."""
        key = contact.key_digest
        answer = await self.batches.put(contact, is_known=key in self.ours)
        self.ours.note(key, answer)
        return answer

    async def is_ours(self, key_digest: bytes) -> bool:
        """Tell whether a key is of one of our machines, before a word of it is read. Raises: Busy.

        Whether it is still worth anything is decided with each contact.
        """
        return await self.ours.has(key_digest)

    async def enrol(self, token: str, told: Told, key: str = "") -> Enrolled | None:
        """Let a machine into quarantine; None when its token opens nothing. Raises: Busy."""

        def work() -> Enrolled | None:
            try:
                return operations.enrol(token=token, told=told, key=key)
            except UnknownMachineToken:
                return None

        return await self.batches.run(work)

    async def _look_up(self, token: str) -> bool:
        return await self.batches.run(lambda: operations.is_made(token))

    async def is_open(self, token: str) -> bool:
        """Tell whether somebody made this token, whatever it is worth now. Raises: Busy."""
        return await self._opened.has(token)

    async def asked(self, _key_digest: bytes, _catalogue: str) -> Mapping[str, str]:
        """Return nothing: a practice asks its machines no questions by hand."""
        return {}

    async def subjects(self, _key_digest: bytes, _names: Sequence[str]) -> Mapping[str, str]:
        """Return nothing: nothing was asked."""
        return {}

    async def answered(
        self, _name: str, _facts: Mapping[str, Mapping[str, Any]], *, is_failed: bool
    ) -> None:
        """Keep nothing: nothing was asked."""

    async def opened(self, key_digest: bytes, since: datetime | None) -> Openings | None:
        """Nobody looks at a practice from here: it is its own."""
        return None

    def close(self) -> None:
        """Let go of the database."""
        self.batches.close()
