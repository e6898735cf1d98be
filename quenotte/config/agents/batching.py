"""Contacts are held a moment and kept together: one transaction for hundreds of them.

An agent is answered after the transaction that kept its report; when the queue is full, or the
database away, it is told to come again, and keeps what it has.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.db import DatabaseError, InterfaceError, connection

logger = logging.getLogger(__name__)

#: How long the first of a batch waits for others, in seconds: no agent is in a hurry, and a batch
#: costs what thirty heartbeats do. Fewer wait when so many have come.
HELD_S: Final = 0.2
ENOUGH: Final = 250
#: So many are kept together at most.
AT_ONCE: Final = 500
#: More wait for nothing: the database is away or too slow.
MOST_WAITING: Final = 5_000

#: Strangers at the door: reports of machines that are known go before them.
MOST_ASKED: Final = 50

Item = TypeVar("Item")
Result = TypeVar("Result")
Done = TypeVar("Done")


class Busy(Exception):
    """Nothing was kept: too many wait already, or the database does not answer."""


@dataclass
class _Waiting(Generic[Item, Result]):
    item: Item
    result: "asyncio.Future[Result]"


class Batches(Generic[Item, Result]):
    """Keeps items together, in one thread that holds the only connection of the door."""

    def __init__(
        self,
        keep: Callable[[list[Item]], list[Result]],
        *,
        held_s: float = HELD_S,
        enough: int = ENOUGH,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
        kept_places: int = 0,
        worker: ThreadPoolExecutor | None = None,
    ) -> None:
        self._keep = keep
        self._held_s, self._enough, self._at_once = held_s, enough, at_once
        self._most_waiting, self._kept_places = most_waiting, kept_places
        self._full = asyncio.Event()
        self._waiting: list[_Waiting[Item, Result]] = []
        #: Others may use it as well, and the connection that it holds.
        self.worker = worker or ThreadPoolExecutor(1, thread_name_prefix="agents")
        self._under_way: asyncio.Task[None] | None = None
        self._asked = 0

    async def put(self, item: Item, *, is_known: bool = False) -> Result:
        """Keep an item, and return what it came to once it is committed. Raises: Busy.

        ``is_known``: it is one of ours, and the places that are kept for those are its own as well.
        """
        places = self._most_waiting - (0 if is_known else self._kept_places)
        if len(self._waiting) >= places:
            raise Busy
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(item, result))
        if len(self._waiting) >= self._enough:
            self._full.set()
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._drain())
        return await result

    async def run(self, work: Callable[[], Done]) -> Done:
        """Do one thing in the same thread. Raises: Busy; what ``work`` raises."""
        if self._asked >= MOST_ASKED:
            raise Busy
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.worker, _guarded, work)
        finally:
            self._asked -= 1

    def close(self) -> None:
        """Let go of the connection; what waits is told to come again."""
        self.worker.submit(_let_go)
        self.worker.shutdown(wait=True)

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._hold()
                batch, self._waiting = (
                    self._waiting[: self._at_once],
                    self._waiting[self._at_once :],
                )
                await self._flush(batch)
        finally:
            self._under_way = None

    async def _hold(self) -> None:
        """Wait for others, until there are enough of them."""
        if len(self._waiting) >= self._enough:
            return
        # A new one each time: it belongs to the loop that waits for it.
        self._full = asyncio.Event()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._full.wait(), self._held_s)

    async def _flush(self, batch: list[_Waiting[Item, Result]]) -> None:
        items = [one.item for one in batch]
        loop = asyncio.get_running_loop()
        try:
            results = await loop.run_in_executor(self.worker, _guarded, lambda: self._keep(items))
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            trouble = error if isinstance(error, Busy) else Busy()
            if not isinstance(error, Busy):
                logger.error("a batch of %s was not kept: %s", len(items), type(error).__name__)
            for one in batch:
                if not one.result.done():
                    one.result.set_exception(trouble)
            return
        for one, result in zip(batch, results, strict=True):
            if not one.result.done():
                one.result.set_result(result)


def _let_go() -> None:
    """Close the connection of the thread that this runs in: each has one of its own."""
    connection.close()


def _guarded(work: Callable[[], Done]) -> Done:
    """Work on this thread's connection; one that broke is opened anew next time. Raises: Busy."""
    try:
        return work()
    except (DatabaseError, InterfaceError) as error:
        logger.error("the database did not keep a report: %s", type(error).__name__)
        connection.close()
        raise Busy from error
