"""Bodies are read apart from the loop, few at a time: a heavy one keeps nobody else waiting."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from quenotte.config.agents.batching import Busy

#: Bodies that wait or are read; more are told to come again. One takes a second at the most.
MOST_READ: Final = 16
#: Reading a shorter one takes less than handing it to a thread and back.
SMALL_BYTES: Final = 16 << 10

Read = TypeVar("Read")


class Reader:
    """Reads bodies in one thread: the interpreter does no more at a time anyway."""

    def __init__(self, most: int = MOST_READ) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="bodies")
        self._most, self._under_way = most, 0

    async def read(self, work: Callable[[], Read]) -> Read:
        """Return what some reading comes to. Raises: Busy; what ``work`` raises."""
        if self._under_way >= self._most:
            raise Busy
        self._under_way += 1
        done = asyncio.get_running_loop().run_in_executor(self._worker, work)
        # Whoever hangs up lets go of its place when the thread is done with it, not before.
        done.add_done_callback(self._over)
        return await asyncio.shield(done)

    def _over(self, done: "asyncio.Future[Read]") -> None:
        self._under_way -= 1
        if not done.cancelled():
            # Nobody may wait for it any more.
            done.exception()


#: One for a process, whatever doors it has.
READER: Final = Reader()


async def read_apart(size: int, work: Callable[[], Read]) -> Read:
    """Read a body of so many bytes: a small one here, others apart. Raises: Busy; as ``work``."""
    return work() if size <= SMALL_BYTES else await READER.read(work)
