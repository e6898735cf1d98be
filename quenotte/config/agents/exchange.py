"""One request of an agent and its answer, without a framework between."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from quenotte.devices.agents.errors import NotUnderstood, Reason

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

#: Bytes on the wire: an inventory takes 25 kB, a log of osquery half a megabyte at most.
MOST_BYTES: Final = 2 << 20
#: The extension of a server that hands over the whole body with the request: nothing is awaited.
WHOLE: Final = "quenotte.whole"
#: An agent that has not said everything by then is let go, in seconds.
BODY_S: Final = 30.0
#: Who is told to come again comes within this time, in seconds: not all at once.
_AGAIN_S: Final = (20, 120)


class TooLong(Exception):
    """The body is longer than anything an agent sends."""


class Gone(Exception):
    """The agent hung up before it had said everything."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


def later() -> Reply:
    """Return that nothing was kept and the agent shall come again, each at another moment."""
    delay_s = random.randint(*_AGAIN_S)  # noqa: S311 - spreads a crowd, keeps no secret
    return Reply(503, b"", "text/plain", (("Retry-After", str(delay_s)),))


def header(scope: "HTTPScope", name: bytes) -> str:
    """Return a header of a request; "" when it is absent."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""


def not_understood(refused: NotUnderstood) -> Reply:
    """Return why a message cannot be read: a code of ours, nothing that was in it."""
    status = 413 if refused.reason is Reason.TOO_BIG else 400
    return Reply(status, refused.reason.value.encode(), "text/plain")


async def body_of(scope: "HTTPScope", receive: "ASGIReceiveCallable") -> bytes:
    """Return the body of a request. Raises: TooLong, Gone."""
    extensions: Mapping[str, Any] = scope.get("extensions") or {}
    if WHOLE in extensions:
        whole: bytes = extensions[WHOLE]["body"]
        return whole
    told = header(scope, b"content-length")
    if told.isdigit() and int(told) > MOST_BYTES:
        raise TooLong
    # What asyncio.timeout does, at a third of its cost: this runs for each heartbeat.
    task = asyncio.current_task()
    assert task is not None
    late = asyncio.get_running_loop().call_later(BODY_S, task.cancel)
    try:
        return await _all_of(receive)
    except asyncio.CancelledError:
        raise Gone from None
    finally:
        late.cancel()


async def _all_of(receive: "ASGIReceiveCallable") -> bytes:
    parts, size = [], 0
    while True:
        event = await receive()
        if event["type"] != "http.request":
            raise Gone
        part = event.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            raise TooLong
        parts.append(part)
        if not event.get("more_body", False):
            return b"".join(parts)


async def answer(send: "ASGISendCallable", reply: Reply) -> None:
    """Send an answer."""
    headers = _headers(reply.content_type, len(reply.body), reply.headers)
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": headers,
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})


@lru_cache(maxsize=512)
def _headers(
    content_type: str, length: int, more: tuple[tuple[str, str], ...]
) -> list[tuple[bytes, bytes]]:
    """Return headers as they are sent: of nearly all answers the same few."""
    told = (("content-type", content_type), ("content-length", str(length)), *more)
    return [(name.lower().encode(), value.encode()) for name, value in told]
