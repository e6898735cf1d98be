"""How the pages of the backups write figures."""

from django import template

from quenotte.upkeep.backups import rules

register = template.Library()


@register.filter
def size(count: int) -> str:
    """Return a number of bytes as people read it: « 3,2 Go »."""
    return rules.size(count)


@register.filter
def fours(digits: str) -> str:
    """Return a fingerprint in groups of four, as people compare it by eye: « AB12 CD34 »."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4)).upper()
