"""The plain port of a practice's network: how to trust it, its authority, and nothing else.

No database, no site and no key is loaded here.
"""

import asyncio
import contextlib
import logging
import signal
import sys
from typing import Final

from quenotte.config import data_folder, logs, neighbours
from quenotte.config.lan import explanation, places
from quenotte.config.lan.explanation import Site
from quenotte.config.processes import lifeline

logger = logging.getLogger("quenotte.trust")

#: A request's head is at most so long, in bytes, and comes within so many seconds.
_HEAD_BYTES: Final = 8_192
_HEAD_S: Final = 10.0
#: Requests answered at the same time; the next ones wait.
_AT_ONCE: Final = 32


class Server:
    """Answers over plain HTTP, one request a connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self.site = self._draw()

    def read_again(self) -> None:
        """Draw the pages anew: the certificate has changed."""
        try:
            self.site = self._draw()
        except OSError:
            logger.exception("the explanation could not be drawn again")

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client, then let it go."""
        async with self._turns:
            with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError):
                async with asyncio.timeout(_HEAD_S):
                    await self._talk(reader, writer)
        with contextlib.suppress(OSError):
            writer.close()
            await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not neighbours.is_near(writer.get_extra_info("peername")[0]):
            return
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ")
        status, headers, body = self.site.answer(method, target, _host(lines))
        words = "\r\n".join([*explanation.header_lines(status, headers), "", ""])
        writer.write(words.encode("latin-1") + body)
        await writer.drain()

    def _draw(self) -> Site:
        name, port, _trust_port = places.heard()
        folder = data_folder.default_folder()
        return explanation.site(folder, name=name, port=port, trust_port=self._port)


def _host(lines: list[str]) -> str:
    for line in lines:
        name, _colon, value = line.partition(":")
        if name.strip().lower() == "host":
            return value.strip().lower()
    return ""


def main(host: str, port: int) -> None:
    """Serve the explanation on ``host:port`` until SIGTERM."""
    lifeline.attach("trust")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    explanation.prepare_drawing()
    logs.start("trust")
    lifeline.wait_for_start()
    asyncio.run(_serve(host, port))
    lifeline.finish()


async def _serve(host: str, port: int) -> None:
    server = Server(port)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGHUP, server.read_again)
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    if lifeline.is_supervised():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    listener = await asyncio.start_server(server.answer, host, port, limit=_HEAD_BYTES)
    await stopped.wait()
    listener.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
