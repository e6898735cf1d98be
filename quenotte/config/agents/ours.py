"""Keys that are ours: who comes with another is turned away before its report is unpacked."""

from collections.abc import Callable, Collection
from typing import Any, Final

from quenotte.config.agents.batching import Batches
from quenotte.kernel.posture.contacts import Answer

#: A report waits so long for others with the same question, in seconds.
_HELD_S: Final = 0.05
#: Keys that nobody knows yet, waiting to be looked up: after a start those of a fleet come so.
_MOST_WAITING: Final = 500


class Ours:
    """Remembers the digests of keys that were found; what is nobody's is not remembered.

    A key that was ended since is found out by the books, as with each contact. ``held``: returns
    those of some digests that are of keys that open; called in the thread of ``beside``.
    """

    def __init__(
        self,
        held: Callable[[Collection[bytes]], Collection[bytes]],
        *,
        beside: Batches[Any, Any],
        most_waiting: int = _MOST_WAITING,
    ) -> None:
        #: As many as there are machines.
        self._known: set[bytes] = set()

        def look(digests: list[bytes]) -> list[bool]:
            found = held(digests)
            return [one in found for one in digests]

        self._looked: Batches[bytes, bool] = Batches(
            look, held_s=_HELD_S, most_waiting=most_waiting, worker=beside.worker
        )

    def __contains__(self, key_digest: bytes) -> bool:
        return key_digest in self._known

    async def has(self, key_digest: bytes) -> bool:
        """Tell whether a key is one of ours; a machine that waits has one. Raises: Busy."""
        if key_digest in self._known:
            return True
        if not await self._looked.put(key_digest):
            return False
        self._known.add(key_digest)
        return True

    def note(self, key_digest: bytes, answer: Answer) -> None:
        """Remember what the books said of a key."""
        (self._known.discard if answer is Answer.UNKNOWN else self._known.add)(key_digest)
