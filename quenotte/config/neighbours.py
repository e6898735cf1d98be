"""Who asks from the practice's network, and who from the Internet."""

from typing import TYPE_CHECKING, Any

from quenotte.config.words import _
from quenotte.kernel import networks

if TYPE_CHECKING:
    from asgiref.typing import ASGISendCallable


def is_near(address: str) -> bool:
    """Tell whether an address cannot be one of the Internet.

    A box that forwards a port by mistake shows the address of who comes from outside.
    """
    return networks.is_near(address)


def words() -> bytes:
    """Return what somebody from outside is told."""
    return _(
        "Quenotte n’est ouverte qu’au réseau du cabinet. Un réglage de la box laisse entrer "
        "Internet : retirez la redirection de ce port."
    ).encode()


async def turn_away(send: "ASGISendCallable") -> None:
    """Answer somebody from outside, and end the connection."""
    body = words()
    start: Any = {
        "type": "http.response.start",
        "status": 403,
        "headers": [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ],
    }
    end: Any = {"type": "http.response.body", "body": body, "more_body": False}
    await send(start)
    await send(end)
