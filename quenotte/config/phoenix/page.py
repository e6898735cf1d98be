"""The wizard in a page, for who fears terminals: on this machine alone, without a database.

No site, no key and no session is loaded here. The address holds a token that is drawn at each
start; requests under another name, or from another page, are not answered.
"""

import contextlib
import hmac
import secrets
import webbrowser
from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from quenotte.config import console
from quenotte.config.lan.explanation import prepare_drawing
from quenotte.config.phoenix import journey, listing
from quenotte.config.phoenix.asked import Asked
from quenotte.config.phoenix.journey import Doubted, Journey, Mistyped
from quenotte.config.phoenix.server_wizard import trouble_of
from quenotte.config.words import _
from quenotte.devices.phoenix import returning
from quenotte.devices.phoenix.choosing import Known
from quenotte.kernel.errors import Refusal

_HOST: Final = "127.0.0.1"
_FIELDS: Final = ("place", "fingerprint", "share_1", "share_2", "as_of", "folder", "database")
#: As they stand on the page: that of the first mistake has the cursor.
_IN_ORDER: Final = ("place", *journey.GROUPS, "share_1", "share_2", "as_of", "folder", "database")
_LARGEST: Final = 20_000
#: How often a page that shows progress is asked for again, in seconds.
_AGAIN_S: Final = 2
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class Server(ThreadingHTTPServer):
    """The one page."""

    daemon_threads = True

    def __init__(self, port: int = 0, wanted: Path | None = None) -> None:
        super().__init__((_HOST, port), Handler)
        #: The folder that was named when the page was asked for.
        self.wanted = wanted
        self.token = secrets.token_urlsafe(16)
        self.journey = Journey()

    @property
    def address(self) -> str:
        """Return what is opened in a browser."""
        return f"http://{_HOST}:{self.server_address[1]}/{self.token}/"


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    server_version = "Quenotte"
    sys_version = ""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the window is for the person."""

    def do_GET(self) -> None:
        """Show the page as it stands."""
        if not self._is_ours():
            return self._answer(404, b"", "text/plain")
        if self.path.endswith("/page.css"):
            return self._answer(200, _drawn("page.css", {}), "text/css; charset=utf-8")
        return self._page({}, {})

    def do_POST(self) -> None:
        """Begin the return, or open the practice."""
        if not self._is_ours() or not self._is_from_here():
            return self._answer(404, b"", "text/plain")
        typed = self._typed()
        if self.path.endswith("/ouvrir"):
            self.server.journey.open_practice()
            return self._go()
        if self.server.journey.is_running or self.server.journey.is_ready:
            return self._go()
        try:
            asked, key = _judged(typed)
        except Mistyped as mistyped:
            return self._page(typed, mistyped.mistakes)
        except Doubted as doubted:
            return self._page(typed, {}, doubted.held)
        self.server.journey.begin(asked, key)
        return self._go()

    def _is_ours(self) -> bool:
        """Tell whether the token and the name are right: a page elsewhere knows neither."""
        token = self.path.strip("/").partition("/")[0].encode("utf-8", "replace")
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        is_known = hmac.compare_digest(token, self.server.token.encode())
        return is_known and host in {_HOST, "localhost"}

    def _is_from_here(self) -> bool:
        origin = self.headers.get("Origin")
        return origin is None or origin == f"http://{self.headers.get('Host')}"

    def _typed(self) -> dict[str, str]:
        length = min(int(self.headers.get("Content-Length") or 0), _LARGEST)
        fields = parse_qs(self.rfile.read(length).decode("utf-8", "replace"))
        return {name: values[0] for name, values in fields.items()}

    def _page(
        self,
        typed: Mapping[str, str],
        mistakes: Mapping[str, str],
        held: Known | None = None,
    ) -> None:
        begun = self.server.journey
        told, kept = begun.told(), begun.kept()
        context = {
            "base": f"/{self.server.token}/",
            "groups": [
                {"name": name, "typed": typed.get(name, ""), "mistake": mistakes.get(name, "")}
                for name in journey.GROUPS
            ],
            "typed": {name: typed.get(name, kept.get(name, "")) for name in _FIELDS},
            "mistakes": {name: mistakes.get(name, "") for name in _FIELDS},
            "first_mistake": next((name for name in _IN_ORDER if mistakes.get(name)), ""),
            "folder": typed.get("folder")
            or str(told["folder"] or self.server.wanted or journey.free_folder()),
            "journey": told,
            "is_form": not (begun.is_running or begun.is_ready),
            "choice": _choice(held, typed) if held else None,
        }
        waits = begun.is_running or (begun.is_ready and not told["is_whole"])
        self._answer(
            200, _drawn("page.html", context), "text/html; charset=utf-8", is_asked_again=waits
        )

    def _go(self) -> None:
        self.send_response(303)
        self.send_header("Location", f"/{self.server.token}/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, body: bytes, of: str, *, is_asked_again: bool = False) -> None:
        self.send_response(status)
        if is_asked_again:
            self.send_header("Refresh", str(_AGAIN_S))
        for name, value in (
            ("Content-Type", of),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", _POLICY),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "same-origin"),
            ("X-Content-Type-Options", "nosniff"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _judged(typed: Mapping[str, str]) -> tuple[Asked, str]:
    """Return what is asked and the key, with the mistakes of both at once; tries the copy.

    Raises: Mistyped; Doubted when nobody was shown yet that the guard doubts the newest copies,
        or that some are left aside.
    """
    mistakes: dict[str, str] = {}
    asked, key = None, ""
    try:
        asked = journey.asked_of(typed)
    except Mistyped as mistyped:
        mistakes |= mistyped.mistakes
    try:
        key = journey.key_of(typed)
    except Mistyped as mistyped:
        mistakes |= mistyped.mistakes
    if mistakes or asked is None:
        raise Mistyped(mistakes)
    try:
        repository, _secret = asked.opened(key)
        needs_server = returning.needs_server(repository, asked.wish)
        held = returning.known(repository, datetime.now(UTC))
    except Refusal as refusal:
        raise Mistyped({"place": str(refusal)}) from None
    is_shown = typed.get("listed") == typed.get("place")
    is_in_question = listing.doubted(held) or held.strangers()
    if asked.wish.is_newest and not is_shown and is_in_question:
        raise Doubted(held)
    if needs_server and (trouble := trouble_of(asked)):
        raise Mistyped({"database": trouble})
    return asked, key


def _choice(held: Known, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the list to choose from, for the place that it was made of."""
    aside = listing.left_aside([held])
    return {
        "is_doubted": bool(listing.doubted(held)),
        "place": typed.get("place", ""),
        "by_itself": listing.words_by_itself(held),
        "copies": [(one.id, listing.words_of(one, aside)) for one in listing.shown([held])],
    }


def _drawn(template: str, context: dict[str, Any]) -> bytes:
    from django.template.loader import render_to_string

    return render_to_string(f"web/phoenix/{template}", context).encode()


def serve(wanted: Path | None = None) -> int:
    """Serve the page until Ctrl+C, for a folder that was named or not; return the exit code."""
    prepare_drawing()
    with Server(wanted=wanted) as server:
        console.say(_("Ouvrez cette adresse dans un navigateur de cette machine :"))
        console.say(f"  {server.address}")
        console.say(_("Gardez cette fenêtre ouverte. Pour arrêter : Ctrl+C."))
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(server.address)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
        server.journey.close()
    return 0
