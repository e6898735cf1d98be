"""Whom a server is believed by: the authorities of the machine, one that was given, a fingerprint.

A fingerprint names the certificate of the server itself, or that of the authority that signed it.
Our vaults hand theirs out to anybody: a certificate lasts a year, an authority ten, so the paper
bears the authority's. What is handed out counts for nothing until its SHA-256 is the one noted.
Source: RFC 5280; RFC 7468 (PEM).
"""

import contextlib
import hashlib
import hmac
import http.client
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from quenotte.devices.repository.errors import (
    CertificateOver,
    OtherCertificate,
    OtherName,
    Refused,
    Unreachable,
    Untrusted,
)

#: Where a vault of ours hands out the certificate of its authority.
AUTHORITY: Final = "/authority.pem"
_LARGEST: Final = 65_536
_TIMEOUT_S: Final = 60.0
#: Source: OpenSSL, ``X509_V_ERR_*``.
_OVER: Final = frozenset({9, 10})
_NAMES: Final = frozenset({62, 64})


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server shows of itself, believed by nobody yet. Fingerprints in hexadecimal.

    ``authority`` is "" when the server hands out none that signed its certificate; ``ends_at``
    (aware) is of the one that lasts.
    """

    certificate: str
    authority: str
    title: str
    ends_at: datetime

    @property
    def lasting(self) -> str:
        """Return the fingerprint that stays the same longest."""
        return self.authority or self.certificate


class Trust:
    """Opens connections to servers that are believed. Raises: Refused, without a certificate.

    ``ours``: the files of this machine's own certificate and its key (None: in the same file), for
    servers that ask for one. Raises: OSError, ValueError when they are of no use.
    """

    def __init__(
        self,
        ca_file: Path | None = None,
        fingerprint: str | None = None,
        *,
        ours: tuple[Path, Path | None] | None = None,
    ) -> None:
        self._fingerprint, self._ours = plain(fingerprint or ""), ours
        self._has_file = ca_file is not None
        self._context = _context(ca_file)
        if self._fingerprint and not ca_file:
            # The fingerprint says more than any authority: it names this very certificate.
            self._context = _blind()
        self._show(self._context)

    def _show(self, context: ssl.SSLContext) -> None:
        """Show our certificate to whoever asks for it."""
        if self._ours is not None:
            # Nobody is there to type the word of a key that is locked.
            context.load_cert_chain(*self._ours, password=lambda: b"")

    def connected(self, host: str, port: int | None) -> http.client.HTTPSConnection:
        """Return a connection to a server that is the one meant.

        Raises: Untrusted and its family, OSError.
        """
        connection = _connected(host, port, self._context)
        if not self._fingerprint or _is(_shown(connection), self._fingerprint):
            return connection
        authority = _handed_out(connection)
        connection.close()
        if not _is(_der(authority), self._fingerprint):
            raise OtherCertificate
        trusting = ssl.create_default_context(cadata=authority)
        self._show(trusting)
        connection = _connected(host, port, trusting)
        if not self._has_file:
            self._context, self._fingerprint = trusting, ""
        return connection


def shown_by(url: str) -> Shown:
    """Return what a server shows of itself. Raises: Unreachable."""
    parts = urlsplit(url.removeprefix("rest:"))
    try:
        with contextlib.closing(
            _connected(parts.hostname or "", parts.port, _blind())
        ) as connection:
            leaf = _shown(connection)
            offered = _handed_out(connection)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable from error
    own, authority = x509.load_der_x509_certificate(leaf), _signer(leaf, offered)
    lasting = authority or own
    return Shown(
        certificate=hashlib.sha256(leaf).hexdigest(),
        authority=fingerprint_of(authority) if authority else "",
        title=lasting.subject.rfc4514_string(),
        ends_at=lasting.not_valid_after_utc,
    )


def plain(fingerprint: str) -> str:
    """Return a fingerprint in hexadecimal, however it was written."""
    return "".join(filter(str.isalnum, fingerprint)).lower()


def authority_in(data: bytes) -> bytes:
    """Return the certificate (PEM) that a file holds, its last one, without any key beside it.

    Raises: ValueError.
    """
    if len(data) > _LARGEST:
        raise ValueError("too long for a certificate")
    found = (
        x509.load_pem_x509_certificates(data)
        if b"-----BEGIN" in data
        else [x509.load_der_x509_certificate(data)]
    )
    return ssl.DER_cert_to_PEM_cert(_bytes(found[-1])).encode()


def fingerprint_in(data: bytes) -> str:
    """Return the fingerprint of the certificate (PEM) in a file, "" when there is none."""
    try:
        return fingerprint_of(x509.load_pem_x509_certificate(data))
    except ValueError:
        return ""


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate, in hexadecimal."""
    return hashlib.sha256(_bytes(certificate)).hexdigest()


def _bytes(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def _signer(leaf: bytes, offered: str) -> x509.Certificate | None:
    """Return the authority that is handed out, if it did sign the certificate."""
    with contextlib.suppress(ValueError, TypeError, InvalidSignature):
        authority = x509.load_pem_x509_certificate(offered.encode())
        x509.load_der_x509_certificate(leaf).verify_directly_issued_by(authority)
        return authority
    return None


def _connected(host: str, port: int | None, context: ssl.SSLContext) -> http.client.HTTPSConnection:
    connection = http.client.HTTPSConnection(host, port, timeout=_TIMEOUT_S, context=context)
    try:
        connection.connect()
    except ssl.SSLCertVerificationError as error:
        connection.close()
        raise _why(error) from error
    return connection


def _why(error: ssl.SSLCertVerificationError) -> Untrusted:
    if error.verify_code in _OVER:
        return CertificateOver()
    return OtherName() if error.verify_code in _NAMES else Untrusted()


def _shown(connection: http.client.HTTPSConnection) -> bytes:
    return connection.sock.getpeercert(binary_form=True) or b""


def _handed_out(connection: http.client.HTTPSConnection) -> str:
    """Return the certificate that the server hands out as its authority's, "" for none."""
    try:
        connection.request("GET", AUTHORITY)
        response = connection.getresponse()
        body = response.read(_LARGEST)
        return body.decode("ascii") if response.status == 200 else ""
    except (OSError, http.client.HTTPException, UnicodeDecodeError):
        return ""


def _der(text: str) -> bytes:
    try:
        return ssl.PEM_cert_to_DER_cert(text.strip())
    except ValueError:
        return b""


def _is(certificate: bytes, fingerprint: str) -> bool:
    return hmac.compare_digest(hashlib.sha256(certificate).hexdigest(), fingerprint)


def _context(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except OSError as error:
        raise Refused from error


def _blind() -> ssl.SSLContext:
    """Return what believes anybody: whoever answers is judged by its fingerprint."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
