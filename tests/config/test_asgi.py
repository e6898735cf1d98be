import asyncio
from typing import Any

from quenotte.config import asgi


def talk(scope: dict[str, Any], *messages: dict[str, Any]) -> list[dict[str, Any]]:
    waiting, sent = list(messages), []

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asgi.application(scope, receive, send))  # type: ignore[arg-type]
    return sent


def test_lifespan_is_followed():
    sent = talk({"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


def test_websocket_is_closed():
    assert talk({"type": "websocket"})[0]["type"] == "websocket.close"


def test_live_and_pages_have_their_doors(monkeypatch: Any):
    asked: list[str] = []

    def door(name: str) -> Any:
        async def answer(_scope: Any, _receive: Any, _send: Any) -> None:
            asked.append(name)

        return answer

    monkeypatch.setattr(asgi, "live", door("live"))
    monkeypatch.setattr(asgi, "bridge", door("pages"))
    for path in ("/live/", "/live", "/patients/"):
        talk({"type": "http", "path": path})
    assert asked == ["live", "pages", "pages"]
