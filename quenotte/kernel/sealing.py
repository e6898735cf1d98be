"""Secrets that must be read again (a password of another server, a draft), sealed by a key.

The database holds the sealed text, the data folder the key: a stolen database opens nothing.
"""

import base64
import os
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: What sealed text begins with.
_MARK: Final = "q1."
_NONCE_BYTES: Final = 12


class Unreadable(ValueError):
    """The sealed text is damaged, or was sealed with another key."""


def is_sealed(text: str) -> bool:
    """Tell whether a text has the form of a sealed one (any key, any purpose)."""
    return text.startswith(_MARK)


def seal(key: str, text: str, *, purpose: str) -> str:
    """Return ``text`` sealed with ``key``, as ASCII.

    What is sealed for one ``purpose`` does not open for another.
    Source: NIST SP 800-38D (AES-256-GCM).
    """
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(key, purpose).encrypt(nonce, text.encode(), None)
    return _MARK + base64.urlsafe_b64encode(nonce + sealed).decode("ascii")


def unseal(key: str, sealed: str, *, purpose: str) -> str:
    """Return the text that was sealed.

    Raises: Unreadable.
    """
    if not is_sealed(sealed):
        raise Unreadable("this was never sealed")
    try:
        raw = base64.urlsafe_b64decode(sealed[len(_MARK) :])
        nonce, rest = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        return _cipher(key, purpose).decrypt(nonce, rest, None).decode()
    except (InvalidTag, ValueError):
        raise Unreadable("this was not sealed with this key") from None


@lru_cache(maxsize=16)
def _cipher(key: str, purpose: str) -> AESGCM:
    # Source: RFC 5869 (HKDF); each purpose has a key of its own.
    derived = HKDF(SHA256(), 32, None, f"quenotte.sealing.{purpose}".encode()).derive(key.encode())
    return AESGCM(derived)
