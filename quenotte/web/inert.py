"""Bytes that people brought, answered so that a browser runs nothing of them."""

from typing import Final, TypeVar

from django.http.response import HttpResponseBase

#: Whatever the bytes say, the browser runs nothing of them and fetches nothing for them.
POLICY: Final = "sandbox; default-src 'none'"

_Answer = TypeVar("_Answer", bound=HttpResponseBase)


def inert(response: _Answer, *, saved_as: str = "") -> _Answer:
    """Return an answer whose bytes run nothing; ``saved_as``: saved under this plain name.

    A browser shows no PDF under this policy: one is saved, a picture is shown.
    """
    response["Content-Security-Policy"] = POLICY
    if saved_as:
        response["Content-Disposition"] = f'attachment; filename="{saved_as}"'
    return response
