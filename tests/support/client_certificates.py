"""A provider's own authority, which signs a certificate for each machine and each server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class Authority:
    """It keeps its certificate and those that it signs in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = _named("Autorité des postes")
        basic = x509.BasicConstraints(ca=True, path_length=0)
        builder = self._begun(self._name, self._key).add_extension(basic, critical=True)
        self.path = folder / "autorite-des-postes.pem"
        made = builder.sign(self._key, hashes.SHA256())
        self.path.write_bytes(made.public_bytes(Encoding.PEM))

    def sign(self, machine: str) -> tuple[Path, Path]:
        """Return the files of a certificate of a machine and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = self._begun(_named(machine), key).add_extension(usage, critical=False)
        made = builder.sign(self._key, hashes.SHA256())
        paths = self._folder / f"{machine}.crt", self._folder / f"{machine}.key"
        paths[0].write_bytes(made.public_bytes(Encoding.PEM))
        plain = NoEncryption()
        paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, plain))
        return paths

    def _begun(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )


def _named(title: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
