"""The practice's word, sent to the vault that holds its copies."""

import base64
import json
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from quenotte.config import console
from quenotte.config.words import _
from quenotte.devices.media.vault.rules import Reason

_WAIT_S = 30


def send(url: str, wish: str, code: str, authority: Path | None) -> int:
    """Consent, or cancel; return the exit code."""
    told = {"cancel": True} if wish == "cancel" else {"to": wish, "code": code}
    try:
        request = _request(url, json.dumps(told).encode())
        with urllib.request.urlopen(  # noqa: S310 - the scheme is looked at in `_request`
            request, timeout=_WAIT_S, context=_context(authority)
        ) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        with error:
            console.complain(_no(error.read(64).decode("ascii", "replace")))
        return 1
    except (OSError, ValueError):
        console.complain(
            _("Le coffre ne répond pas à cette adresse. Rien n’a été modifié : réessayez.")
        )
        return 1
    console.say(
        _("C’est annulé, des deux côtés.")
        if wish == "cancel"
        else _("Le coffre a inscrit votre accord.")
    )
    return 0


def _request(url: str, body: bytes) -> urllib.request.Request:
    """Return the request; name and password are taken out of the address.

    Raises: ValueError.
    """
    parts = urlsplit(url.removeprefix("rest:"))
    if parts.scheme not in ("http", "https"):
        raise ValueError(url)
    place = parts.netloc.rpartition("@")[2]
    path = parts.path.rstrip("/") + "/consent"
    address = urlunsplit((parts.scheme, place, path, "", ""))
    request = urllib.request.Request(address, body, method="POST")  # noqa: S310 - see above
    if parts.username:
        known = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request.add_header("Authorization", f"Basic {base64.b64encode(known.encode()).decode()}")
    return request


def _context(authority: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=None if authority is None else str(authority))


def _no(reason: str) -> str:
    return {
        str(Reason.CODE): _("Ce code n’est pas celui du cabinet. Rien n’a été modifié."),
        str(Reason.WHO): _("Le coffre ne reconnaît pas ce mot de passe. Rien n’a été modifié."),
        str(Reason.NO_REPOSITORY): _("Le coffre n’a pas de dépôt à cette adresse."),
    }.get(reason, _("Le coffre a refusé. Rien n’a été modifié."))
