"""Contacts are held a moment and kept together: one transaction for hundreds of them.

An agent is answered after the transaction that kept its report; when the queue is full, or the
database away or silent, it is told to come again, and keeps what it has. A report that cannot be
kept is gone around: the others of its batch are kept without it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, connection

logger = logging.getLogger(__name__)

#: How long the first of a batch waits for others, in seconds: no agent is in a hurry, and a batch
#: costs what thirty heartbeats do. Fewer wait when so many have come.
HELD_S: Final = 0.2
ENOUGH: Final = 250
#: So many are kept together at most.
AT_ONCE: Final = 500
#: More wait for nothing: the database is away or too slow.
MOST_WAITING: Final = 5_000
#: And so much at most, as the items are weighed: few of them may be as big as thousands. Of facts
#: this is four thousand reports, or some hundreds of inventories: about 150 MB.
MOST_WEIGHT: Final = 200_000
#: A database that has not answered for so long hangs: in seconds, less than an agent waits.
PATIENCE_S: Final = 30.0
#: Strangers at the door: reports of machines that are known go before them.
MOST_ASKED: Final = 50

#: What is wrong with an item; any other error of a database is its own.
_OF_AN_ITEM: Final = (DataError, IntegrityError)

Item = TypeVar("Item")
Result = TypeVar("Result")
Done = TypeVar("Done")


class Busy(Exception):
    """It was not kept: too many wait already, the database does not answer, or cannot hold it."""


@dataclass
class _Waiting(Generic[Item, Result]):
    item: Item
    weight: int
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
        weigh: Callable[[Item], int] = lambda _item: 1,
        most_weight: int = MOST_WEIGHT,
        patience_s: float = PATIENCE_S,
        worker: ThreadPoolExecutor | None = None,
    ) -> None:
        self._keep, self._weigh = keep, weigh
        self._held_s, self._enough, self._at_once = held_s, enough, at_once
        self._most_waiting, self._kept_places = most_waiting, kept_places
        self._most_weight, self._patience_s = most_weight, patience_s
        #: Of all that waits, and of what is being kept.
        self._weight = 0
        #: The database took something and does not answer.
        self._hangs = False
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
        weight = self._weigh(item)
        if self._hangs or len(self._waiting) >= places or not self._bears(weight):
            raise Busy
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(item, weight, result))
        self._weight += weight
        if len(self._waiting) >= self._enough:
            self._full.set()
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._drain())
        return await result

    async def run(self, work: Callable[[], Done]) -> Done:
        """Do one thing in the same thread. Raises: Busy; what ``work`` raises."""
        if self._hangs or self._asked >= MOST_ASKED:
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

    def _bears(self, weight: int) -> bool:
        """Tell whether so much more may wait; what is too heavy waits alone."""
        return not self._weight or self._weight + weight <= self._most_weight

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
        late = loop.call_later(self._patience_s, self._give_up, batch)
        try:
            work = partial(_apart, self._keep, items)
            results = await loop.run_in_executor(self.worker, _guarded, work)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            trouble = error if isinstance(error, Busy) else Busy()
            if not isinstance(error, Busy):
                logger.error("a batch of %s was not kept: %s", len(items), type(error).__name__)
            self._refuse(batch, trouble)
            return
        finally:
            late.cancel()
            self._hangs = False
            self._weight -= sum(one.weight for one in batch)
        for one, result in zip(batch, results, strict=True):
            if isinstance(result, Busy):
                self._refuse([one], result)
            elif not one.result.done():
                one.result.set_result(result)

    def _give_up(self, batch: list[_Waiting[Item, Result]]) -> None:
        """Tell all to come again while the database hangs, and hold none of what waits.

        What it took may be kept after all: said again, it is the same.
        """
        waiting, self._waiting = self._waiting, []
        logger.error(
            "the database has not answered for %.0f s: %s reports are to come again",
            self._patience_s,
            len(batch) + len(waiting),
        )
        self._hangs = True
        self._weight -= sum(one.weight for one in waiting)
        self._refuse([*batch, *waiting], Busy())

    def _refuse(self, some: list[_Waiting[Item, Result]], trouble: Busy) -> None:
        for one in some:
            if not one.result.done():
                one.result.set_exception(trouble)


def _let_go() -> None:
    """Close the connection of the thread that this runs in: each has one of its own."""
    connection.close()


def _apart(keep: Callable[[list[Item]], list[Result]], items: list[Item]) -> "list[Result | Busy]":
    """Keep items together; where that fails on one of them, ever smaller parts, and go around it.

    Each part is kept whole or not at all, and in the ordinary case there is one. An item that
    cannot be kept comes to Busy. Raises: DatabaseError, InterfaceError, of the database itself.
    """
    try:
        return [*keep(items)]
    except Exception as error:
        is_of_an_item = isinstance(error, _OF_AN_ITEM)
        if not is_of_an_item and isinstance(error, DatabaseError | InterfaceError):
            raise
        if len(items) == 1:
            # What it says may quote a report: its kind alone is written down.
            logger.error("a report cannot be kept: %s", type(error).__name__)
            return [Busy()]
    half = len(items) // 2
    return [*_apart(keep, items[:half]), *_apart(keep, items[half:])]


def _guarded(work: Callable[[], Done]) -> Done:
    """Work on this thread's connection; one that broke is opened anew next time. Raises: Busy."""
    try:
        return work()
    except (DatabaseError, InterfaceError) as error:
        logger.error("the database did not keep a report: %s", type(error).__name__)
        connection.close()
        raise Busy from error
