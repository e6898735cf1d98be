"""Addresses of the lines of a list."""

from functools import cache
from typing import Final
from uuid import UUID

from django.urls import get_urlconf, reverse

_ANY: Final = UUID(int=0)


def link_to(name: str, key: UUID) -> str:
    """Return ``reverse(name, args=[key])`` of a view that takes one UUID and nothing else.

    A strip shows forty pictures with three addresses each: Django would look for the pattern
    120 times.
    """
    before, after = _around(name, get_urlconf())
    return f"{before}{key}{after}"


@cache
def _around(name: str, _urlconf: str | None) -> tuple[str, str]:
    before, _, after = reverse(name, args=[_ANY]).partition(str(_ANY))
    return before, after
