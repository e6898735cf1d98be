"""Secrets that must be read again (a password of another server), sealed by a key kept apart.

The database holds the sealed text, the data folder the key: a stolen database opens nothing.
"""

import base64
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LABEL: Final = b"quenotte sealed secret "


class Unreadable(ValueError):
    """The sealed text is damaged, or was sealed with another key."""


def seal(key: str, text: str, *, purpose: str) -> str:
    """Return ``text`` sealed (AES-128-CBC with HMAC-SHA-256, the Fernet format).

    ``key`` is 64 hex characters; what is sealed for one ``purpose`` does not open for another.
    """
    return _box(key, purpose).encrypt(text.encode("utf-8")).decode("ascii")


def unseal(key: str, sealed: str, *, purpose: str) -> str:
    """Return the text that was sealed.

    Raises: Unreadable.
    """
    try:
        return _box(key, purpose).decrypt(sealed.encode("utf-8")).decode("utf-8")
    except InvalidToken:
        raise Unreadable("this was not sealed with this key") from None


def _box(key: str, purpose: str) -> Fernet:
    derived = HKDF(
        algorithm=hashes.SHA256(), length=32, salt=None, info=_LABEL + purpose.encode("utf-8")
    ).derive(bytes.fromhex(key))
    return Fernet(base64.urlsafe_b64encode(derived))
