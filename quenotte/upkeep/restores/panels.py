"""What the first page shows while a practice comes back."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from quenotte.upkeep.restores import queries


def coming_back(request: HttpRequest, _subject: object = None) -> str:
    """Draw how far the files have come; nothing when everything is there."""
    context = context_of()
    if context["coming"] is None:
        return ""
    return render_to_string("upkeep/restores/_coming_back.html", context, request)


def context_of() -> dict[str, Any]:
    """Return what the card shows."""
    found = queries.coming_back()
    return {
        "coming": found.marker if found else None,
        "data_at": found.data_at if found else None,
        "left": found.left if found else "",
    }
