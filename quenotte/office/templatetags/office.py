"""Small filters of the office's pages."""

from collections.abc import Mapping
from typing import Any

from django import template

from quenotte.kernel.money import format_euros

register = template.Library()


@register.filter
def item(found: Mapping[Any, Any], key: Any) -> Any:
    """Return what a mapping holds for a key, an empty list when it holds nothing."""
    return found.get(key, [])


@register.filter
def euros(cents: int | None) -> str:
    """Return an amount in words; nothing when there is none."""
    return "" if cents is None else format_euros(cents)
