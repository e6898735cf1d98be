"""The agents' door on a real socket: what clients of every kind say, and what they hear."""

import asyncio
import contextlib
import gc
import gzip
import weakref
from typing import Any

import pytest

from quenotte.config.agents.serving.doorways import Doorway
from quenotte.config.agents.serving.limits import Limits
from quenotte.config.agents.serving.lines import Line
from tests.config.agents.talking import BODY_MAX, Echo, one_answer, post, said, served


def test_connection_is_kept_for_the_next_request():
    async def work(echo: Echo, _doorway: Doorway, connect: Any) -> None:
        reader, writer = await connect()
        for word in (b"first", b"second"):
            writer.write(post(word, path="/a%20b?c=d"))
            head, body = await one_answer(reader)
            assert (head.split(b"\r\n")[0], body) == (b"HTTP/1.1 200 OK", word)
            assert b"connection: close" not in head
        scope = echo.scopes[0]
        assert (scope["path"], scope["query_string"]) == ("/a b", b"c=d")
        assert (scope["method"], scope["http_version"]) == ("POST", "1.1")
        assert (b"host", b"door") in scope["headers"]
        assert scope["client"][0] == "127.0.0.1"

    served(work)


def test_request_in_small_parts_is_put_together():
    async def work(_echo: Echo, _doorway: Doorway, connect: Any) -> None:
        raw = post(b"x" * 300, "Connection: close")
        parts = [raw[at : at + 40] for at in range(0, len(raw), 40)]
        assert (await said(await connect(), *parts)).endswith(b"x" * 300)

    served(work)


def test_chunks_are_put_together_and_packed_bodies_left_as_they_are():
    async def work(_echo: Echo, _doorway: Doorway, connect: Any) -> None:
        packed = gzip.compress(b"y" * 50)
        head = (
            b"POST / HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        chunk = b"%x\r\n" % len(packed) + packed + b"\r\n"
        heard = await said(await connect(), head, chunk, b"0\r\n\r\n")
        assert gzip.decompress(heard.split(b"\r\n\r\n", 1)[1]) == b"y" * 50

    served(work)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        pytest.param([b"BLAH\r\n\r\n"], 400, id="no HTTP"),
        pytest.param([b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"], 400, id="TLS in clear"),
        pytest.param([b"GET / HTTP/1.1\r\nHost d\r\n\r\n"], 400, id="a header without a colon"),
        pytest.param(
            [b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"], 400,
            id="two lengths",
        ),
        pytest.param(
            [post(b"hello", "Transfer-Encoding: chunked")],
            400,
            id="a length and chunks",
        ),
        pytest.param([post(b"")[:-2], b"a: " + b"b" * 3_000], 431, id="a head without an end"),
        pytest.param([post(b"", *["a: b"] * 30)], 431, id="too many headers"),
        pytest.param(
            [f"POST / HTTP/1.1\r\nContent-Length: {BODY_MAX + 1}\r\n\r\n".encode()], 413,
            id="too long by its own word",
        ),
        pytest.param(
            [b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"fff\r\n" + b"z" * 4095],
            413,
            id="too long in chunks",
        ),
    ],
)  # fmt: skip
def test_bad_request_is_refused_and_the_connection_closed(parts: list[bytes], status: int):
    async def work(echo: Echo, _doorway: Doorway, connect: Any) -> None:
        heard = await said(await connect(), *parts)
        assert heard.startswith(b"HTTP/1.1 %d " % status)
        assert b"connection: close" in heard
        assert heard.count(b"HTTP/1.1") == 1
        assert echo.scopes == []

    served(work)


@pytest.mark.parametrize("trailer", [b"X-A: " + b"a" * 200 + b"\r\n", b"a" * 200])
def test_trailers_without_an_end_are_refused_and_none_is_kept(trailer: bytes):
    async def work(echo: Echo, doorway: Doorway, connect: Any) -> None:
        chunked = b"POST /a HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n"
        heard = await said(await connect(), chunked + b"3\r\nabc\r\n0\r\n", *[trailer] * 11)
        assert heard.startswith(b"HTTP/1.1 431 ")
        heard = await said(
            await connect(),
            chunked.replace(b"Host", b"Connection: close\r\nHost"),
            b"3\r\nabc\r\n0\r\nX-Checked: yes\r\n\r\n",
        )
        assert heard.endswith(b"\r\n\r\nabc")
        (scope,) = echo.scopes
        assert b"x-checked" not in dict(scope["headers"])
        assert (doorway.count, doorway.held) == (0, 0)

    served(work)


def test_line_that_was_closed_is_free_at_once():
    lines: list[weakref.ref[Line]] = []

    async def work(_echo: Echo, doorway: Doorway, connect: Any) -> None:
        client = await connect()
        client[1].write(post(b"word"))
        await one_answer(client[0])
        lines.extend(weakref.ref(one) for one in doorway.lines)
        client[1].close()
        await asyncio.sleep(0.3)
        assert (doorway.count, [one() for one in lines]) == (0, [None])

    gc.collect()
    gc.disable()
    try:
        served(work)
    finally:
        gc.enable()


def test_second_request_before_the_answer_is_not_answered_and_may_be_sent_again():
    async def work(echo: Echo, _doorway: Doorway, connect: Any) -> None:
        client = await connect()
        client[1].write(post(b"one", path="/held") + post(b"two"))
        await asyncio.sleep(0.1)
        echo.release.set()
        heard = await said(client)
        assert heard.count(b"HTTP/1.1 200") == 1
        assert heard.endswith(b"one")
        assert b"connection: close" in heard
        assert len(echo.scopes) == 1

    served(work)


def test_request_behind_a_refused_one_is_not_read():
    async def work(echo: Echo, _doorway: Doorway, connect: Any) -> None:
        heard = await said(await connect(), post(b"", *["a: b"] * 30) + post(b"two"))
        assert heard.startswith(b"HTTP/1.1 431 ")
        assert heard.count(b"HTTP/1.1") == 1
        assert echo.scopes == []

    served(work)


def test_client_that_waits_for_a_word_is_told_to_go_on():
    async def work(_echo: Echo, _doorway: Doorway, connect: Any) -> None:
        reader, writer = await connect()
        head = "POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        writer.write(head.encode())
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"abc")
        assert (await one_answer(reader))[1] == b"abc"

    served(work)


def test_old_client_is_answered_and_hung_up():
    async def work(_echo: Echo, _doorway: Doorway, connect: Any) -> None:
        heard = await said(await connect(), b"GET / HTTP/1.0\r\n\r\n")
        assert heard.endswith(b"nothing")
        assert b"connection: close" in heard

    served(work)


def test_other_protocol_that_is_offered_is_not_taken():
    async def work(_echo: Echo, _doorway: Doorway, connect: Any) -> None:
        offered = b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
        heard = await said(await connect(), offered)
        assert heard.startswith(b"HTTP/1.1 200 ")
        assert b"connection: close" in heard

    served(work)


def test_client_that_closes_its_half_hears_its_answer():
    async def work(_echo: Echo, _doorway: Doorway, connect: Any) -> None:
        reader, writer = await connect()
        writer.write(post(b"abc"))
        writer.write_eof()
        assert (await reader.read()).endswith(b"abc")

    served(work)


def test_who_hangs_up_is_kept_all_the_same_and_its_bytes_forgotten():
    async def work(echo: Echo, doorway: Doorway, connect: Any) -> None:
        _reader, writer = await connect()
        writer.write(post(b"abc", path="/held"))
        _other, half = await connect()
        half.write(post(b"x" * 500)[:-100])
        await asyncio.sleep(0.1)
        writer.close()
        half.close()
        await asyncio.sleep(0.1)
        echo.release.set()
        await asyncio.sleep(0.1)
        assert echo.ended == ["/held"]
        assert doorway.hold(0)
        assert doorway.held == 0

    served(work)


def test_too_many_are_told_to_come_again_each_at_another_moment():
    async def work(echo: Echo, _doorway: Doorway, connect: Any) -> None:
        held = [await connect() for _ in range(3)]
        for _reader, writer in held:
            writer.write(post(b"x", path="/held"))
        await asyncio.sleep(0.05)
        heard = await said(await connect())
        assert heard.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: " in heard
        echo.release.set()
        await one_answer(held[0][0])
        held[0][1].close()
        await asyncio.sleep(0.05)
        assert (await said(await connect(), post(b"in", "Connection: close"))).endswith(b"in")

    served(work)


def test_bodies_of_all_together_are_bounded():
    limits = Limits(body_bytes=900, told_bytes=1_000)

    async def work(_echo: Echo, _doorway: Doorway, connect: Any) -> None:
        _reader, writer = await connect()
        writer.write(post(b"x" * 900)[:-1])
        await asyncio.sleep(0.05)
        heard = await said(await connect(), post(b"y" * 200))
        assert heard.startswith(b"HTTP/1.1 503 ")

    served(work, limits)


def test_body_that_waits_for_its_answer_is_counted_until_then():
    limits = Limits(body_bytes=900, told_bytes=1_000)

    async def work(echo: Echo, doorway: Doorway, connect: Any) -> None:
        reader, writer = await connect()
        writer.write(post(b"x" * 900, path="/held"))
        await asyncio.sleep(0.05)
        heard = await said(await connect(), post(b"y" * 200))
        assert heard.startswith(b"HTTP/1.1 503 ")
        echo.release.set()
        await one_answer(reader)
        assert doorway.held == 0

    served(work, limits)


@pytest.mark.parametrize(
    "first",
    [b"", b"POST / HTTP/1.1\r\nHos", post(b"abc")[:-1], post(b"abc")],
    ids=["says nothing", "slow head", "slow body", "no next request"],
)
def test_slow_client_is_cut(first: bytes):
    limits = Limits(head_s=0.1, body_s=0.1, idle_s=0.1, tick_s=0.05)

    async def work(_echo: Echo, doorway: Doorway, connect: Any) -> None:
        reader, writer = await connect()
        writer.write(first)
        with contextlib.suppress(ConnectionResetError):
            await asyncio.wait_for(reader.read(), 3)
        await asyncio.sleep(0.05)
        assert doorway.count == 0

    served(work, limits)


def test_request_that_breaks_is_cut_and_says_nothing_of_what_was_in_it(
    caplog: pytest.LogCaptureFixture,
):
    async def work(_echo: Echo, _doorway: Doorway, connect: Any) -> None:
        with contextlib.suppress(ConnectionResetError):
            assert await said(await connect(), post(b"abc", path="/broken")) == b""
        assert (await said(await connect(), post(b"in", "Connection: close"))).endswith(b"in")

    served(work)
    assert "ValueError" in caplog.text
    assert "patient" not in caplog.text


def test_closing_door_answers_who_waits_and_lets_nobody_in():
    async def work(echo: Echo, doorway: Doorway, connect: Any) -> None:
        reader, writer = await connect()
        idle, _writer = await connect()
        writer.write(post(b"abc", path="/held"))
        await asyncio.sleep(0.05)
        closing = asyncio.create_task(doorway.close())
        await asyncio.sleep(0.05)
        assert await idle.read() == b""
        with pytest.raises(ConnectionRefusedError):
            await connect()
        echo.release.set()
        heard = await reader.read()
        assert heard.endswith(b"abc")
        assert b"connection: close" in heard
        await closing

    served(work)
