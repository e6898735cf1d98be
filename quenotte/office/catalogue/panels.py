"""What the catalogue shows elsewhere: its tab of the practice."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may


def part(request: HttpRequest, current: Any) -> str:
    """Draw the tab of the practice's pages that leads to the acts."""
    if not may(actor_of(request).roles, "catalogue.read"):
        return ""
    return render_to_string("office/catalogue/_part.html", {"part": current}, request)
