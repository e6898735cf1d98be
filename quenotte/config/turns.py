"""Pages take turns: few are drawn at the same time, and a slow one keeps nobody waiting.

Python runs one thread at a time. With eight pages under way each of them, after each question to
the database, waits five milliseconds for every other one: all eight end late. Two at a time, in
the order in which they came, end each as early as it can.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

#: Pages drawn at once: while one waits for the disk the other goes on.
AT_ONCE: Final = 2
#: A page that takes longer (a password, an export, a database that is busy) gives up its turn
#: and goes on beside the others, in seconds.
TURN_S: Final = 0.25


class Turns:
    """Lets a few in at a time, first come, first served."""

    def __init__(self, at_once: int = AT_ONCE, turn_s: float = TURN_S) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._turn_s = turn_s

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a turn; it ends with the block, or before when the block is slow."""
        await self._free.acquire()
        is_over = False

        def end() -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                self._free.release()

        alarm = asyncio.get_running_loop().call_later(self._turn_s, end)
        try:
            yield
        finally:
            alarm.cancel()
            end()
