"""Secrets that stand in an address: unguessable, and never kept as they are.

The link of a message is drawn from its number and the key of the data folder, so that a letter
sent twice holds the same link; the database knows its digest alone.
"""

import base64
import hashlib
import hmac
import re
from typing import Final
from uuid import UUID

_BYTES: Final = 16
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")


def token_of(key: str, message_id: UUID) -> str:
    """Return the token of a message: 22 characters, 128 bits of HMAC-SHA-256 (RFC 2104).

    ``key`` is 64 hex characters.
    """
    drawn = hmac.digest(bytes.fromhex(key), b"reminder link " + message_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(drawn[:_BYTES]).decode("ascii").rstrip("=")


def digest_of(token: str) -> str:
    """Return what is kept of a token (64 hex characters of SHA-256)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def looks_like_token(text: str) -> bool:
    """Tell whether a text has the form of a token."""
    return bool(_SHAPE.fullmatch(text))
