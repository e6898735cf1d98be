"""The signed file that makes a disk one of ours. A letter or a label never does.

Signed by a key of the installation (Ed25519); what is signed names the filesystem, so a copied
marker makes no disk of another.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from quenotte.devices.media import messages
from quenotte.devices.media.errors import MediaError

#: Where it lies on the disk, with all that is ours beside it.
FOLDER: Final = "QUENOTTE"
NAME: Final = "disque.json"
_MOST_BYTES: Final = 10_000


class NotOurs(MediaError):
    """The disk has no marker, or that of another installation."""

    message = messages.NOT_OURS
    next_step = messages.NOT_OURS_NEXT


class Tampered(MediaError):
    """The marker says something else than what was signed, or lies on another filesystem."""

    message = messages.TAMPERED
    next_step = messages.TAMPERED_NEXT


@dataclass(frozen=True, slots=True)
class Marker:
    """What a disk says of itself. ``uuid`` is the filesystem's, ``made_on`` an ISO date."""

    letter: str
    uuid: str
    practice: str
    made_on: str


def written(marker: Marker, secret: bytes) -> bytes:
    """Return the file. ``secret``: 32 bytes of the installation."""
    key = Ed25519PrivateKey.from_private_bytes(secret)
    said = {**_said(marker), "key": _key_of(key), "signature": key.sign(_signed(marker)).hex()}
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def read(body: bytes, uuid: str, secret: bytes) -> Marker:
    """Return what a marker on the filesystem ``uuid`` says. Raises: NotOurs, Tampered."""
    key = Ed25519PrivateKey.from_private_bytes(secret)
    try:
        said: dict[str, Any] = json.loads(body)
        marker = Marker(*(str(said[name]) for name in ("letter", "uuid", "practice", "made_on")))
        signature, signer = bytes.fromhex(said["signature"]), str(said["key"])
    except (ValueError, KeyError, TypeError):
        raise Tampered from None
    if signer != _key_of(key):
        raise NotOurs
    try:
        key.public_key().verify(signature, _signed(marker))
    except InvalidSignature:
        raise Tampered from None
    if marker.uuid != uuid:
        raise Tampered
    return marker


def found(place: Path, uuid: str, secret: bytes) -> Marker:
    """Return the marker of a mounted disk. Raises: NotOurs, Tampered."""
    try:
        with (place / FOLDER / NAME).open("rb") as file:
            body = file.read(_MOST_BYTES)
    except FileNotFoundError:
        raise NotOurs from None
    except OSError:
        raise Tampered from None
    return read(body, uuid, secret)


def _said(marker: Marker) -> dict[str, str]:
    return {
        "letter": marker.letter,
        "uuid": marker.uuid,
        "practice": marker.practice,
        "made_on": marker.made_on,
    }


def _signed(marker: Marker) -> bytes:
    return b"quenotte disk 1\n" + json.dumps(_said(marker), sort_keys=True).encode()


def _key_of(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
