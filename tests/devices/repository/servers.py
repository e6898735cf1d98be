"""A server that speaks restic's REST protocol, in memory, and stumbles where it is told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_V2 = "application/vnd.x.restic.rest.v2"


class Vault(ThreadingHTTPServer):
    """``faults`` are answered first, one for each request; a negative one cuts the connection."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.faults: list[int] = []
        self.heard: list[tuple[str, str]] = []
        self.connections = 0
        self.knows_ranges = True
        self.version = 2
        #: The certificate (PEM) that anybody is given.
        self.handed_out = b""

    @property
    def address(self) -> str:
        return f"http://paper:secret@127.0.0.1:{self.server_port}/r/"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together: else each answer waits for an acknowledgement.
    wbufsize = 1 << 16
    server: Vault

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""

    def _begun(self) -> bytes | None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.heard.append((self.command, self.path))
        if self.headers.get("Authorization") != "Basic cGFwZXI6c2VjcmV0":
            self._answer(401)
            return None
        if self.server.faults:
            fault = self.server.faults.pop(0)
            if fault < 0:
                self.close_connection = True
                return None
            if fault:
                self._answer(fault)
                return None
        return body

    def _answer(self, status: int, body: bytes = b"", kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", kind)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_POST(self) -> None:
        body = self._begun()
        if body is not None:
            if not self.path.endswith("?create=true"):
                self.server.files[self.path.removeprefix("/r/")] = body
            self._answer(200)

    def do_GET(self) -> None:
        if self.path == "/authority.pem":
            self.server.heard.append((self.command, self.path))
            self._answer(200 if self.server.handed_out else 404, self.server.handed_out)
            return
        if self._begun() is None:
            return
        path = self.path.removeprefix("/r/")
        if path.endswith("/"):
            self._list(path)
        elif path in self.server.files:
            self._file(self.server.files[path])
        else:
            self._answer(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _file(self, body: bytes) -> None:
        wanted = self.headers.get("Range")
        if wanted is None or not self.server.knows_ranges:
            self._answer(200, body)
            return
        begin, _, end = wanted.removeprefix("bytes=").partition("-")
        part = body[int(begin) : int(end) + 1 if end else None]
        self._answer(206 if part else 416, part)

    def _list(self, kind: str) -> None:
        found = [(path, body) for path, body in self.server.files.items() if path.startswith(kind)]
        told: list[Any] = [path.removeprefix(kind) for path, _ in found]
        if self.server.version == 2:
            told = [{"name": path.removeprefix(kind), "size": len(body)} for path, body in found]
        self._answer(200, json.dumps(told).encode(), _V2)


@contextmanager
def serving() -> Iterator[Vault]:
    vault = Vault()
    thread = threading.Thread(target=vault.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield vault
    finally:
        vault.shutdown()
        thread.join()
        vault.server_close()
