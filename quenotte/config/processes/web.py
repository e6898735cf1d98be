"""The web process: granian in this very process, in front of the site.

On the practice's network it speaks TLS alone. SIGHUP makes it read a renewed certificate: a
second listener takes over at once, the first finishes what it has accepted.
"""

import asyncio
import gc
import logging
import signal
import sys
from typing import Any

from quenotte.config.processes import lifeline

logger = logging.getLogger(__name__)

#: Objects made before the collector looks among the youngest.
GARBAGE = 20_000
#: Connections held at once; an open page holds one for its live stream.
CONNECTIONS = 512
#: A client that has not finished its headers by then is dropped, in milliseconds.
HEADERS_MS = 15_000
#: How long two listeners stand side by side when the certificate changes, in seconds: whoever
#: the first one accepted has that long to send her request.
OVERLAP_S = 2.0
#: When live streams are let go after that: the old listener waits for them, in seconds.
LET_GO_S = (OVERLAP_S + 0.2, OVERLAP_S + 2.0)


def main(host: str, port: int) -> None:
    """Serve the site on ``host:port`` until SIGTERM."""
    lifeline.attach("web")
    # A certificate renewed before we listen needs no word: it is read when we do.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # Django comes first: its own set-up of the logs would take the place of ours, and write
    # what errors say.
    from quenotte.config import asgi, logs, threads

    logs.start("web")
    threads.keep_in_threads()
    _warm_up()
    lifeline.wait_for_start()
    asyncio.run(_serve(asgi, host, port))
    lifeline.finish()


def _warm_up() -> None:
    """Import the pages before the first person asks for one."""
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    # What is loaded by now stays for ever: the collector need not walk through it again. What a
    # page makes dies with it, mostly without the collector: looking each 700 objects costs a
    # twentieth of the page.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


async def _serve(site: Any, host: str, port: int) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.server.embed import Server

    from quenotte.config.lan import handover, hosts

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
        **hosts.proof(),
    )
    server.respawn_interval = OVERLAP_S

    def stop() -> None:
        lifeline.end_by_force_later()
        site.live.stop()
        server.stop()  # type: ignore[no-untyped-call]

    loop = asyncio.get_running_loop()

    def read_again() -> None:
        hosts.open_site()
        handover.prefer_newest(port)
        server.reload()  # type: ignore[no-untyped-call]
        for delay_s in LET_GO_S:
            loop.call_later(delay_s, site.live.let_go)

    hosts.open_site()
    loop.add_signal_handler(signal.SIGHUP, read_again)
    loop.add_signal_handler(signal.SIGTERM, stop)
    if lifeline.is_supervised():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    else:
        loop.add_signal_handler(signal.SIGINT, stop)
    await server.serve()
    if site.agents is not None:
        site.agents.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
