"""The ASGI application of the agents' door: a few addresses, bounded work, clear answers."""

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from quenotte.config import proxies
from quenotte.config.agents import glpi, osquery, station
from quenotte.config.agents.batching import Busy
from quenotte.config.agents.books import Books
from quenotte.config.agents.certified import CertifiedBooks, Uncertified, fingerprint_of
from quenotte.config.agents.exchange import Gone, Reply, TooLong, answer, later
from quenotte.wire.enrolments import NO_CERTIFICATE

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

logger = logging.getLogger(__name__)


class InClear(Exception):
    """The server in front does not say that a request came by HTTPS."""


_Meet: TypeAlias = Callable[..., Awaitable[Reply]]
#: Who answers below ``/agents/<name>/``; the rest of the address is its own.
_DOORS: Final[dict[str, _Meet]] = {
    "glpi": glpi.meet,
    "osquery": osquery.meet,
    "station": station.meet,
}
_NOT_FOUND: Final = Reply(404, b"", "text/plain")
_NOT_ALLOWED: Final = Reply(405, b"", "text/plain", (("Allow", "GET, POST"),))
_REFUSED: Final[dict[type[Exception], Reply]] = {
    # Nothing of it is read.
    InClear: Reply(403, b"https_only", "text/plain"),
    Uncertified: Reply(403, NO_CERTIFICATE, "text/plain"),
    TooLong: Reply(413, b"too_big", "text/plain"),
}


class Door:
    """Answers agents until it is closed.

    ``is_certified``: those alone for whose certificate the server in front vouches. ``behind``:
    those alone of whom one of these servers says that they came by HTTPS; None: whoever comes.
    """

    def __init__(
        self,
        books: Books,
        *,
        is_certified: bool = False,
        behind: tuple[proxies.Network, ...] | None = None,
    ) -> None:
        self.books, self._is_certified, self._behind = books, is_certified, behind

    async def __call__(
        self, scope: "Scope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        """Answer one request (an ASGI application)."""
        if scope["type"] == "http":
            try:
                reply = await self._reply(scope, receive)
            except Gone:
                return
            await answer(send, reply)
        else:
            await send({"type": "websocket.close", "code": 1000, "reason": ""})

    async def _reply(self, scope: "HTTPScope", receive: "ASGIReceiveCallable") -> Reply:
        _root, kind, rest = _parts(scope["path"])
        meet = _DOORS.get(kind)
        if meet is None:
            return _NOT_FOUND
        if scope["method"] not in {"GET", "POST"}:
            return _NOT_ALLOWED
        try:
            return await meet(scope, receive, self._books(scope), rest)
        except (InClear, Uncertified, TooLong) as refused:
            return _REFUSED[type(refused)]
        except Busy:
            return later()
        except Gone:
            raise
        except Exception as error:  # noqa: BLE001 - one agent must not end the door for all
            # What it says may quote a report: its kind alone is written down.
            logger.error("an agent of %s was not answered: %s", kind, type(error).__name__)
            return Reply(500, b"", "text/plain")

    def _books(self, scope: "HTTPScope") -> Books:
        """Return the books as this client may use them. Raises: InClear, Uncertified."""
        if self._behind is not None and not proxies.came_encrypted(scope, self._behind):
            raise InClear
        if not self._is_certified:
            return self.books
        return CertifiedBooks(self.books, fingerprint_of(scope))

    def close(self) -> None:
        """Let go of the database."""
        self.books.close()


def _parts(path: str) -> tuple[str, str, str]:
    """Return the root, the kind and the rest of an address: ``/agents/glpi/7KQM3``."""
    root, _, below = path.lstrip("/").partition("/")
    kind, _, rest = below.partition("/")
    return (root, kind, rest.strip("/")) if root == "agents" else (root, "", "")
