"""``format_html`` as Django's, for lines that are drawn by the dozen.

Django asks of every value, twice, whether it is a lazy sentence; a page has hundreds, nearly all
of them plain text, numbers or markup of ours.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def format_html(form: str, first: Any, /, *others: Any) -> SafeString:
    """Return ``form`` with the values in its braces: markup as it is, all else escaped.

    A form without a value is refused (TypeError): it was filled before, by something unescaped.
    """
    return SafeString(form.format(_escaped(first), *map(_escaped, others)))


def joined(pieces: Iterable[SafeString]) -> SafeString:
    """Return pieces of markup one after the other."""
    return SafeString("".join(pieces))


def _escaped(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return escape(value)
    if kind is SafeString:
        return value
    return str(value) if kind is int else conditional_escape(value)
