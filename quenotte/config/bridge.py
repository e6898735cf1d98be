"""Django's pages under an ASGI server: one thread hop per request.

Django's own ASGI handler costs five times the processor time of its WSGI handler here, and
a thread per slow upload would let one bad line stop the site: the body is read first, by
the event loop, and only then does a thread work. See docs/decisions.
"""

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from quenotte.config import environ, plain_pages, proxies
from quenotte.config.turns import Turns

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

    from quenotte.config.uploads import Guard

logger = logging.getLogger(__name__)

#: A body larger than this goes to the disk while it arrives, in bytes.
_MEMORY_BYTES = 1_000_000
#: A body larger than this is taken from somebody who is logged in alone, in bytes.
_STRANGER_BYTES = 5_000_000
#: The room left on the disk is looked at each time so much has arrived, in bytes.
_ROOM_STEP_BYTES = 16_000_000
#: A client that sends nothing of its body for so long is dropped, in seconds.
_SILENCE_S = 30.0
#: Streamed answers leave in pieces of at least this size, in bytes.
_PIECE_BYTES = 262_144
#: After a refusal, so much of the body is still read and thrown away, in bytes and seconds:
#: a browser that is cut while it sends shows an error of its own, never our page.
_DRAIN_BYTES = 64_000_000
_DRAIN_S = 5.0

#: No size of a body is written with more digits.
_DIGITS = 15

Headers = list[tuple[bytes, bytes]]


class TooBig(Exception):
    """The body is larger than the site accepts."""


class Stranger(Exception):
    """A large body comes from somebody who is not logged in."""


class NoRoomLeft(Exception):
    """The body would bring the disk under its floor."""


class Gone(Exception):
    """The client left, or fell silent, before the end of its request."""


@dataclass
class _Answer:
    """What the application answered; ``rest`` is set when it goes on in pieces."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None


class Bridge:
    """An ASGI application that runs a WSGI one in a few threads."""

    def __init__(
        self,
        application: Callable[..., Any],
        *,
        threads: int,
        spool_folder: Path,
        max_body_bytes: int,
        guard: "Guard",
        trusted: tuple[proxies.Network, ...] = (),
        thread_start: Callable[[], None] | None = None,
    ) -> None:
        self._application = application
        self._turns = Turns()
        self._pool = ThreadPoolExecutor(threads, "page", initializer=thread_start)
        self._spool_folder = spool_folder
        self._max_body_bytes = max_body_bytes
        self._guard = guard
        self._trusted = trusted

    async def __call__(
        self, scope: "HTTPScope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        """Answer one request."""
        scope = proxies.without_lies(scope, self._trusted)
        try:
            with await self._read_body(scope, receive) as body:
                async with self._turns.one():
                    answer = await self._in_thread(self._run, environ.build(scope, body))
        except Gone:
            return
        except (TooBig, Stranger, NoRoomLeft, OSError) as refusal:
            await self._refuse(refusal, scope, send)
            await _drain(receive)
            return
        await self._send(answer, send, head_only=scope["method"] == "HEAD")

    async def _refuse(
        self, refusal: Exception, scope: "HTTPScope", send: "ASGISendCallable"
    ) -> None:
        if isinstance(refusal, TooBig):
            self._note("too_big", scope)
            await plain_pages.send_page(send, status=413, template="413.html")
        elif isinstance(refusal, Stranger):
            await plain_pages.send_page(
                send, status=403, template="403.html", context={"reason": "session"}
            )
        else:
            # Nothing but the spool of the body writes to the disk here.
            logger.error("the body of a request could not be written", exc_info=refusal)
            self._note("no_room", scope)
            await plain_pages.send_page(send, status=507, template="507.html")

    def _note(self, reason: str, scope: "HTTPScope") -> None:
        # A question about a body that was cut refuses nothing more: that body left its line. One
        # that a browser asks instead of sending, because it knows the limit, is the refusal.
        if scope["method"] != "HEAD" or b"x-upload-unsent" in dict(scope["headers"]):
            self._guard.note(reason, _cookies(scope))

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, function, *arguments)

    async def _read_body(self, scope: "HTTPScope", receive: "ASGIReceiveCallable") -> BinaryIO:
        length = _announced_length(scope)
        await self._weigh(scope, 0, length or _asked_bytes(scope))
        if length == 0:
            return BytesIO()
        with contextlib.ExitStack() as stack:
            spool = stack.enter_context(
                tempfile.SpooledTemporaryFile(_MEMORY_BYTES, dir=str(self._spool_folder))
            )
            await self._fill(spool, scope, receive)
            spool.seek(0)
            stack.pop_all()
        return cast("BinaryIO", spool)

    async def _weigh(self, scope: "HTTPScope", before: int, after: int) -> None:
        """Refuse a body that grows beyond what its sender, or the disk, may carry (bytes)."""
        if after > self._max_body_bytes:
            raise TooBig
        if before <= _STRANGER_BYTES < after and not await self._guard.knows(_cookies(scope)):
            raise Stranger
        if before // _ROOM_STEP_BYTES < after // _ROOM_STEP_BYTES and not self._guard.has_room(
            after - before
        ):
            raise NoRoomLeft

    async def _fill(self, spool: Any, scope: "HTTPScope", receive: "ASGIReceiveCallable") -> None:
        size = 0
        while True:
            try:
                message = cast("dict[str, Any]", await asyncio.wait_for(receive(), _SILENCE_S))
            except TimeoutError:
                raise Gone from None
            if message["type"] != "http.request":
                raise Gone
            chunk = message.get("body", b"")
            await self._weigh(scope, size, size + len(chunk))
            size += len(chunk)
            if size > _MEMORY_BYTES:
                await self._in_thread(spool.write, chunk)
            else:
                spool.write(chunk)
            if not message.get("more_body"):
                return

    def _run(self, environment: dict[str, Any]) -> _Answer:
        """Run the application; the thread is free again when this returns."""
        answer = _Answer()

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], None]:
            answer.status = int(status[:3])
            answer.headers = [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ]
            return lambda _data: None

        try:
            result = self._application(environment, start_response)
        except Exception:
            logger.exception("the application failed")
            return _Answer()
        _collect(answer, result)
        return answer

    async def _send(self, answer: _Answer, send: "ASGISendCallable", *, head_only: bool) -> None:
        start = {
            "type": "http.response.start",
            "status": answer.status,
            "headers": answer.headers,
        }
        await send(cast("Any", start))
        try:
            if answer.rest is not None and not head_only:
                while piece := await self._in_thread(_next_piece, answer.rest):
                    await send(_part(piece, more=True))
            await send(_part(b"" if head_only else answer.body, more=False))
        finally:
            if answer.close is not None:
                await self._in_thread(answer.close)


async def _drain(receive: "ASGIReceiveCallable") -> None:
    """Read and forget what the client was already sending."""
    left = _DRAIN_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_S):
            while left > 0:
                message = cast("dict[str, Any]", await receive())
                if message["type"] != "http.request" or not message.get("more_body"):
                    return
                left -= len(message.get("body", b""))


def _cookies(scope: "HTTPScope") -> str:
    return "; ".join(
        value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"
    )


def _announced_length(scope: "HTTPScope") -> int | None:
    """Return the length of the body in bytes; None when it comes in chunks, unannounced."""
    length: int | None = 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length" and value.isdigit():
            length = int(value)
    return length


def _asked_bytes(scope: "HTTPScope") -> int:
    """Return the size of which HEAD asks whether it would be taken, in bytes; 0 for none.

    A browser whose upload was cut cannot read why: it asks by ``X-Upload-Bytes``, without a body.
    With ``X-Upload-Unsent`` it tells that it sent nothing, since so much would be refused.
    """
    if scope["method"] != "HEAD":
        return 0
    given = dict(scope["headers"]).get(b"x-upload-bytes", b"")
    return int(given) if given.isdigit() and len(given) <= _DIGITS else 0


def _collect(answer: _Answer, result: Any) -> None:
    close = getattr(result, "close", None)
    if getattr(result, "streaming", True):
        answer.rest, answer.close = iter(result), close
        return
    answer.body = b"".join(result)
    if close is not None:
        close()


def _next_piece(rest: Iterator[bytes]) -> bytes:
    """Gather the next piece of a streamed answer; empty at its end."""
    gathered, size = [], 0
    for chunk in rest:
        gathered.append(chunk)
        size += len(chunk)
        if size >= _PIECE_BYTES:
            break
    return b"".join(gathered)


def _part(body: bytes, *, more: bool) -> Any:
    return {"type": "http.response.body", "body": body, "more_body": more}
