"""Decisions about what is told to a provider, on plain values."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

#: A provider that heard nothing for so long is told about on the page of the backups.
LATE_AFTER: Final = timedelta(hours=24)
#: So many openings that are known are asked for again, each time.
OVERLAP: Final = 20
#: Why nobody was heard, when something answered that is none of ours. Value is stored.
STRANGE: Final = "strange"


def address_of(typed: str) -> str:
    """Return an address as it is kept: ``https://host[:port][/path]``.

    Raises: ValueError when it is none, or does not promise TLS.
    """
    text = typed.strip()
    parts = urlsplit((text if "://" in text else f"https://{text}").rstrip("/"))
    _ = parts.port
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("https://host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("https://host")
    return parts.geturl()


def fingerprint_of(typed: str) -> str:
    """Return a SHA-256 as 64 hexadecimal digits, "" for none. Raises: ValueError."""
    signs = "".join(filter(str.isalnum, typed)).lower()
    if signs and (len(signs) != 64 or set(signs) - set("0123456789abcdef")):
        raise ValueError("64 hexadecimal digits")
    return signs


def is_late(heard_at: datetime | None, paired_at: datetime, now: datetime) -> bool:
    """Tell whether a provider has heard nothing for too long."""
    return now - (heard_at or paired_at) > LATE_AFTER
