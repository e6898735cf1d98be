"""Pieces of page that depend on a few words only: drawn once, kept, and shown to everybody.

Never give one anything of a patient: what is kept outlives the request.
"""

from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def drawn(template: str, **said: Any) -> SafeString:
    """Return ``template`` drawn with ``said``: hashable values, none of a person or a request."""
    return _drawn(template, get_language(), tuple(sorted(said.items())))


@lru_cache(maxsize=256)
def _drawn(template: str, language: str | None, said: tuple[tuple[str, Any], ...]) -> SafeString:
    return render_to_string(template, dict(said))
