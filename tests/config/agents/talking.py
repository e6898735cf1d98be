"""An agents' door on a real socket with an application that says what it heard, and its clients."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from quenotte.config.agents.exchange import Reply, answer, body_of
from quenotte.config.agents.serving.doorways import Doorway
from quenotte.config.agents.serving.limits import Limits
from quenotte.config.proxies import Network

BODY_MAX = 1_000
LIMITS = Limits(body_bytes=BODY_MAX, head_bytes=2_000, headers=20, connections=3)


class Echo:
    """An application that says what it heard; a path of its own for each misbehaviour."""

    def __init__(self) -> None:
        self.scopes: list[Any] = []
        self.ended: list[str] = []
        self.release = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        body = await body_of(scope, receive)
        if scope["path"] == "/held":
            await self.release.wait()
        if scope["path"] == "/broken":
            raise ValueError("a patient's name")
        await answer(send, Reply(200, body or b"nothing", "text/plain"))
        self.ended.append(scope["path"])


Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def served(
    work: Callable[[Echo, Doorway, Callable[..., Awaitable[Client]]], Awaitable[None]],
    limits: Limits = LIMITS,
    *,
    in_front: tuple[Network, ...] = (),
) -> None:
    """Run some work against an open door; clients come from any address that is this machine's."""

    async def run() -> None:
        echo = Echo()
        doorway = Doorway(echo, limits, in_front=in_front)
        port = await doorway.open("127.0.0.1", 0)
        clients: list[Client] = []

        async def connect(host: str = "127.0.0.1") -> Client:
            line = asyncio.open_connection("127.0.0.1", port, local_addr=(host, 0))
            clients.append(await line)
            return clients[-1]

        try:
            await asyncio.wait_for(work(echo, doorway, connect), 20)
        finally:
            echo.release.set()
            for _reader, writer in clients:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
            await doorway.close()

    asyncio.run(run())


async def said(client: Client, *parts: bytes) -> bytes:
    """Say something; return all that is heard until the door hangs up."""
    reader, writer = client
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0.01)
    return await reader.read()


async def one_answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Return the head and the body of the next answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return head, await reader.readexactly(length)


def post(body: bytes, *more: str, path: str = "/a") -> bytes:
    """Return a request."""
    lines = [f"POST {path} HTTP/1.1", "Host: door", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "", ""]).encode() + body
