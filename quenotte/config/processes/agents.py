"""The process of the agents' door, apart from the pages."""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable
from typing import Final

from quenotte.config import sites
from quenotte.config.processes import lifeline

#: How many new objects call the collector, and how often it looks at the older ones too. A batch
#: makes thousands that die by themselves, beside the last word of each machine, which stays.
_COLLECTS: Final = (20_000, 20, 50)


def main(host: str, port: int) -> None:
    """Answer agents on ``host:port`` until SIGTERM."""
    lifeline.attach("agents")
    sites.here()
    import django

    django.setup()
    from quenotte.config import logs

    logs.start("agents")
    lifeline.wait_for_start()
    with asyncio.Runner(loop_factory=_loops()) as runner:
        runner.run(_serve(host, port))
    lifeline.finish()


def _loops() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the loop: libuv's, at half the cost; Windows has none."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _serve(host: str, port: int) -> None:
    from django.conf import settings

    from quenotte.config import proxies
    from quenotte.config.agents.attending import keep_saying, say_once
    from quenotte.config.agents.door import Door
    from quenotte.config.agents.serving.doorways import Doorway
    from quenotte.config.agents.taking import ProviderBooks

    # With QUENOTTE_HTTPS=1 a server in front speaks TLS, here or on another machine.
    behind = settings.TRUSTED_PROXIES if settings.SECURE_SSL_REDIRECT else None
    books = ProviderBooks()
    door = Door(books, is_certified=settings.AGENTS_CLIENT_CERTIFICATES, behind=behind)
    # Whoever is on this machine, where nothing else was said, stands for many as well.
    in_front = settings.TRUSTED_PROXIES or proxies.networks("127.0.0.1,::1")
    doorway, stopped = Doorway(door, in_front=in_front), asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        lifeline.end_by_force_later()
        stopped.set()

    loop.add_signal_handler(signal.SIGTERM, stop)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTS)
    if lifeline.is_supervised():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    else:
        loop.add_signal_handler(signal.SIGINT, stop)
    # Before the first agent is heard: what its word ends must be known.
    await say_once(books.attends)
    await doorway.open(host, port)
    saying = loop.create_task(keep_saying(books.attends))
    await stopped.wait()
    saying.cancel()
    await doorway.close()
    door.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
