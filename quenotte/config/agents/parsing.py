"""Bodies are read apart from the loop, few at a time: a heavy one keeps nobody else waiting.

Those of senders that are known are read first; of strangers few wait at all.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

from quenotte.config.agents.batching import Busy

#: Bodies that wait or are read; more are told to come again. One takes a second at the most.
MOST_READ: Final = 16
#: Of them those whose sender nobody knows.
MOST_STRANGE: Final = 2
#: Reading a shorter one takes less than handing it to a thread and back.
SMALL_BYTES: Final = 16 << 10

Read = TypeVar("Read")
_Queue = deque[tuple["Future[Any]", Callable[[], Any]]]


class Reader:
    """Reads bodies in one thread: the interpreter does no more at a time anyway."""

    def __init__(self, most: int = MOST_READ, most_strange: int = MOST_STRANGE) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="bodies")
        self._most, self._most_strange = most, most_strange
        self._under_way = self._strangers = 0
        self._known: _Queue = deque()
        self._strange: _Queue = deque()

    async def read(self, work: Callable[[], Read], *, is_known: bool) -> Read:
        """Return what some reading comes to. Raises: Busy; what ``work`` raises.

        ``is_known``: its sender holds a key or a token of ours.
        """
        is_strange = not is_known
        if self._under_way >= self._most or (is_strange and self._strangers >= self._most_strange):
            raise Busy
        self._under_way += 1
        self._strangers += is_strange

        def over(done: "asyncio.Future[Read]") -> None:
            self._under_way -= 1
            self._strangers -= is_strange
            if not done.cancelled():
                # Nobody may wait for it any more.
                done.exception()

        told: Future[Read] = Future()
        (self._strange if is_strange else self._known).append((told, work))
        self._worker.submit(self._read_one)
        done = asyncio.wrap_future(told)
        # Whoever hangs up lets go of its place when the thread is done with it, not before.
        done.add_done_callback(over)
        return await asyncio.shield(done)

    def _read_one(self) -> None:
        """Read the first that is known, else the first of the strangers; in the thread."""
        told, work = (self._known or self._strange).popleft()
        if not told.set_running_or_notify_cancel():
            return
        try:
            told.set_result(work())
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            told.set_exception(error)


#: One for a process, whatever doors it has.
READER: Final = Reader()


async def read_apart(size: int, work: Callable[[], Read], *, is_known: bool) -> Read:
    """Read a body of so many bytes: a small one here, others apart. Raises: Busy; as ``work``."""
    return work() if size <= SMALL_BYTES else await READER.read(work, is_known=is_known)
