"""Tell a request for a piece of a page from a request for the page."""

from django.http import HttpRequest


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks, which swaps a piece into a page that is already there."""
    return request.headers.get("HX-Request") == "true"
