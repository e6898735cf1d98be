"""The page that explains how a workstation trusts the practice, and the few files beside it.

A workstation cannot fetch over TLS what makes it trust TLS: these go over plain HTTP, and hold
nothing that is secret. What was fetched is compared with a fingerprint that came another way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from quenotte.config.lan import places
from quenotte.devices.certificates import names, pairs
from quenotte.devices.certificates.drawing import qr

#: Where the authority's certificate is fetched; Windows, iOS and Android know the ending.
CERTIFICATE: Final = "/autorite-quenotte.crt"
_PACKAGE: Final = Path(__file__).resolve().parents[2]

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_LIFE: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Connection": "close",
}


@dataclass(frozen=True)
class Piece:
    """One thing that can be fetched."""

    media_type: str
    body: bytes


@dataclass(frozen=True)
class Site:
    """All that the plain port can say."""

    pieces: Mapping[str, Piece]
    #: Names and addresses that lead to this machine; the first is the one that people type.
    hosts: tuple[str, ...]
    port: int

    def answer(self, method: str, path: str, host: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body: one of the pieces, or the way to the pages (TLS)."""
        piece = self.pieces.get(path.split("?", 1)[0])
        if piece is None or method not in {"GET", "HEAD"}:
            return 303, {**_LIFE, "Location": self.pages(host), "Content-Length": "0"}, b""
        headers = {
            **_LIFE,
            "Content-Type": piece.media_type,
            "Content-Length": str(len(piece.body)),
        }
        return 200, headers, piece.body if method == "GET" else b""

    def pages(self, host: str) -> str:
        """Return the address of the practice's pages, under the name by which it was asked.

        A name that is not ours is not repeated: it could lead anywhere.
        """
        asked = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return f"https://{asked if asked in self.hosts else self.hosts[0]}:{self.port}/"


def site(folder: Path, *, name: str, port: int, trust_port: int) -> Site:
    """Read the public certificates of a data folder and draw the pages.

    Raises: FileNotFoundError when the practice has no certificate.
    """
    authority = pairs.read_certificate(places.public_path(folder))
    server = pairs.read_certificate(places.public_server_path(folder))
    if authority is None or server is None:
        raise FileNotFoundError(places.public_path(folder))
    facts = pairs.facts(server)
    addresses = names.typed(facts.addresses)
    hosts = (name, *facts.hosts, *map(pairs.host_of, facts.addresses))
    # A telephone reads addresses better than names: not every one knows « .local ».
    here = f"http://{(addresses or [name])[0]}:{trust_port}/"
    context = {
        "authority": pairs.facts(authority),
        "certificate": CERTIFICATE,
        "here": here,
        "pages": [f"https://{host}:{port}" for host in (name, *addresses)],
    }
    return Site(_pieces(pairs.public_bytes(authority), context, here), hosts, port)


def _pieces(authority: bytes, context: dict[str, Any], here: str) -> dict[str, Piece]:
    return {
        "/": Piece("text/html; charset=utf-8", _drawn("page.html", context)),
        "/page.css": Piece("text/css; charset=utf-8", _drawn("page.css", {})),
        "/adresse.svg": Piece("image/svg+xml", qr(here)),
        CERTIFICATE: Piece("application/x-x509-ca-cert", authority),
    }


def _drawn(template: str, context: dict[str, Any]) -> bytes:
    from django.template.loader import render_to_string

    return render_to_string(f"web/trust/{template}", context).encode()


def prepare_drawing() -> None:
    """Set Django up to draw templates and for nothing else: no database, no page, no session.

    It is what makes the plain port unable to say anything about a patient.
    """
    import django
    from django.conf import settings

    settings.configure(
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [_PACKAGE / "web" / "templates"],
            }
        ],
        LANGUAGE_CODE="fr",
        LOCALE_PATHS=[_PACKAGE / "locale"],
        USE_TZ=True,
        TIME_ZONE="Europe/Paris",
        LOGGING_CONFIG=None,
    )
    django.setup()


def header_lines(status: int, headers: Mapping[str, str]) -> Iterable[str]:
    """Return the head of an HTTP/1.1 answer, line by line (RFC 9112 §4)."""
    yield f"HTTP/1.1 {status} {'OK' if status == 200 else 'See Other'}"
    yield from (f"{name}: {value}" for name, value in headers.items())
