"""How the pages of the backups write figures."""

from django import template

from quenotte.upkeep.backups import rules

register = template.Library()


@register.filter
def size(count: int) -> str:
    """Return a number of bytes as people read it: « 3,2 Go »."""
    return rules.size(count)
