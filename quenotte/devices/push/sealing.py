"""What a push service carries and cannot read.

Source: RFC 8291 (message encryption for web push), RFC 8188 (aes128gcm), RFC 8292 (VAPID).
"""

import base64
import json
import os
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

#: One record holds it all; services take 4,096 bytes (RFC 8030, 7.2).
_RECORD: Final = 4_096
#: What remains of them for the text: header, tag and delimiter taken off.
MOST_BYTES: Final = _RECORD - 86 - 16 - 1
#: A signature is believed for a day at most (RFC 8292, 2); ours is good for half of it.
_GOOD_S: Final = 12 * 3_600
_HEADER: Final[dict[str, object]] = {"typ": "JWT", "alg": "ES256"}


class BadKey(ValueError):
    """What a browser gave is no key of its kind."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a browser is reached, its public key and its secret, in base64url (Push API)."""

    endpoint: str
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)

    def check(self) -> None:
        """Refuse keys that nothing could be sealed for. Raises: BadKey."""
        _public(self.p256dh)
        if len(_bytes(self.auth)) != 16:
            raise BadKey("a secret of 16 bytes")


def new_key() -> str:
    """Return a new private key of ours, as text to keep secret (PKCS 8, base64url)."""
    made = ec.generate_private_key(ec.SECP256R1())
    return _text(made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def public_of(key: str) -> str:
    """Return what browsers are told of a key of ours: the point, in base64url."""
    return _text(_point(_private(key).public_key()))


def sealed(browser: Browser, text: bytes, *, salt: bytes = b"", once: str = "") -> bytes:
    """Return a message that only the browser can read.

    ``salt`` (16 bytes) and ``once`` (a private key) are drawn anew; tests give the standard's.
    Raises: BadKey; ValueError when it is longer than ``MOST_BYTES``.
    """
    if len(text) > MOST_BYTES:
        raise ValueError("too long for a push message")
    theirs = _public(browser.p256dh)
    ours = _private(once) if once else ec.generate_private_key(ec.SECP256R1())
    salt, point = salt or os.urandom(16), _point(ours.public_key())
    shared = ours.exchange(ec.ECDH(), theirs)
    info = b"WebPush: info\0" + _point(theirs) + point
    secret = HKDF(SHA256(), 32, _bytes(browser.auth), info).derive(shared)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
    header = salt + _RECORD.to_bytes(4, "big") + bytes([len(point)]) + point
    return header + AESGCM(key).encrypt(nonce, text + b"\x02", None)


def authorization(key: str, endpoint: str, subject: str, *, now_s: float | None = None) -> str:
    """Return the header by which a service knows us. ``subject``: a mailto: or https: of ours."""
    parts = urlsplit(endpoint)
    until = int(now_s if now_s is not None else time.time()) + _GOOD_S
    claims: dict[str, object] = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": until,
        "sub": subject,
    }
    signed = ".".join(_json(one) for one in (_HEADER, claims))
    drawn = _private(key).sign(signed.encode("ascii"), ec.ECDSA(SHA256()))
    halves = b"".join(one.to_bytes(32, "big") for one in decode_dss_signature(drawn))
    return f"vapid t={signed}.{_text(halves)}, k={public_of(key)}"


def _json(value: dict[str, object]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _private(key: str) -> ec.EllipticCurvePrivateKey:
    try:
        found = load_der_private_key(_bytes(key), None)
    except (ValueError, TypeError) as error:
        raise BadKey("no private key") from error
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise BadKey("no key of a curve")
    return found


def _public(point: str) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(point))
    except ValueError as error:
        raise BadKey("no point of P-256") from error


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise BadKey("no base64url") from error


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")
