"""What one client may take of the agents' door, and for how long."""

import asyncio
import contextlib
from typing import Any

import pytest

from quenotte.config.agents.serving.doorways import Doorway
from quenotte.config.agents.serving.limits import Limits
from tests.config.agents.talking import Echo, post, served


async def poured(writer: asyncio.StreamWriter) -> None:
    """Send 64 MB: what the system itself holds between the two is some megabytes."""
    for _ in range(1_000):
        writer.write(b"v" * 65_536)
        await writer.drain()


@pytest.mark.parametrize("more", [b"GET / HTTP/1.1\r\nx: ", b"no HTTP at all "])
def test_what_is_said_while_the_first_is_answered_stays_with_the_client(more: bytes):
    async def work(echo: Echo, doorway: Doorway, connect: Any) -> None:
        reader, writer = await connect()
        writer.write(post(b"one", path="/held") + more)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(poured(writer), 2)
        (line,) = doorway.lines
        assert line._heard_bytes < 2 << 20
        # What waited is not read afterwards either.
        echo.release.set()
        with contextlib.suppress(ConnectionResetError):
            await reader.read()
        assert len(echo.scopes) == 1
        assert doorway.count == 0

    served(work)


def test_client_is_not_kept_for_an_answer_that_does_not_come():
    limits = Limits(answer_s=0.1, tick_s=0.05)

    async def work(echo: Echo, doorway: Doorway, connect: Any) -> None:
        for more in (b"", b"GET / HTTP/1.1\r\nx: "):
            reader, writer = await connect()
            writer.write(post(b"one", path="/held") + more)
            with contextlib.suppress(ConnectionResetError):
                assert await asyncio.wait_for(reader.read(), 3) == b""
        assert doorway.count == 0
        # What it said whole is kept all the same.
        echo.release.set()
        await asyncio.sleep(0.05)
        assert echo.ended == ["/held", "/held"]
        assert doorway.held == 0

    served(work, limits)
