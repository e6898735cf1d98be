"""Panels: what an upper room shows on the page of a lower one, without being imported by it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Render = Callable[[HttpRequest, Any], str]


@dataclass(frozen=True)
class Panel:
    """One piece of a page; ``render(request, subject)`` returns safe HTML, or "" for nothing."""

    page: str
    slot: str
    order: int
    render: Render


_panels: dict[tuple[str, str], list[Panel]] = {}


def register(page: str, slot: str, order: int, render: Render) -> None:
    """Add a panel to the slot of a page; the same function is never added twice."""
    here = _panels.setdefault((page, slot), [])
    if all(panel.render is not render for panel in here):
        here.append(Panel(page, slot, order, render))
        here.sort(key=lambda panel: panel.order)


def panels_for(page: str, slot: str) -> list[Panel]:
    """Return the panels of a slot, in order."""
    return list(_panels.get((page, slot), ()))
