"""The message of web push, byte for byte as the standard has it, and read by another library."""

import base64
import json

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from quenotte.devices.push.sealing import (
    MOST_BYTES,
    BadKey,
    Browser,
    authorization,
    new_key,
    public_of,
    sealed,
)

# RFC 8291, appendix A.
ONCE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6"
    "TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulc"
    "y4a-fN"
)
TEXT = b"When I grow up, I want to be a watermelon"
BROWSER = Browser("https://push.example.net/abc", PUBLIC, AUTH)


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private(scalar: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw(scalar), "big"), ec.SECP256R1())


def as_key(scalar: str) -> str:
    der = private(scalar).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return base64.urlsafe_b64encode(der).decode().rstrip("=")


def test_message_is_that_of_the_standard():
    assert sealed(BROWSER, TEXT, salt=raw(SALT), once=as_key(ONCE)) == raw(BODY)


@pytest.mark.parametrize("size", [0, 1, 300, MOST_BYTES])
def test_another_library_reads_it(size: int):
    text = bytes(number % 251 for number in range(size))
    body = sealed(BROWSER, text)
    assert len(body) <= 4096
    told = http_ece.decrypt(
        body, private_key=private(RECEIVER), auth_secret=raw(AUTH), version="aes128gcm"
    )
    assert told == text


def test_what_is_too_long_is_refused():
    with pytest.raises(ValueError, match="too long"):
        sealed(BROWSER, b"x" * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("", AUTH), ("AAAA", AUTH), ("é", AUTH), (PUBLIC, "AAAA"), (PUBLIC, "é")]
)
def test_keys_of_another_kind_are_refused(p256dh: str, auth: str):
    with pytest.raises(BadKey):
        Browser("https://push.example.net/", p256dh, auth).check()


@pytest.mark.parametrize("key", ["", "AAAA", "é"])
def test_private_key_of_another_kind_is_refused(key: str):
    with pytest.raises(BadKey):
        public_of(key)


def test_other_kinds_of_private_keys_are_refused():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    der = Ed25519PrivateKey.generate().private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(BadKey):
        public_of(base64.urlsafe_b64encode(der).decode())


def test_service_knows_us_by_a_signature_that_expires():
    key = new_key()
    header = authorization(key, "https://push.example.net/abc?d", "mailto:a@b.test", now_s=1_000)
    scheme, _space, rest = header.partition(" ")
    token, _comma, told = rest.partition(", ")
    assert (scheme, told) == ("vapid", f"k={public_of(key)}")
    head, claims, signature = token.removeprefix("t=").split(".")
    assert json.loads(raw(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(raw(claims)) == {
        "aud": "https://push.example.net",
        "exp": 1_000 + 12 * 3_600,
        "sub": "mailto:a@b.test",
    }
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(public_of(key)))
    halves = raw(signature)
    r, s = (int.from_bytes(half, "big") for half in (halves[:32], halves[32:]))
    # Raises when it does not fit.
    point.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    assert len(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)) == 65
