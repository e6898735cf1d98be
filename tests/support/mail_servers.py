"""Real SMTP servers on loopback ports, with moods: slow, full, busy, cutting the line."""

import asyncio
import contextlib
import datetime
import ipaddress
import socketserver
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "cabinet", "un-mot-de-passe-de-courrier"


@dataclass
class Mood:
    """What the server answers; each list is used up reply after reply, then all is well."""

    greeting: str = ""
    mail: list[str] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    slow_s: float = 0.0
    drops_in_data: bool = False
    drops_at_rcpt: bool = False


@dataclass
class Post:
    """A running server and what it took."""

    port: int
    mood: Mood
    letters: list[EmailMessage] = field(default_factory=list)
    peers: list[dict[str, Any]] = field(default_factory=list)


class _Handler:
    def __init__(self, post: Post) -> None:
        self._post = post

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._post.mood.slow_s:
            await asyncio.sleep(self._post.mood.slow_s)
        if self._post.mood.mail:
            return self._post.mood.mail.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._post.mood.drops_at_rcpt:
            _cut(server)
        if self._post.mood.rcpt:
            return self._post.mood.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self._post.mood.data:
            return self._post.mood.data.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=POLICY)
        assert isinstance(letter, EmailMessage)
        self._post.letters.append(letter)
        self._post.peers.append(
            {
                "tls": session.ssl is not None,
                "login": session.authenticated,
                "from": envelope.mail_from,
                "to": list(envelope.rcpt_tos),
            }
        )
        if self._post.mood.drops_in_data:
            # Taken, and the answer never leaves.
            _cut(server)
        return "250 Queued"


def _cut(server: SMTP) -> None:
    """Cut the line at once: what was to be said never leaves."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    known = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=known, handled=False)


class _Controller(Controller):
    def __init__(self, *args: Any, settings: dict[str, Any], **kwargs: Any) -> None:
        self._settings = settings
        super().__init__(*args, **kwargs)

    def factory(self) -> SMTP:
        with warnings.catch_warnings():
            # TLS from the first byte is TLS too, which aiosmtpd does not count.
            warnings.simplefilter("ignore", UserWarning)
            return SMTP(self.handler, **self._settings)


@contextmanager
def serving(
    *,
    mood: Mood | None = None,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    login: bool = False,
) -> Iterator[Post]:
    """Run a server until the block ends."""
    post = Post(port=0, mood=mood or Mood())
    settings: dict[str, Any] = {"hostname": "post.example", "tls_context": starttls}
    if starttls:
        settings["require_starttls"] = True
    if login:
        settings |= {
            "authenticator": _authenticate,
            "auth_required": True,
            "auth_require_tls": starttls is not None,
        }
    # Port 0 would make aiosmtpd knock at port 0: it looks whether it answers.
    from tests.support.installations import free_port

    controller = _Controller(
        _Handler(post), hostname="127.0.0.1", port=free_port(), ssl_context=tls, settings=settings
    )
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop()


@contextmanager
def answering(reply: Callable[[BufferedIOBase, BufferedIOBase], None]) -> Iterator[int]:
    """Run a server that says whatever ``reply(heard, said)`` writes; give its port."""

    class Door(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                reply(self.rfile, self.wfile)

    with socketserver.TCPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join(10)


@dataclass(frozen=True)
class Authority:
    """A certificate made here, in files, and what believes in it."""

    certificate: Path
    key: Path

    def server(self) -> ssl.SSLContext:
        """What a server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def client(self) -> ssl.SSLContext:
        """Whom a client believes."""
        return ssl.create_default_context(cafile=str(self.certificate))


def authority(folder: Path, *, name: str = "127.0.0.1") -> Authority:
    """Make a certificate that signs itself, for an address or a host name, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    # The clock of tests may be stopped: the real one decides.
    now = datetime.datetime.fromtimestamp(time.time(), datetime.UTC)
    days = datetime.timedelta(days=3650)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - days)
        .not_valid_after(now + days)
        .add_extension(x509.SubjectAlternativeName([_general(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = Authority(folder / "post.pem", folder / "post.key")
    paths.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
