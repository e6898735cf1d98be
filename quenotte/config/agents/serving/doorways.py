"""A listening port: who is in, how much they hold, whose time is over, and how it closes."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Final

from quenotte.config.agents.serving.guests import Guests
from quenotte.config.agents.serving.limits import Limits
from quenotte.config.agents.serving.lines import Line
from quenotte.config.agents.serving.requests import Exchange
from quenotte.config.proxies import Network

if TYPE_CHECKING:
    from asgiref.typing import ASGI3Application, HTTPScope

logger = logging.getLogger(__name__)

_BACKLOG: Final = 1_024
#: How long what was written may take to go out when the door closes.
_WRITTEN_S: Final = 1.0


class Doorway:
    """Answers with one application on one port, from `open` to `close`.

    ``in_front``: servers that bring the requests of many.
    """

    def __init__(
        self,
        application: "ASGI3Application",
        limits: Limits | None = None,
        *,
        in_front: tuple[Network, ...] = (),
    ) -> None:
        self._application, self.limits = application, limits or Limits()
        self._lines = Guests(self.limits, in_front)
        self._under_way = 0
        self._changed = asyncio.Event()
        #: Bytes of bodies that are being told, or answered.
        self.held = 0
        self._server: asyncio.Server | None = None
        self._ticks: asyncio.TimerHandle | None = None
        self._now = 0.0
        self.date = b""
        self.address: Any = None
        self.is_closing = False

    async def open(self, host: str, port: int) -> int:
        """Listen on ``host:port``; return the port (0 takes a free one). Raises: OSError."""
        self._loop = asyncio.get_running_loop()
        self._tick()
        self._server = await self._loop.create_server(
            lambda: Line(self), host, port, backlog=_BACKLOG
        )
        self.address = self._server.sockets[0].getsockname()[:2]
        return int(self.address[1])

    async def close(self) -> None:
        """Let nobody in any more, answer those that wait, and let go of all."""
        self.is_closing = True
        if self._server is not None:
            self._server.close()
        for line in self.lines:
            line.rest()
        await self._until(lambda: not self._under_way, self.limits.close_s)
        # What was written goes out before the cut.
        await self._until(lambda: not self._lines, _WRITTEN_S)
        for line in self.lines:
            line.cut()
        if self._ticks is not None:
            self._ticks.cancel()

    async def _until(self, is_so: Callable[[], bool], most_s: float) -> None:
        """Wait until something is so, or this long in seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most_s):
                while not is_so():
                    self._changed.clear()
                    await self._changed.wait()

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the connections that are open."""
        return tuple(self._lines)

    @property
    def count(self) -> int:
        """Return how many connections are open."""
        return len(self._lines)

    # -- what lines ask

    def now(self) -> float:
        """Return the time by the loop's clock, exact to a tick."""
        return self._now

    def let_in(self, line: Line) -> bool:
        """Count a connection; tell whether there is room for it."""
        return self._lines.let_in(line, self._now) and not self.is_closing

    def let_go(self, line: Line, held: int) -> None:
        """Forget a connection that was closed, and the bytes that it had told."""
        self._lines.let_go(line)
        self.held -= held
        self._changed.set()

    def hold(self, size: int) -> bool:
        """Count bytes that are told and not yet answered; tell whether there is room for them."""
        self.held += size
        return self.held <= self.limits.told_bytes

    def answer(
        self, scope: "HTTPScope", exchange: Exchange, cut: Callable[[], None], held: int
    ) -> "asyncio.Task[None]":
        """Let the application answer; cut the connection if it cannot. Keep what this returns.

        ``held``: bytes of the body, which are let go of when the application is done with it.
        """
        self._under_way += 1
        return self._loop.create_task(self._run(scope, exchange, cut, held))

    async def _run(
        self, scope: "HTTPScope", exchange: Exchange, cut: Callable[[], None], held: int
    ) -> None:
        try:
            await self._application(scope, exchange.receive, exchange.send)
        except Exception as error:  # noqa: BLE001 - one request must not end the door for all
            logger.error("a request was not answered: %s", type(error).__name__)
            cut()
        finally:
            self._under_way -= 1
            self.held -= held
            self._changed.set()

    def _tick(self) -> None:
        self._now = self._loop.time()
        self.date = formatdate(usegmt=True).encode()
        for line in [one for one in self._lines if one.deadline < self._now]:
            line.cut()
        self._lines.rest()
        self._ticks = self._loop.call_later(self.limits.tick_s, self._tick)
