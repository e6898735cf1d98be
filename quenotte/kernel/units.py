"""Quantities as French people read them."""

from typing import Final

_NARROW_SPACE: Final = "\u202f"
_NO_BREAK: Final = "\u00a0"
_SIZES: Final = ("o", "ko", "Mo", "Go", "To", "Po")


def format_count_fr(count: int) -> str:
    """Return a whole number with its thousands apart: ``20 000`` (U+202F)."""
    return f"{count:,}".replace(",", _NARROW_SPACE)


def format_bytes_fr(size_bytes: int) -> str:
    """Return a size in decimal units: ``3,4 Mo`` (U+00A0 before the unit).

    Units: bytes. One decimal under 100, none beyond. Raises: ValueError when negative.
    """
    if size_bytes < 0:
        raise ValueError("a size is not negative")
    power = 0
    # 999,95 ko would be shown as 1000 ko: it is 1 Mo already.
    while round(size_bytes / 1000**power) >= 1000 and power < len(_SIZES) - 1:
        power += 1
    return _with_unit(size_bytes / 1000**power, _SIZES[power])


def format_duration_fr(duration_s: float) -> str:
    """Return a duration: ``350 ms``, ``2,5 s``, ``45 s``, ``12 min``, ``1 h 05``, ``3 jours``.

    Units: seconds. Minutes and days are those that have passed. Raises: ValueError when
    negative.
    """
    if duration_s < 0:
        raise ValueError("a duration is not negative")
    if round(duration_s, 1) < 10:
        return _short(duration_s)
    seconds = round(duration_s)
    minutes, hours = seconds // 60, seconds // 3600
    if minutes < 1:
        return _with_unit(seconds, "s")
    if hours < 1:
        return _with_unit(minutes, "min")
    if hours < 48:
        return f"{_with_unit(hours, 'h')}{_NO_BREAK}{minutes % 60:02d}"
    return f"{format_count_fr(hours // 24)}{_NO_BREAK}jours"


def _short(duration_s: float) -> str:
    milliseconds = round(duration_s * 1000)
    if 0 < milliseconds < 1000:
        return _with_unit(milliseconds, "ms")
    return _with_unit(duration_s, "s")


def _with_unit(quantity: float, unit: str) -> str:
    decimals = 0 if quantity >= 100 else 1
    number = f"{quantity:.{decimals}f}".removesuffix(".0").replace(".", ",")
    return f"{number}{_NO_BREAK}{unit}"
