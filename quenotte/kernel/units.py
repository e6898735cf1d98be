"""Quantities as French people read them."""

from typing import Final

_NARROW_SPACE: Final = "\u202f"
_NO_BREAK: Final = "\u00a0"


def format_count_fr(count: int) -> str:
    """Return a whole number with its thousands apart: ``20 000`` (narrow no-break space)."""
    return f"{count:,}".replace(",", _NARROW_SPACE)


def format_bytes_fr(size_bytes: int) -> str:
    """Return a size in decimal units: ``3,4 Mo``."""
    size = float(size_bytes)
    for unit in ("o", "ko", "Mo", "Go"):
        if size < 1000:
            return _with_unit(size, unit)
        size /= 1000
    return _with_unit(size, "To")


def _with_unit(size: float, unit: str) -> str:
    number = f"{size:.0f}" if unit == "o" or size >= 100 else f"{size:.1f}".removesuffix(".0")
    return f"{number.replace('.', ',')}{_NO_BREAK}{unit}"


def format_duration_fr(duration_s: float) -> str:
    """Return a duration: ``45 s``, ``12 min``, ``1 h 05``, ``3 jours``."""
    seconds = round(duration_s)
    if seconds < 60:
        return f"{seconds}{_NO_BREAK}s"
    minutes, hours = seconds // 60, seconds // 3600
    if minutes < 60:
        return f"{minutes}{_NO_BREAK}min"
    if hours < 48:
        return f"{hours}{_NO_BREAK}h{_NO_BREAK}{minutes % 60:02d}"
    return f"{hours // 24}{_NO_BREAK}jours"
