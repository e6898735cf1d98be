"""Certificates and keys on the disk: one file for each pair, replaced whole or not at all."""

import contextlib
import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from quenotte.devices.certificates.authority import Pair, fingerprint


@dataclass(frozen=True)
class Facts:
    """What a certificate says, in plain values."""

    title: str
    fingerprint: str
    begins_at: datetime
    ends_at: datetime
    hosts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """All that a browser may be pointed at."""
        return frozenset((*self.hosts, *self.addresses))


def write(path: Path, pair: Pair) -> None:
    """Keep a pair in one file that its owner alone can read.

    A process killed in the middle leaves the old file, or the new one, never a half.

    Raises: OSError.
    """
    key = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    replace(path, pair.certificate.public_bytes(Encoding.PEM) + key)


def read(path: Path) -> Pair | None:
    """Return a pair; None when the file is missing, unreadable as one, or ill-matched.

    Raises: OSError when the disk refuses.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        certificate = x509.load_pem_x509_certificate(text)
        key = load_pem_private_key(text, password=None)
    except (ValueError, TypeError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        return None
    return Pair(certificate, key) if key.public_key() == certificate.public_key() else None


def read_certificate(path: Path) -> x509.Certificate | None:
    """Return the certificate of a file, in PEM or DER; None when there is none.

    Raises: OSError when the disk refuses.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        if data.startswith(b"-----"):
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except ValueError:
        return None


def facts(certificate: x509.Certificate) -> Facts:
    """Return what a certificate says."""
    titles = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    hosts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    with contextlib.suppress(x509.ExtensionNotFound):
        named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        hosts = tuple(named.get_values_for_type(x509.DNSName))
        addresses = tuple(str(one) for one in named.get_values_for_type(x509.IPAddress))
    return Facts(
        title=str(titles[0].value) if titles else "",
        fingerprint=fingerprint(certificate),
        begins_at=certificate.not_valid_before_utc,
        ends_at=certificate.not_valid_after_utc,
        hosts=hosts,
        addresses=addresses,
    )


def is_signed_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Tell whether a certificate comes from this authority."""
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def host_of(address: str) -> str:
    """Return an address as it is written in a link: IPv6 takes brackets."""
    try:
        return f"[{address}]" if ipaddress.ip_address(address).version == 6 else address
    except ValueError:
        return address


def replace(path: Path, data: bytes) -> None:
    """Write a file whole: beside its place first, on the disk, then in one step.

    Raises: OSError.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Bring the name of a new file to the disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def public_bytes(certificate: x509.Certificate) -> bytes:
    """Return a certificate in DER, whose SHA-256 is its fingerprint."""
    return certificate.public_bytes(Encoding.DER)


def public_pem(certificate: x509.Certificate) -> bytes:
    """Return a certificate in PEM, without its key."""
    return certificate.public_bytes(Encoding.PEM)
