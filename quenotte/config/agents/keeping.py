"""What a provider's books and a practice's own do alike: contacts in batches, keys, newcomers."""

from collections.abc import Callable
from functools import partial

from quenotte.config.agents.batching import Batches
from quenotte.config.agents.opened import Opened
from quenotte.config.agents.ours import Ours
from quenotte.config.agents.repeating import Memory
from quenotte.kernel.enrolment import Enrolled, Told
from quenotte.kernel.posture.contacts import Answer, Contact

#: Lets a machine in by its token and key, what it told of itself between; None: it opens nothing.
LetIn = Callable[[str, Told, str], Enrolled | None]


class Keeping:
    """The part of ``books.Books`` that hangs on no site.

    ``ours``: what is known of keys; ``is_made``: whether somebody made a token; ``may_return``:
    whether a key that opens nothing may open again; they are those of the site, and so is
    ``let_in``.
    """

    def __init__(
        self,
        batches: Batches[Contact, Answer],
        ours: Ours,
        *,
        is_made: Callable[[str], bool],
        let_in: LetIn,
        may_return: Callable[[bytes], bool],
    ) -> None:
        self.batches, self.ours = batches, ours
        self.said = Memory()
        self._is_made, self._let_in, self._may_return = is_made, let_in, may_return
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

    async def may_return(self, key_digest: bytes) -> bool:
        """Tell whether a key that opens nothing may open again. Raises: Busy."""
        return await self.batches.run(partial(self._may_return, key_digest))

    async def enrol(self, token: str, told: Told, key: str = "") -> Enrolled | None:
        """Let a machine into quarantine; None when its token opens nothing. Raises: Busy."""
        return await self.batches.run(partial(self._let_in, token, told, key))

    async def is_open(self, token: str) -> bool:
        """Tell whether somebody made this token, whatever it is worth now. Raises: Busy."""
        return await self._opened.has(token)

    def close(self) -> None:
        """Let go of the database."""
        self.batches.close()

    async def _look_up(self, token: str) -> bool:
        return await self.batches.run(partial(self._is_made, token))
