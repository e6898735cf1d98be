"""Pieces of page that depend on a few words only: drawn once, kept, and shown to everybody.

What differs from one page to the next (an address, a name) is a place in the piece, filled
each time; a template must not decide anything by it. Never give ``said`` anything of a patient:
what is kept outlives the request.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from quenotte.web.tokens import token_of

#: Around the name of a place: two signs that no text has a use for (private use area).
_BEGIN, _END = "\ue000", "\ue001"
_PLACE: Final = re.compile(f"{_BEGIN}([a-z_]+){_END}")


def drawn(template: str, *, fill: Mapping[str, Any] | None = None, **said: Any) -> SafeString:
    """Return ``template`` drawn with ``said``, and its places filled.

    ``said`` is hashable values, none of a person or a request: each set of them is kept.
    ``fill`` is what is written, escaped, where the template says ``{{ name }}``.
    """
    names = tuple(fill or ())
    # With their kinds: 1 and True, a text and markup, are equal and drawn differently.
    words = tuple((name, type(value), value) for name, value in sorted(said.items()))
    parts = _drawn(template, get_language(), names, words)
    if not fill:
        return parts[0]
    filled = [
        conditional_escape(fill[part]) if number % 2 else part for number, part in enumerate(parts)
    ]
    return SafeString("".join(filled))


def drawn_form(
    template: str, request: HttpRequest, *, fill: Mapping[str, Any] | None = None, **said: Any
) -> SafeString:
    """Return a piece with forms: ``{% csrf_token %}`` is filled with the token of the request."""
    places = {**(fill or {}), "csrf_token": token_of(request)}
    return drawn(template, fill=places, **said)


@lru_cache(maxsize=256)
def _drawn(
    template: str,
    language: str | None,
    names: tuple[str, ...],
    said: tuple[tuple[str, type, Any], ...],
) -> tuple[SafeString, ...]:
    """Return the text of the piece, cut at its places: the odd parts are their names."""
    marks = {name: f"{_BEGIN}{name}{_END}" for name in names}
    text = render_to_string(template, {**{name: value for name, _, value in said}, **marks})
    return tuple(SafeString(part) for part in (_PLACE.split(text) if names else [text]))
