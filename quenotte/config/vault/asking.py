"""Requests of a practice to the vault that holds its copies."""

import base64
import ssl
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

_WAIT_S = 30


def ask(
    url: str, what: str, authority: Path | None, body: bytes | None = None, *, first: int = 0
) -> bytes:
    """Return what stands below a repository's address, from byte ``first`` on.

    Raises: OSError (an HTTPError among them), ValueError when the address is none.
    """
    request = _request(url, what, body)
    if first:
        request.add_header("Range", f"bytes={first}-")
    context = ssl.create_default_context(cafile=None if authority is None else str(authority))
    with urllib.request.urlopen(  # noqa: S310 - the scheme is looked at in `_request`
        request, timeout=_WAIT_S, context=context
    ) as answer:
        return bytes(answer.read())


def _request(url: str, what: str, body: bytes | None) -> urllib.request.Request:
    """Return the request; name and password are taken out of the address."""
    parts = urlsplit(url.removeprefix("rest:"))
    if parts.scheme not in ("http", "https"):
        raise ValueError(url)
    place = parts.netloc.rpartition("@")[2]
    path = f"{parts.path.rstrip('/')}/{what}"
    address = urlunsplit((parts.scheme, place, path, "", ""))
    request = urllib.request.Request(address, body)  # noqa: S310 - see above
    if parts.username:
        known = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request.add_header("Authorization", f"Basic {base64.b64encode(known.encode()).decode()}")
    return request
