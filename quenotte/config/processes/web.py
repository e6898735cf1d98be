"""The web process: granian in this very process, in front of the site."""

import asyncio
import gc
import logging
import signal
import sys
from typing import Any

from quenotte.config.processes import lifeline

logger = logging.getLogger(__name__)

#: Connections held at once; an open page holds one for its live stream.
CONNECTIONS = 512
#: A client that has not finished its headers by then is dropped, in milliseconds.
HEADERS_MS = 15_000


def main(host: str, port: int) -> None:
    """Serve the site on ``host:port`` until SIGTERM."""
    lifeline.attach()
    # Django comes first: its own set-up of the logs would take the place of ours, and write
    # what errors say.
    from quenotte.config import asgi, logs

    logs.start("web")
    _warm_up()
    lifeline.wait_for_start()
    asyncio.run(_serve(asgi, host, port))
    lifeline.finish()


def _warm_up() -> None:
    """Import the pages before the first person asks for one."""
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    # What is loaded by now stays for ever: the collector need not walk through it again.
    gc.collect()
    gc.freeze()


async def _serve(site: Any, host: str, port: int) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.server.embed import Server

    server = Server(
        site.application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_MS),
        websockets=False,
        backlog=1024,
        backpressure=CONNECTIONS,
        log_enabled=False,
    )

    def stop() -> None:
        lifeline.end_by_force_later()
        site.live.stop()
        server.stop()  # type: ignore[no-untyped-call]

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop)
    if lifeline.is_supervised():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    else:
        loop.add_signal_handler(signal.SIGINT, stop)
    await server.serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
