"""Answers given before Django is asked, or when Django itself cannot answer."""

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asgiref.typing import ASGISendCallable

logger = logging.getLogger(__name__)

_LAST_RESORT = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Quenotte</title>'
    "<p>Le serveur du cabinet ne peut pas répondre pour l’instant. Rien n’a été perdu. "
    "Patientez une minute, puis recommencez.</p></html>"
)


def page(template: str, context: dict[str, Any] | None = None) -> str:
    """Return the words of an error page; they must come out whatever is broken."""
    from django.template.loader import render_to_string

    try:
        return render_to_string(template, context)
    except Exception:
        logger.exception("the page %s could not be drawn", template)
        return _LAST_RESORT


async def send_page(
    send: "ASGISendCallable",
    *,
    status: int,
    template: str,
    context: dict[str, Any] | None = None,
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> None:
    """Send an error page and ask for the connection to be closed."""
    body = page(template, context).encode()
    start: Any = {
        "type": "http.response.start",
        "status": status,
        "headers": [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"content-security-policy", b"default-src 'none'; style-src 'self'; img-src 'self'"),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
            *headers,
        ],
    }
    end: Any = {"type": "http.response.body", "body": body, "more_body": False}
    await send(start)
    await send(end)
