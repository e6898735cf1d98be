"""One request and its answer, as an ASGI application sees them (ASGI 3, HTTP 2.4)."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from quenotte.config.agents.exchange import WHOLE

if TYPE_CHECKING:
    from asgiref.typing import HTTPScope

_REASONS: Final = {one.value: one.phrase for one in HTTPStatus}
_ASGI: Final = {"version": "3.0", "spec_version": "2.4"}

Headers = list[tuple[bytes, bytes]]


def scope_of(
    method: str,
    target: bytes,
    version: str,
    headers: Headers,
    client: Any,
    server: Any,
    body: bytes,
) -> "HTTPScope":
    """Return the scope of a request. ``target``: as it stood in the request line."""
    raw_path, _, query = target.partition(b"?")
    path = raw_path.decode("latin-1")
    return {
        "type": "http",
        "asgi": _ASGI,  # type: ignore[typeddict-item]
        "http_version": version,
        "method": method,
        "scheme": "http",
        "path": unquote(path) if "%" in path else path,
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": client,
        "server": server,
        "state": {},
        "extensions": {WHOLE: {"body": body}},
    }


def head_of(status: int, headers: Headers, date: bytes, *, is_last: bool) -> bytes:
    """Return the head of an answer. ``is_last``: the connection is closed after it."""
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, '')}".encode()]
    lines += [name + b": " + value for name, value in headers]
    lines.append(b"date: " + date)
    if is_last:
        lines.append(b"connection: close")
    return b"\r\n".join(lines) + b"\r\n\r\n"


class Exchange:
    """What passes between the application and a line, for one request."""

    __slots__ = ("_answer", "_body", "_gone", "_status", "_told")

    def __init__(self, body: bytes, answer: Callable[[int, Headers, bytes], None]) -> None:
        self._body: bytes | None = body
        self._answer = answer
        self._status, self._told = 0, Headers()
        self._gone: asyncio.Event | None = None

    async def receive(self) -> Any:
        """Return the whole body; then, when the client hung up, that."""
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        self._gone = self._gone or asyncio.Event()
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, event: Any) -> None:
        """Take the answer, which is sent when it is whole."""
        if event["type"] == "http.response.start":
            self._status, self._told = event["status"], event["headers"]
        else:
            self._answer(self._status, self._told, event["body"])

    def hang_up(self) -> None:
        """Tell the application that nobody hears its answer any more."""
        if self._gone is not None:
            self._gone.set()
