"""The doors of the web process: live streams and agents straight on ASGI, pages by the bridge."""

import os
from typing import TYPE_CHECKING, Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")

from quenotte.config.wsgi import application as pages  # noqa: I001 - Django is set up by it
from django.conf import settings
from django.utils import translation
from quenotte.base.live.door import PATH, Door
from quenotte.config import neighbours, sites
from quenotte.config.agents.way_in import is_for_agents
from quenotte.config.bridge import Bridge
from quenotte.config.uploads import Guard

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

#: Pages drawn at the same time; each thread holds a database connection of its own.
THREADS = 8


def speak() -> None:
    """Choose the language of a thread once: else each sentence looks for the default again."""
    translation.activate(settings.LANGUAGE_CODE)


live = Door()
#: Where this site takes agents in beside its pages; None: it does not.
agents = sites.here().agents()
bridge = Bridge(
    pages,
    threads=THREADS,
    spool_folder=settings.DATA_DIR / "incoming",
    max_body_bytes=settings.MAX_REQUEST_BYTES,
    guard=Guard(),
    trusted=settings.TRUSTED_PROXIES,
    thread_start=speak,
)


async def application(
    scope: "Scope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
) -> None:
    """Answer one request (the ASGI application of the practice's site)."""
    if scope["type"] == "http":
        if settings.LAN_NAME and not neighbours.is_near((scope.get("client") or ("",))[0]):
            await neighbours.turn_away(send)
            return
        await _door_of(scope)(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _live_and_die(receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000, "reason": ""})


def _door_of(scope: "HTTPScope") -> Any:
    if scope["path"] == PATH:
        return live
    return agents if agents is not None and is_for_agents(scope) else bridge


async def _live_and_die(receive: "ASGIReceiveCallable", send: "ASGISendCallable") -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    live.stop()
    if agents is not None:
        agents.close()
    await send({"type": "lifespan.shutdown.complete"})
