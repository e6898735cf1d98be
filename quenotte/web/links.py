"""Addresses that a page writes dozens of times: found once, then only filled."""

from functools import cache
from typing import Any
from uuid import UUID

from django.urls import get_urlconf, reverse


def link_to(name: str, *keys: Any) -> str:
    """Return ``reverse(name, args=keys)`` of a view whose parameters are all UUIDs.

    A record has some sixty addresses, a strip of forty pictures three each: Django would look
    for the pattern every time.
    """
    parts = _parts(name, len(keys), get_urlconf())
    if not keys:
        return parts[0]
    return "".join([parts[0], *(f"{key}{part}" for key, part in zip(keys, parts[1:], strict=True))])


@cache
def _parts(name: str, count: int, _urlconf: str | None) -> list[str]:
    """Return the address cut where its keys go."""
    stand_ins = [UUID(int=number) for number in range(count)]
    address = reverse(name, args=stand_ins)
    parts = []
    for stand_in in stand_ins:
        before, _, address = address.partition(str(stand_in))
        parts.append(before)
    return [*parts, address]
