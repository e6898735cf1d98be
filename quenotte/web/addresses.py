"""What an address asks for after its « ? »: anybody may write anything there."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from quenotte.kernel.identifiers import uuid_of

#: Further than any list goes; the product with a page's length fits every engine's integers.
LAST_PAGE: Final = 100_000
#: Years of the instants that a record may hold; near 1 and 9999 time zones overflow.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200


def page_of(request: HttpRequest, name: str = "page") -> int:
    """Return the number of the page asked for, from 1 to ``LAST_PAGE``."""
    text = request.GET.get(name, "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_PAGE))
    return min(max(1, int(text)), LAST_PAGE) if is_number else 1


def instant_of(request: HttpRequest, name: str) -> datetime | None:
    """Return the instant asked for, in UTC; None when it is none that a record may hold."""
    try:
        found = parse_datetime(request.GET.get(name, "").replace(" ", "+"))
        instant = found.astimezone(UTC) if found and is_aware(found) else None
    except (ValueError, OverflowError):
        return None
    return instant if instant and FIRST_YEAR <= instant.year <= LAST_YEAR else None


def number_of(text: str) -> int:
    """Return the number that a form carries unseen (a version), 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0


def key_of(request: HttpRequest) -> UUID | None:
    """Return the key that a form carries unseen (``{% sent_key %}``), None for anything else."""
    return uuid_of(request.POST.get("key", ""))
