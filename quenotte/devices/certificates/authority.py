"""Makes the authority of a practice and the certificates of its server.

EC P-256 with SHA-256 is what each trust store takes: Windows, macOS, iOS, Android, Firefox. An
authority signs for the practice's own names and addresses alone (RFC 5280 §4.2.1.10): a stolen
one cannot pass for a bank.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from quenotte.devices.certificates import names

#: Life of an authority; each workstation trusts it once.
AUTHORITY_LIFE: Final = timedelta(days=3652)
#: Life of a certificate: browsers refuse more than 398 days, whoever signed.
LEAF_LIFE: Final = timedelta(days=397)
#: Certificates begin in the past: the clock of a workstation may be slow.
BACKDATED: Final = timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class CannotSign(Exception):
    """The authority has no right to sign for ``name``, or is over (``name`` is empty then)."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def make_authority(name: str, now: datetime) -> Pair:
    """Draw a new authority that may sign for ``name`` and the practice's own network."""
    key = ec.generate_private_key(ec.SECP256R1())
    ours = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    title = _subject(f"Quenotte, autorité du cabinet {ours.digest.hex()[:6].upper()}")
    builder = (
        _begun(title, title, key, now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        # Windows would otherwise trust it for programs and mail as well.
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(_permitted(name), None), critical=True)
        .add_extension(ours, critical=False)
    )
    return Pair(builder.sign(key, hashes.SHA256()), key)


def issue(authority: Pair, hosts: Sequence[str], addresses: Sequence[str], now: datetime) -> Pair:
    """Sign a certificate of the server for names and addresses, with a new key.

    Raises: CannotSign.
    """
    for host in (*hosts, *addresses):
        if not covers(authority.certificate, host):
            raise CannotSign(host)
    begun, end = now - BACKDATED, authority.certificate.not_valid_after_utc
    if not authority.certificate.not_valid_before_utc <= now < end:
        raise CannotSign("")
    key = ec.generate_private_key(ec.SECP256R1())
    ours = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    whose = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ours.value)
    life = min(LEAF_LIFE, end - begun)
    builder = (
        _begun(_subject(hosts[0][:64]), authority.certificate.subject, key, now, life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_alternatives(hosts, addresses), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(whose, critical=False)
    )
    return Pair(builder.sign(authority.key, hashes.SHA256()), key)


def covers(authority: x509.Certificate, name: str) -> bool:
    """Tell whether an authority may sign for a host name or an address."""
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = constraints.permitted_subtrees or []
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        suffixes = [one.value for one in permitted if isinstance(one, x509.DNSName)]
        return any(name == suffix or name.endswith(f".{suffix}") for suffix in suffixes)
    networks = (one.value for one in permitted if isinstance(one, x509.IPAddress))
    return any(
        address in network
        for network in networks
        if isinstance(network, ipaddress.IPv4Network | ipaddress.IPv6Network)
    )


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate in groups of four, as people compare it by eye."""
    digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest().upper()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    begun = now.replace(microsecond=0) - BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + life)
    )


def _subject(title: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Quenotte"),
            x509.NameAttribute(NameOID.COMMON_NAME, title),
        ]
    )


def _permitted(name: str) -> list[x509.GeneralName]:
    hosts = dict.fromkeys((*names.LAN_SUFFIXES, name))
    return [
        *(x509.DNSName(host) for host in hosts),
        *(x509.IPAddress(network) for network in names.LAN_NETWORKS),
    ]


def _alternatives(hosts: Sequence[str], addresses: Sequence[str]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName(
        [
            *(x509.DNSName(host) for host in hosts),
            *(x509.IPAddress(ipaddress.ip_address(address)) for address in addresses),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
