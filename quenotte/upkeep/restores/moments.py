"""Moments as people of a practice type them when they look back."""

import re
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from quenotte.devices.phoenix.moments import moment_words, typed_moment

_DAY: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_HOUR: Final = re.compile(r"\b(\d{1,2})\s*[h:]\s*(\d{2})?$")


def moment_typed(text: str) -> datetime:
    """Return the moment (UTC) that was typed; a day alone is its end, or now while it lasts.

    « 27/11/2026 18:00 », « 27/11/2026 à 18h », « 27/11/2026 18 h 30 » are the same form.

    Raises: ValueError.
    """
    text = " ".join(text.lower().replace(" à ", " ").split())
    if _DAY.fullmatch(text):
        begin = typed_moment(f"{text} 00:00")
        # A day has 23 hours or 25 twice a year.
        end = typed_moment(f"{timezone.localtime(begin + timedelta(hours=30)):%d/%m/%Y} 00:00")
        now = timezone.now()
        return now if begin <= now < end else end
    return typed_moment(_HOUR.sub(lambda found: f"{found[1]}:{found[2] or '00'}", text))


def moment_after(data_at: datetime) -> str:
    """Return the minute that follows a copy, as it can be typed to mean it."""
    return moment_words(data_at + timedelta(minutes=1))
