"""What one client may take of the agents' door, and for how long."""

import asyncio
import contextlib
from typing import Any

import pytest

from quenotte.config.agents.serving.doorways import Doorway
from quenotte.config.agents.serving.guests import peer_of
from quenotte.config.agents.serving.limits import Limits
from quenotte.config.proxies import networks
from tests.config.agents.talking import Client, Echo, one_answer, post, said, served


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


async def is_open(client: Client) -> bool:
    """Tell whether the door still hears a client."""
    reader, writer = client
    try:
        writer.write(post(b"still"))
        return (await one_answer(reader))[1] == b"still"
    except (ConnectionError, asyncio.IncompleteReadError):
        return False


def test_full_door_closes_the_line_that_is_idle_longest():
    limits = Limits(connections=3, tick_s=0.02)

    async def work(_echo: Echo, doorway: Doorway, connect: Any) -> None:
        clients = []
        for number in range(3):
            clients.append(await connect(f"127.0.0.{number + 1}"))
            await asyncio.sleep(0.05)
        # The first spoke since: the second is idle longest.
        assert await is_open(clients[0])
        assert await is_open(await connect("127.0.0.9"))
        assert doorway.count == 3
        assert [await is_open(one) for one in clients] == [True, False, True]

    served(work, limits)


def test_who_waits_for_an_answer_or_says_a_request_does_not_give_way():
    limits = Limits(connections=2, tick_s=0.02)

    async def work(echo: Echo, doorway: Doorway, connect: Any) -> None:
        asked, telling = await connect(), await connect()
        asked[1].write(post(b"one", path="/held"))
        telling[1].write(post(b"x" * 500)[:-100])
        await asyncio.sleep(0.05)
        assert (await said(await connect())).startswith(b"HTTP/1.1 503 ")
        telling[1].write(b"x" * 100)
        assert (await one_answer(telling[0]))[1] == b"x" * 500
        echo.release.set()
        assert (await one_answer(asked[0]))[1] == b"one"

    served(work, limits)


def test_who_never_ends_its_request_gives_way():
    limits = Limits(connections=1, gives_way_s=0.1, tick_s=0.02)

    async def work(_echo: Echo, _doorway: Doorway, connect: Any) -> None:
        reader, writer = await connect()
        writer.write(b"POST / HTTP/1.1\r\nHos")
        await asyncio.sleep(0.2)
        assert await is_open(await connect())
        assert await reader.read() == b""

    served(work, limits)


def test_one_address_takes_its_own_places_alone():
    limits = Limits(connections=10, connections_each=2, tick_s=0.02)

    async def work(_echo: Echo, doorway: Doorway, connect: Any) -> None:
        quiet = await connect("127.0.0.2")
        await asyncio.sleep(0.05)
        crowd = []
        for _ in range(3):
            crowd.append(await connect("127.0.0.3"))
            await asyncio.sleep(0.05)
        assert doorway.count == 3
        assert [await is_open(one) for one in crowd] == [False, True, True]
        for _reader, writer in crowd[1:]:
            writer.write(post(b"x", path="/held"))
        await asyncio.sleep(0.05)
        assert (await said(await connect("127.0.0.3"))).startswith(b"HTTP/1.1 503 ")
        assert await is_open(quiet)
        assert await is_open(await connect("127.0.0.4"))

    served(work, limits)


def test_server_in_front_is_no_single_client():
    limits = Limits(connections=10, connections_each=2, tick_s=0.02)

    async def work(_echo: Echo, _doorway: Doorway, connect: Any) -> None:
        crowd = [await connect("127.0.0.3") for _ in range(8)]
        assert all([await is_open(one) for one in crowd])

    served(work, limits, in_front=networks("127.0.0.3"))


def test_crowd_that_comes_at_once_to_a_full_door_is_let_in_one_for_one():
    limits = Limits(connections=20, connections_each=100)

    async def work(_echo: Echo, doorway: Doorway, connect: Any) -> None:
        first = [await connect() for _ in range(20)]
        await asyncio.sleep(0.05)
        second = await asyncio.gather(*(connect() for _ in range(20)))
        await asyncio.sleep(0.05)
        assert doorway.count == 20
        assert all([await is_open(one) for one in second])
        assert not any([await is_open(one) for one in first])

    served(work, limits)


@pytest.mark.parametrize(
    ("host", "peer"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1::1", "20010db800000001"),
        ("2001:db8:0:1:ffff::2", "20010db800000001"),
        ("fe80::1%eth0", "fe80000000000000"),
        ("", ""),
    ],
)
def test_client_is_an_address_or_the_network_of_one(host: str, peer: str):
    assert peer_of(host) == peer
