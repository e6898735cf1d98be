"""A little push service on a loopback port: browsers of its own, whose messages it can read."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_AUTH = bytes(range(16))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


@dataclass
class Service:
    """A running service: what it answers (each once, then 201), and what it took."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def origin(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def p256dh(self) -> str:
        """Return the public key of its browsers."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return _text(point)

    @property
    def auth(self) -> str:
        """Return the secret of its browsers."""
        return _text(_AUTH)

    def texts(self) -> list[str]:
        """Return what was sent, read by a library that is not ours."""
        return [
            http_ece.decrypt(
                one, private_key=self.key, auth_secret=_AUTH, version="aes128gcm"
            ).decode()
            for one in self.bodies
        ]


@contextmanager
def serving(*answers: int) -> Iterator[Service]:
    """Run a service until the block ends."""
    service = Service(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = service.answers.pop(0) if service.answers else 201
            if 200 <= status < 300:
                service.taken.append(dict(self.headers))
                service.bodies.append(body)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{service.origin}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_told: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
