"""A repository on a server that speaks restic's REST protocol, version 2.

Connections are kept. What failed for a moment is asked again a few times; a
refusal is final.
Source: restic's "REST Backend" document; RFC 9110 (range requests), RFC 7617 (Basic).
"""

import base64
import http.client
import json
import time
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit

from quenotte.devices.repository.errors import (
    Damaged,
    Full,
    Missing,
    Refused,
    RepositoryError,
    Unreachable,
)
from quenotte.devices.repository.store import CONFIG, is_name
from quenotte.devices.repository.trust import Trust

_V2: Final = "application/vnd.x.restic.rest.v2"
_TIMEOUT_S: Final = 60.0
#: Waits before each further attempt. Seconds.
_WAITS_S: Final = (0.2, 1.0, 3.0)
_REFUSALS: Final = frozenset({400, 401, 403, 405, 409, 411, 413, 416, 501})
_FULL: Final = 507


class _Answer(NamedTuple):
    status: int
    body: bytes
    headers: Mapping[str, str]


class RestStore:
    """Files on a server. ``fingerprint``: the SHA-256 of its certificate or of its authority's.

    Raises: Refused when ``ca_file`` holds no certificate.
    """

    def __init__(
        self, url: str, ca_file: Path | None = None, fingerprint: str | None = None
    ) -> None:
        parts = urlsplit(url)
        self._is_safe = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path.rstrip("/") + "/"
        self._headers = _credentials(parts.username, parts.password)
        self._trust = Trust(ca_file, fingerprint) if self._is_safe else None
        #: Connections that wait for the next question, of whichever thread.
        self._idle: list[http.client.HTTPConnection] = []
        weakref.finalize(self, _close_all, self._idle)

    def __str__(self) -> str:
        # Without credentials: this is shown, and logged.
        scheme = "https" if self._is_safe else "http"
        port = f":{self._port}" if self._port else ""
        return f"{scheme}://{self._host}{port}{self._path}"

    def put(self, kind: str, name: str, body: bytes | memoryview) -> None:
        """Send a file; the server says 200 when it outlives a power cut."""
        answer = self._ask("POST", self._file(kind, name), body)
        if answer.status != 200:
            raise _trouble(answer.status)

    def get(self, kind: str, name: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return a file or a part of it; a part that does not come whole is damage."""
        if length == 0:
            return b""
        end = "" if length is None else str(offset + length - 1)
        wanted = {"Range": f"bytes={offset}-{end}"} if offset or length is not None else {}
        answer = self._ask("GET", self._file(kind, name), headers=wanted)
        if answer.status == 404:
            raise Missing(kind, name)
        if answer.status == 416:
            raise Damaged(kind, name, "the file is too short")
        if answer.status not in (200, 206):
            raise _trouble(answer.status)
        return _part(answer, kind, name, offset, length)

    def names(self, kind: str) -> Iterator[tuple[str, int]]:
        """Yield the name and the size in bytes of each file of a kind."""
        answer = self._ask("GET", f"{kind}/", headers={"Accept": _V2})
        if answer.status == 404:
            return
        if answer.status != 200:
            raise _trouble(answer.status)
        for name, size in _listed(answer.body):
            if is_name(kind, name):
                known = self.size(kind, name) if size is None else size
                yield name, known or 0

    def received(self, kind: str) -> list[str]:
        """Return names in the order in which they came; empty when the server does not say."""
        answer = self._ask("GET", f"{kind}/", headers={"Accept": _V2})
        if answer.status != 200 or answer.headers.get("x-order") != "received":
            return []
        return [name for name, _size in _listed(answer.body) if is_name(kind, name)]

    def receipts(self, first: int = 0) -> bytes | None:
        """Return the log of a vault from a byte on; None from a server that keeps none.

        A log that is shorter than ``first`` answers one NUL, which no log holds.
        """
        answer = self._ask("GET", "log", headers={"Range": f"bytes={first}-"} if first else {})
        if answer.status == 416:
            size = answer.headers.get("content-range", "").rpartition("/")[2]
            return b"" if size == str(first) else b"\0"
        if answer.status not in (200, 206):
            return None
        return answer.body if answer.status == 206 else answer.body[first:]

    def size(self, kind: str, name: str) -> int | None:
        """Return the size of a file, None when it is not there."""
        answer = self._ask("HEAD", self._file(kind, name))
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise _trouble(answer.status)
        return int(answer.headers.get("content-length") or 0)

    def prepare(self) -> None:
        """Ask the server to make a repository; one that exists stays as it is."""
        answer = self._ask("POST", "?create=true", b"")
        if answer.status != 200:
            raise _trouble(answer.status)

    def settle(self, kind: str, name: str) -> None:
        """Do nothing: what a server lists, it has kept."""

    def close(self) -> None:
        """Close the connections; the next question opens one."""
        _close_all(self._idle)

    def _file(self, kind: str, name: str) -> str:
        return CONFIG if kind == CONFIG else f"{kind}/{name}"

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | memoryview | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Answer:
        """Ask, and ask again when the connection broke or the server stumbled."""
        last: Exception | None = None
        for wait_s in (*_WAITS_S, None):
            try:
                answer = self._asked_once(method, path, body, headers or {})
                if answer.status < 500 or answer.status in (*_REFUSALS, _FULL):
                    return answer
                last = _trouble(answer.status)
            except (OSError, http.client.HTTPException) as error:
                # The others were idle for as long: a server may have closed them all.
                self.close()
                last = error
            if wait_s is not None:
                time.sleep(wait_s)
        raise Unreachable from last

    def _asked_once(
        self, method: str, path: str, body: bytes | memoryview | None, headers: Mapping[str, str]
    ) -> _Answer:
        connection = self._connection()
        try:
            connection.request(method, self._path + path, body, {**self._headers, **headers})
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            answer = _Answer(response.status, response.read(), told)
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connected()

    def _connected(self) -> http.client.HTTPConnection:
        if self._trust is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_S)
        return self._trust.connected(self._host, self._port)


def _close_all(connections: list[http.client.HTTPConnection]) -> None:
    while connections:
        connections.pop().close()


def _credentials(user: str | None, password: str | None) -> dict[str, str]:
    if user is None:
        return {}
    words = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {"Authorization": f"Basic {base64.b64encode(words).decode('ascii')}"}


def _part(answer: _Answer, kind: str, name: str, offset: int, length: int | None) -> bytes:
    body = answer.body
    if answer.status == 200 and (offset or length is not None):
        # The server sent the whole file: it knows no ranges.
        body = body[offset:] if length is None else body[offset : offset + length]
    if length is not None and len(body) != length:
        raise Damaged(kind, name, "the file is too short")
    return body


def _listed(body: bytes) -> Iterator[tuple[str, int | None]]:
    try:
        told: list[Any] = json.loads(body)
        for one in told or ():
            yield (one, None) if isinstance(one, str) else (str(one["name"]), int(one["size"]))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unreachable from error


def _trouble(status: int) -> RepositoryError:
    if status == _FULL:
        return Full()
    return Refused() if status in _REFUSALS else Unreachable()
