"""Hands the events written by any process to the open streams of this one.

One thread waits for a ring (or a few seconds), reads the new rows with one query for all
streams, and gives them to the event loop.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from quenotte.base import rings
from quenotte.base.live.access import LOCK, Listener
from quenotte.base.live.models import Event
from quenotte.base.live.queries import newest_id

logger = logging.getLogger(__name__)

#: Events that a slow stream may be behind before it is closed.
QUEUE_LENGTH: Final = 200
#: PostgreSQL may commit a lower number after a higher one: how long we watch for it.
LATE_S: Final = 30.0
#: The event that closes the streams of one person.
CUT: Final = "session.cut"


@dataclass(eq=False)
class Stream:
    """One open connection; ``queue`` ends with None when it must close."""

    listener: Listener
    queue: "asyncio.Queue[Event | None]" = field(
        default_factory=lambda: asyncio.Queue(QUEUE_LENGTH + 1)
    )
    is_closed: bool = False

    def offer(self, event: Event) -> None:
        """Queue an event that concerns this person; close the stream when it is too slow."""
        if self.is_closed or not self.listener.hears(event):
            return
        if self.queue.qsize() >= QUEUE_LENGTH:
            self.close()
            return
        self.queue.put_nowait(event)
        if event.name in {CUT, LOCK}:
            self.close()

    def close(self) -> None:
        """Let the connection end after what is queued; the browser comes back and catches up."""
        if not self.is_closed:
            self.is_closed = True
            self.queue.put_nowait(None)


class Tail:
    """Reads the rows that were not read yet, late ones included."""

    def __init__(self) -> None:
        self._seen: dict[int, float] = {}
        self._low = newest_id()
        if connection.vendor == "postgresql":
            self._step_back()

    def read(self) -> list[Event]:
        """Return the events committed since the last call, in order."""
        now = time.monotonic()
        found = [
            event
            for event in Event.objects.filter(id__gt=self._low).order_by("id")
            if event.id not in self._seen
        ]
        if connection.vendor != "postgresql":
            # One writer at a time: numbers are committed in order.
            self._low = found[-1].id if found else self._low
            return found
        self._seen.update((event.id, now) for event in found)
        self._forget(now - LATE_S)
        return found

    def _step_back(self) -> None:
        since = timezone.now() - timedelta(seconds=LATE_S)
        recent = list(Event.objects.filter(created_at__gte=since).values_list("id", flat=True))
        self._seen = dict.fromkeys(recent, time.monotonic())
        self._low = min(recent, default=self._low + 1) - 1

    def _forget(self, before: float) -> None:
        old = [number for number, seen_at in self._seen.items() if seen_at < before]
        for number in old:
            del self._seen[number]
        self._low = max([self._low, *old])


class Hub:
    """The streams of one process and the thread that feeds them."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._streams: set[Stream] = set()
        self._stopped = threading.Event()
        self._ready = asyncio.Event()
        self._thread: threading.Thread | None = None
        self._bell: rings.Bell | None = None

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    async def join(self, stream: Stream) -> None:
        """Add a stream; events committed from now on reach it."""
        self._streams.add(stream)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="live", daemon=True)
            self._thread.start()
        await self._ready.wait()

    def leave(self, stream: Stream) -> None:
        """Forget a stream."""
        self._streams.discard(stream)

    def let_go(self) -> None:
        """Close every stream."""
        for stream in list(self._streams):
            stream.close()

    def stop(self) -> None:
        """Close every stream and let the thread end."""
        self._stopped.set()
        if self._bell is not None:
            self._bell.wake()
        self.let_go()

    def deliver(self, events: Sequence[Event]) -> None:
        """Give events to the streams that they concern (in the event loop)."""
        for event in events:
            for stream in list(self._streams):
                stream.offer(event)

    def _run(self) -> None:
        with rings.Bell(rings.LIVE) as bell:
            self._bell = bell
            tail: Tail | None = None
            while not self._stopped.is_set():
                tail = self._turn(tail)
                self._loop.call_soon_threadsafe(self._ready.set)
                bell.wait(settings.LIVE_POLL_S)
        connection.close()

    def _turn(self, tail: Tail | None) -> Tail | None:
        try:
            if tail is None:
                return Tail()
            if events := tail.read():
                self._loop.call_soon_threadsafe(self.deliver, events)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("live events cannot be read: %s", type(error).__name__)
            close_old_connections()
            self._stopped.wait(1.0)
        return tail
