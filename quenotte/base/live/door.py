"""The door ``/live/``: server-sent events, straight on ASGI (no thread is held by a stream).

Source: HTML Living Standard, section « Server-sent events ».
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs

from django.db import DatabaseError, InterfaceError, connection

from quenotte.base.live.access import LOCK, Listener, Shown, listener_of, refusal_of, shown_by
from quenotte.base.live.hub import CUT, Hub, Stream
from quenotte.base.live.queries import missed, newest_id

T = TypeVar("T")

PATH: Final = "/live/"
#: A stream with nothing to say shows that it lives this often, in seconds.
HEARTBEAT_S: Final = 15.0
#: The login behind a stream is looked at again this often, in seconds.
RECHECK_S: Final = 60.0
#: How long a browser waits before it comes back, in milliseconds.
RETRY_MS: Final = 2_000

_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

Send = Callable[[Any], Awaitable[None]]
Receive = Callable[[], Awaitable[Any]]


class Door:
    """The ASGI application of ``/live/``; one hub serves all its streams."""

    def __init__(self) -> None:
        self._hub: Hub | None = None

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one browser until it leaves, its login ends or the process stops."""
        headers = dict(scope["headers"])
        if scope["method"] != "GET":
            await _refuse(send, 405)
            return
        if headers.get(b"sec-fetch-site", b"same-origin") != b"same-origin":
            await _refuse(send, 403)
            return
        shown = shown_by(_cookies(scope))
        if shown is None:
            await _refuse(send, 401)
            return
        try:
            listener = await _in_thread(lambda: listener_of(shown))
            status = 200 if listener else await _in_thread(lambda: refusal_of(shown))
        except (DatabaseError, InterfaceError):
            await _refuse(send, 503, (b"retry-after", b"5"))
            return
        if listener is None:
            await _refuse(send, status)
            return
        await self._follow(listener, shown, _last_id(scope, headers), receive, send)

    def let_go(self) -> None:
        """Close every stream; each browser comes back, and catches up."""
        if self._hub is not None:
            self._hub.let_go()

    def stop(self) -> None:
        """Close every stream."""
        if self._hub is not None:
            self._hub.stop()

    async def _follow(
        self, listener: Listener, shown: Shown, last_id: int | None, receive: Receive, send: Send
    ) -> None:
        stream = Stream(listener)
        hub = self._hub = self._hub or Hub(asyncio.get_running_loop())
        watcher = asyncio.create_task(_watch(receive, stream))
        try:
            await hub.join(stream)
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _write(send, f"retry: {RETRY_MS}\n\n")
            told = await _catch_up(listener, last_id, send)
            await _serve(stream, shown, told, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (OSError, RuntimeError):
            # The browser left while we were writing to it.
            pass
        finally:
            hub.leave(stream)
            watcher.cancel()


async def _serve(stream: Stream, shown: Shown, told: set[int], send: Send) -> None:
    checked_at = time.monotonic()
    while True:
        event = None
        with contextlib.suppress(TimeoutError):
            event = await asyncio.wait_for(stream.queue.get(), HEARTBEAT_S)
            if event is None:
                return
        # An order to leave is told whatever the login has become.
        is_order = event is not None and event.name in {CUT, LOCK}
        is_due = time.monotonic() - checked_at >= RECHECK_S or stream.listener.is_due()
        if is_due and not is_order:
            if not await _still_in(stream, shown):
                return
            checked_at = time.monotonic()
        if event is None:
            await _write(send, ": \n\n")
        elif event.id not in told:
            await _write(send, _frame(event.id, event.name, event.data))


async def _still_in(stream: Stream, shown: Shown) -> bool:
    """Look at the login again; rights may have changed as well."""
    try:
        listener = await _in_thread(lambda: listener_of(shown))
    except (DatabaseError, InterfaceError):
        return True
    if listener is None:
        return False
    stream.listener = listener
    return True


async def _catch_up(listener: Listener, last_id: int | None, send: Send) -> set[int]:
    """Tell what was missed; return the numbers told."""
    try:
        events = await _in_thread(lambda: missed(listener, last_id))
        newest = await _in_thread(newest_id) if events is None else 0
    except (DatabaseError, InterfaceError):
        events, newest = None, last_id or 0
    if events is None:
        await _write(send, _frame(newest, "resync", {}))
        return set()
    # An order to leave that is past concerned a login that is over; one that has just been
    # given comes by the queue.
    told = [event for event in events if event.name not in {CUT, LOCK}]
    for event in told:
        await _write(send, _frame(event.id, event.name, event.data))
    return {event.id for event in told}


async def _watch(receive: Receive, stream: Stream) -> None:
    """Close the stream when the browser leaves."""
    message = await receive()
    while message["type"] != "http.disconnect":
        message = await receive()
    stream.close()


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    common = [(b"content-length", b"0"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": common})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _frame(number: int, name: str, data: dict[str, Any]) -> str:
    body = json.dumps({"id": number, "name": name, "data": data}, separators=(",", ":"))
    return f"id: {number}\nevent: message\ndata: {body}\n\n"


def _cookies(scope: Any) -> str:
    return "; ".join(
        value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"
    )


def _last_id(scope: Any, headers: dict[bytes, bytes]) -> int | None:
    """Return what the browser heard last: a header, or a word of the address.

    A script that opens the stream itself cannot set the header.
    """
    text = headers.get(b"last-event-id", b"").decode("latin-1")
    if not text:
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        text = asked.get("last_event_id", [""])[-1]
    return int(text) if text.isdecimal() and len(text) < 19 else None


async def _in_thread(question: Callable[[], T]) -> T:
    def ask() -> T:
        try:
            return question()
        finally:
            # A stream asks once a minute: it keeps no connection for that.
            connection.close()

    return await asyncio.to_thread(ask)
