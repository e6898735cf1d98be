"""The door of the agents, asked as granian would ask it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from quenotte.config.agents.door import Door
from quenotte.config.agents.taking import ProviderBooks


class Answered(NamedTuple):
    """What the door answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]


Ask = Callable[..., Answered]


async def exchange(
    door: Door, path: str, body: bytes, method: str, headers: Mapping[str, str], query: str
) -> Answered:
    """Send one request, in two parts, and gather the answer."""
    half = len(body) // 2
    parts = [
        {"type": "http.request", "body": body[:half], "more_body": True},
        {"type": "http.request", "body": body[half:], "more_body": False},
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> Any:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(event: Any) -> None:
        sent.append(event)

    scope: Any = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await door(scope, receive, send)
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answered(sent[0]["status"], sent[1]["body"], told)


@pytest.fixture
def door(transactional_db: None) -> Iterator[Door]:
    """A door; its thread has a connection of its own."""
    made = Door(ProviderBooks())
    yield made
    made.close()


@pytest.fixture
def ask(door: Door) -> Ask:
    """Ask the door once."""

    def one(
        path: str,
        body: bytes = b"",
        *,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        query: str = "",
    ) -> Answered:
        return asyncio.run(exchange(door, path, body, method, headers or {}, query))

    return one
