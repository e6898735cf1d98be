"""The field of the search, at the top of every page of the provider; « / » leads into it."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from quenotte.base.people.access import may_request


def search_box(request: HttpRequest, _subject: Any) -> str:
    """Draw the field for who may read the fleet."""
    if not may_request(request, "fleet.read"):
        return ""
    return render_to_string("provider/console/_search_box.html", request=request)
