import asyncio
from typing import Any

import pytest

from quenotte.config import asgi, neighbours


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True), ("192.168.1.20", True), ("10.0.0.1", True), ("169.254.1.1", True),
        ("fd00::2", True), ("fe80::1%eth0", True), ("::ffff:192.168.1.2", True), ("::1", True),
        ("8.8.8.8", False), ("2001:4860::8888", False), ("::ffff:8.8.8.8", False),
        ("", False), ("unix", False),
    ],
)  # fmt: skip
def test_neighbours_are_told_from_the_internet(address: str, near: bool):
    assert neighbours.is_near(address) is near


def ask(client: Any) -> list[dict[str, Any]]:
    """Ask the whole site for a page that does not exist, from an address."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: Any = {
        "type": "http", "method": "GET", "path": "/static/no.css", "query_string": b"",
        "http_version": "1.1", "scheme": "https", "client": client, "server": ("127.0.0.1", 8),
        "headers": [(b"host", b"localhost")],
    }  # fmt: skip
    asyncio.run(asgi.application(scope, receive, send))
    return sent


@pytest.mark.parametrize("client", [("8.8.8.8", 5), None])
def test_internet_let_in_by_a_box_is_turned_away(settings: Any, client: Any):
    settings.LAN_NAME = "cabinet.local"
    start, end = ask(client)
    assert start["status"] == 403
    assert "retirez la redirection" in end["body"].decode()


@pytest.mark.parametrize(("name", "client"), [("a.local", "192.168.1.2"), ("", "8.8.8.8")])
def test_neighbours_and_servers_in_front_are_not(settings: Any, name: str, client: str):
    settings.LAN_NAME = name
    assert ask((client, 5))[0]["status"] == 404
