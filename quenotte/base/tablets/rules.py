"""Links for a tablet of the practice: drawn, typed as a short code, good once and not for long."""

import base64
import hashlib
import hmac
import ipaddress
import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

#: How long a link waits for somebody to take it, and how long that person has then.
WAITS: Final = timedelta(minutes=30)
HELD: Final = timedelta(hours=2)
#: Digits of the code that is typed where no camera reads the drawing.
CODE_DIGITS: Final = 6

_TOKEN_BYTES: Final = 16
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{22}")


class State(StrEnum):
    """What became of a link. Values are stored."""

    OPEN = "open"
    TAKEN = "taken"
    SENT = "sent"
    NOT_ME = "not_me"
    REPLACED = "replaced"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


#: The states in which somebody may still do something with it.
ALIVE: Final = frozenset({State.OPEN, State.TAKEN})


def token_of(key: str, link_id: UUID) -> str:
    """Return the token of a link: 22 characters, 128 bits of HMAC-SHA-256 (RFC 2104).

    ``key`` is 64 hex characters. Drawn from the link's number, so that a page shown again shows
    the same drawing, while the database knows its digest alone.
    """
    drawn = hmac.digest(bytes.fromhex(key), b"tablet link " + link_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(drawn[:_TOKEN_BYTES]).decode("ascii").rstrip("=")


def code_of(key: str, link_id: UUID, attempt: int = 0) -> str:
    """Return the six digits of a link; another ``attempt`` gives others, when they are taken."""
    text = f"tablet code {attempt} ".encode() + link_id.bytes
    drawn = hmac.digest(bytes.fromhex(key), text, hashlib.sha256)
    return f"{int.from_bytes(drawn[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def digest_of(secret: str) -> str:
    """Return what is kept of a secret (64 hex characters of SHA-256)."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def code_digest_of(key: str, code: str) -> str:
    """Return what is kept of a code: a million codes are tried in a second without the key."""
    return hmac.digest(bytes.fromhex(key), b"code " + code.encode(), hashlib.sha256).hex()


def looks_like_token(text: str) -> bool:
    """Tell whether a text has the form of a token."""
    return bool(_SHAPE.fullmatch(text))


def typed_code(text: str) -> str:
    """Return the digits of a typed code (« 123 456 »), or nothing when it is none."""
    digits = re.sub(r"[\s.\-]", "", text)
    is_code = digits.isascii() and digits.isdecimal() and len(digits) == CODE_DIGITS
    return digits if is_code else ""


def shown_code(code: str) -> str:
    """Return a code as it is read aloud: « 123 456 »."""
    return f"{code[:3]} {code[3:]}"


def standing(state: str, expires_at: datetime, now: datetime) -> State:
    """Return the state of a link at this moment: its time may be over before anybody noted it."""
    held = State(state)
    return State.EXPIRED if held in ALIVE and now >= expires_at else held


def is_here_only(address: str) -> bool:
    """Tell whether an address leads to whatever machine opens it: a tablet would find itself."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
