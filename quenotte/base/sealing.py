"""Text that only this server reads: sealed with a key of the data folder, for one purpose.

A stolen copy of the database, or a backup of it alone, gives nothing of what was sealed.
"""

import base64
import logging
import os
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

logger = logging.getLogger(__name__)

#: What sealed text begins with; text without it was written before sealing existed.
_MARK: Final = "q1."
_NONCE_BYTES: Final = 12


def seal(text: str, purpose: str) -> str:
    """Return ``text`` sealed for ``purpose`` (AES-256-GCM, NIST SP 800-38D), as ASCII."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(settings.SECRET_KEY, purpose).encrypt(nonce, text.encode(), None)
    return _MARK + base64.urlsafe_b64encode(nonce + sealed).decode("ascii")


def unseal(text: str, purpose: str) -> str:
    """Return what was sealed; text that never was comes back as it is.

    What cannot be opened (another key, a changed byte) is empty, and logged without its text.
    """
    if not text.startswith(_MARK):
        return text
    try:
        raw = base64.urlsafe_b64decode(text[len(_MARK) :])
        cipher = _cipher(settings.SECRET_KEY, purpose)
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None).decode()
    except (InvalidTag, ValueError):
        logger.error("a sealed text (%s) does not open with this folder's key", purpose)
        return ""


@lru_cache(maxsize=16)
def _cipher(key: str, purpose: str) -> AESGCM:
    # Source: RFC 5869 (HKDF); each purpose has a key of its own.
    derived = HKDF(SHA256(), 32, None, f"quenotte.sealing.{purpose}".encode()).derive(key.encode())
    return AESGCM(derived)


class SealedTextField(models.TextField[str, str]):
    """Text that lies sealed in the database and is plain in the code."""

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose = purpose

    def deconstruct(self) -> Any:
        """Tell migrations the purpose too."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_prep_value(self, value: Any) -> Any:
        """Seal what goes to the database."""
        text = super().get_prep_value(value)
        return text if text is None else seal(str(text), self.purpose)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Open what comes from the database."""
        return value if value is None else unseal(value, self.purpose)
