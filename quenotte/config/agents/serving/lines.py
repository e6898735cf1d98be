"""One connection of an agent: what it says is put together, and answered one at a time."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, cast

import httptools

from quenotte.config.agents.exchange import later
from quenotte.config.agents.serving.guests import peer_of
from quenotte.config.agents.serving.requests import Exchange, Headers, head_of, scope_of

if TYPE_CHECKING:
    from quenotte.config.agents.serving.doorways import Doorway

logger = logging.getLogger(__name__)

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_FOREVER: Final = float("inf")


class Line(asyncio.Protocol):
    """A connection (RFC 9112). Who sends a second request before the answer to the first is let go
    after that answer, and sends it again.
    """

    def __init__(self, doorway: "Doorway") -> None:
        self._doorway = doorway
        self._transport: asyncio.Transport | None = None
        self._client: Any = None
        self._parser: Any = None
        self._exchange: Exchange | None = None
        # The loop itself holds no task: one that nobody holds may vanish.
        self._task: asyncio.Task[None] | None = None
        self._is_last = False
        #: Whose address it is, and what is counted as one client (`guests.peer_of`).
        self.host = self.peer = ""
        #: When it came, began a request or was answered last, by the loop's clock.
        self.since = 0.0
        #: By the loop's clock; past it the connection is cut.
        self.deadline = _FOREVER
        self._target = b""
        self._headers: Headers = []
        self._body = bytearray()
        #: Bytes heard since the last answer, whatever they are.
        self._heard_bytes = 0
        #: The headers were heard; the request was refused.
        self._is_heard = self._is_refused = False

    # -- asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let a client in, or tell it to come again."""
        # libuv's is one as well, and no subclass.
        self._transport = cast("asyncio.Transport", transport)
        self._client = transport.get_extra_info("peername")
        self._parser = httptools.HttpRequestParser(self)
        self.host = self._client[0] if self._client else ""
        self.peer = peer_of(self.host)
        self.since = self._doorway.now()
        self.deadline = self.since + self._doorway.limits.head_s
        if not self._doorway.let_in(self):
            self._come_again()

    def connection_lost(self, _error: Exception | None) -> None:
        """Forget a client; what it said whole is kept all the same."""
        self._doorway.let_go(self, len(self._body))
        # It and its parser hold one another: let go by hand, all of it is free at once.
        self._transport = self._parser = None
        self._headers, self._body = [], bytearray()
        if self._exchange is not None:
            self._exchange.hang_up()

    def data_received(self, data: bytes) -> None:
        """Hear some bytes."""
        if self._is_last and self._exchange is None:
            return
        self._heard_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse(400)
            return
        if self._exchange is None and not self._is_framed_well():
            self._refuse(431)

    def eof_received(self) -> bool:
        """Keep the connection while an answer is under way: some close their half early."""
        self._is_last = True
        return self._exchange is not None

    # -- httptools

    def on_message_begin(self) -> None:
        """Begin a request."""
        if self._exchange is not None or self._is_refused:
            # Said before the first was answered, or after one that was refused: it is not read.
            self._hear_no_more()
            return
        self._begin()
        self.since = self._doorway.now()
        self.deadline = self.since + self._doorway.limits.head_s

    def on_url(self, url: bytes) -> None:
        """Hear a part of the address."""
        if self._exchange is None:
            self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Hear a header."""
        # Behind a body they are trailers, which may be left unread (RFC 9110 §6.5.1).
        if self._exchange is None and not self._is_heard:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Decide by the headers alone whether the body is wanted."""
        if self._exchange is not None:
            return
        self._is_heard = True
        limits = self._doorway.limits
        self.deadline = self._doorway.now() + limits.body_s
        if len(self._headers) > limits.headers:
            self._refuse(431)
        for name, value in self._headers:
            if name == b"content-length" and int(value) > limits.body_bytes:
                self._refuse(413)
            elif name == b"expect" and value.lower() == b"100-continue" and not self._is_last:
                self._write(_CONTINUE)

    def on_body(self, part: bytes) -> None:
        """Hear a part of the body, of which there is a limit: one's own, and that of all."""
        if self._exchange is not None or self._is_refused:
            return
        self._body += part
        has_room = self._doorway.hold(len(part))
        if len(self._body) > self._doorway.limits.body_bytes:
            self._refuse(413)
        elif not has_room:
            self._come_again()

    def on_message_complete(self) -> None:
        """Answer a request that was told whole."""
        if self._exchange is not None or self._is_refused:
            return
        self.deadline = self._doorway.now() + self._doorway.limits.answer_s
        self._is_last = self._is_last or not self._parser.should_keep_alive()
        body, self._body = bytes(self._body), bytearray()
        scope = scope_of(
            self._parser.get_method().decode("latin-1"),
            self._target,
            self._parser.get_http_version(),
            self._headers,
            self._client,
            self._doorway.address,
            body,
        )
        self._exchange = Exchange(body, self._answer)
        self._task = self._doorway.answer(scope, self._exchange, self.cut, len(body))

    def _is_framed_well(self) -> bool:
        """Tell whether what is no body is no longer than a head and the body itself.

        The parser keeps a header until its end, a trailer too: so one without an end is refused.
        """
        told = len(self._body)
        return self._heard_bytes - told <= self._doorway.limits.head_bytes + told

    # -- answers

    def _begin(self) -> None:
        self._target, self._headers, self._body = b"", [], bytearray()
        self._is_heard = self._is_refused = False

    def _answer(self, status: int, headers: Headers, body: bytes) -> None:
        self._exchange = None
        is_last = self._is_last or self._doorway.is_closing
        self._write(head_of(status, headers, self._doorway.date, is_last=is_last) + body)
        self.since = self._doorway.now()
        self.deadline = self.since + self._doorway.limits.idle_s
        # What comes next is a new head, of which nothing was heard.
        self._is_heard, self._heard_bytes = False, 0
        if is_last:
            self._hang_up()

    def _refuse(self, status: int, headers: Headers | None = None) -> None:
        """Answer for the application, once, and close: what follows cannot be told apart."""
        if self._exchange is not None or self._is_refused:
            # One is being answered: it hears its answer first.
            self._hear_no_more()
            return
        self._is_refused = True
        told = [(b"content-length", b"0"), *(headers or [])]
        self._write(head_of(status, told, self._doorway.date, is_last=True))
        self._hang_up()

    def _come_again(self) -> None:
        reply = later()
        self._refuse(reply.status, [(k.lower().encode(), v.encode()) for k, v in reply.headers])

    def _hear_no_more(self) -> None:
        """Leave what is said beside an answer with the client: the parser keeps what has no end."""
        self._is_last = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _hang_up(self) -> None:
        """Close once all that was written is sent."""
        self._is_last = True
        self.deadline = self._doorway.now() + self._doorway.limits.head_s
        if self._transport is not None:
            self._transport.close()

    def gives_way(self, now: float) -> bool:
        """Tell whether this line may be closed for another: no answer is awaited, no request is
        under way, or none that comes to an end.
        """
        if self._exchange is not None or self._is_last:
            return False
        return not self._heard_bytes or now - self.since > self._doorway.limits.gives_way_s

    def rest(self) -> None:
        """Close unless an answer is awaited, after which it closes."""
        self._is_last = True
        if self._exchange is None:
            self._hang_up()

    def cut(self) -> None:
        """Cut the connection now: its time is over, or nothing can be answered."""
        if self._transport is not None:
            self._transport.abort()
