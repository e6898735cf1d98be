"""One question over TLS and its answer. The certificate is always verified."""

import contextlib
import gzip
import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from quenotte.station.addresses import Server
from quenotte.station.refusals import NotACertificate, NotAnAuthority
from quenotte.wire.enrolments import NO_CERTIFICATE

#: Seconds for each step of an exchange: a batch of the door is answered within one.
_PATIENCE_S: Final = 30.0
#: Bytes of an answer: the longest of ours has two hundred.
_MOST_ANSWER: Final = 64 * 1024
#: Shorter bodies grow when they are packed.
_PACKED_FROM: Final = 1024
#: « not yet valid », « has expired »: a wrong clock, more often than not.
#: Source: X509_V_ERR of OpenSSL's verify(1).
_DATES: Final = frozenset({9, 10})


class Why(StrEnum):
    """Why a server was not reached. Values are stored."""

    NO_NAME = "no_name"
    NO_ROUTE = "no_route"
    NO_ANSWER = "no_answer"
    CERTIFICATE = "certificate"
    DATES = "dates"
    TLS = "tls"
    #: It wants a certificate of this machine, or not the one that it was shown.
    OURS = "ours"


class Unreached(Exception):
    """Nothing came back; whether anything was taken is not known."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back. ``retry_after_s``: when to come again, None where nothing is said."""

    status: int
    body: bytes
    retry_after_s: float | None = None


class Line:
    """A way to one server.

    ``authority``: a file of certificates that alone is trusted; "" for those of the system.
    ``ours``: the files of this machine's own certificate and its key, "" where it has none.
    Raises: NotAnAuthority, NotACertificate.
    """

    def __init__(
        self, server: Server, authority: str = "", ours: tuple[str, str] = ("", "")
    ) -> None:
        self._server = server
        self._trust = _trust(authority) if server.is_tls else None
        if self._trust is not None and any(ours):
            _show(self._trust, *ours)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Send a body, packed where it helps, and return the answer. Raises: Unreached."""
        connection = self._connection()
        try:
            connection.request("POST", self._server.base + path, *_packed(body, headers))
            reply = connection.getresponse()
            told = reply.read(_MOST_ANSWER)
            if reply.status == 403 and told == NO_CERTIFICATE:
                raise Unreached(Why.OURS)
            return Answered(reply.status, told, _seconds(reply.getheader("Retry-After")))
        except (OSError, http.client.HTTPException) as error:
            raise Unreached(_why(error)) from None
        finally:
            with contextlib.suppress(OSError):
                connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._server.host, self._server.port
        if self._trust is None:
            return http.client.HTTPConnection(host, port, timeout=_PATIENCE_S)
        return http.client.HTTPSConnection(host, port, timeout=_PATIENCE_S, context=self._trust)


def _trust(authority: str) -> ssl.SSLContext:
    try:
        told = _certificates(authority) if authority else None
        context = ssl.create_default_context(cadata=told)
    except (OSError, ValueError):
        raise NotAnAuthority from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _show(trust: ssl.SSLContext, certificate: str, key: str) -> None:
    """Show a certificate to whoever asks for it; a file that holds both needs no other."""
    try:
        # Nobody is there to type the word of a key that is locked.
        trust.load_cert_chain(certificate, key or None, password=lambda: b"")
    except (OSError, ValueError):
        raise NotACertificate from None


def _certificates(path: str) -> str | bytes:
    """Return what is in a file, in PEM or in the DER that a practice hands out."""
    raw = Path(path).read_bytes()
    return raw.decode("ascii") if b"-----BEGIN" in raw else raw


def _packed(body: bytes, headers: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    told = {"Content-Type": "application/json", "User-Agent": "quenotte-station", **headers}
    if len(body) < _PACKED_FROM:
        return body, told
    return gzip.compress(body, mtime=0), {**told, "Content-Encoding": "gzip"}


def _seconds(told: str | None) -> float | None:
    """Return a count of seconds; a date would be read by a clock that may be wrong."""
    return float(told) if told and told.isascii() and told.isdigit() and len(told) < 10 else None


def _why(error: Exception) -> Why:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Why.DATES if error.verify_code in _DATES else Why.CERTIFICATE
    if isinstance(error, ssl.SSLError):
        return Why.OURS if _is_about_ours(str(error)) else Why.TLS
    if isinstance(error, socket.gaierror):
        return Why.NO_NAME
    if isinstance(error, TimeoutError | http.client.HTTPException | ConnectionResetError):
        return Why.NO_ANSWER
    return Why.NO_ROUTE


def _is_about_ours(reason: str) -> bool:
    """Tell whether the server ended it for want of our certificate. Source: RFC 8446 §6.2."""
    return "ALERT" in reason and ("CERTIFICATE" in reason or "UNKNOWN_CA" in reason)
