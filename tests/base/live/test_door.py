import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from quenotte.base.live import door as doors
from quenotte.base.live.access import Listener, Shown
from quenotte.base.live.door import Door
from quenotte.base.live.models import Event
from quenotte.base.live.operations import publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_clock,
    pytest.mark.usefixtures("shared_memory"),
]

PRACTICE, PERSON = uuid.uuid4(), uuid.uuid4()
COOKIE = (b"cookie", b"theme=dark; quenotte_session=key-of-alice")


class Browser:
    """An EventSource of ours, straight on the ASGI application."""

    def __init__(self, *headers: tuple[bytes, bytes], query: bytes = b"", method: str = "GET"):
        self.scope = {
            "type": "http",
            "method": method,
            "path": "/live/",
            "query_string": query,
            "headers": list(headers),
        }
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.left = asyncio.Event()
        self.text = ""

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        await self.sent.put(message)

    async def start(self) -> tuple[int, dict[bytes, bytes]]:
        message = await asyncio.wait_for(self.sent.get(), 5)
        return message["status"], dict(message["headers"])

    async def hear(self) -> dict[str, Any] | None:
        """Return the next event; None at the end of the stream."""
        while "data: " not in self.text:
            message = await asyncio.wait_for(self.sent.get(), 5)
            self.text += message["body"].decode()
            if not message["more_body"]:
                return None
        frame, _blank, self.text = self.text.partition("\n\n")
        while not frame.startswith("id: "):
            frame, _blank, self.text = self.text.partition("\n\n")
        read: dict[str, Any] = json.loads(frame.partition("data: ")[2])
        return read


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> dict[str, Listener | None]:
    """Who is logged in with which session."""
    known: dict[str, Listener | None] = {
        "key-of-alice": Listener(PRACTICE, PERSON, lambda _action: True)
    }
    monkeypatch.setattr(doors, "listener_of", lambda shown: known.get(shown.session_key))
    return known


def visit(browser: Callable[[], Browser], story: Callable[[Browser], Awaitable[Any]]) -> Any:
    """Open a stream, live the story, leave; return what the story returned."""

    async def live() -> Any:
        door, visitor = Door(), browser()
        running = asyncio.create_task(door(visitor.scope, visitor.receive, visitor.send))
        try:
            return await story(visitor)
        finally:
            visitor.left.set()
            await asyncio.wait_for(running, 5)
            door.stop()
            if door._hub is not None and door._hub._thread is not None:
                await asyncio.to_thread(door._hub._thread.join, 5)

    return asyncio.run(live())


def happen(name: str = "pictures", **fields: Any) -> Any:
    def tell() -> None:
        publish(**{"practice_id": PRACTICE, "name": name, "data": {"n": 1}, **fields})
        connection.close()

    return asyncio.to_thread(tell)


def test_stream_tells_what_happens(person: Any):
    async def story(browser: Browser) -> list[Any]:
        status, headers = await browser.start()
        assert (status, headers[b"content-type"]) == (200, b"text/event-stream; charset=utf-8")
        assert headers[b"cache-control"] == b"no-store"
        await happen("other", practice_id=uuid.uuid4())
        await happen("pictures")
        return [await browser.hear()]

    told = visit(lambda: Browser(COOKIE), story)
    event = Event.objects.get(name="pictures")
    assert told == [{"id": event.pk, "name": "pictures", "data": {"n": 1}}]


@pytest.mark.parametrize("way", ["header", "query"])
def test_stream_replays_what_was_missed(person: Any, way: str):
    publish(practice_id=PRACTICE, name="heard", data={})
    heard = Event.objects.get()
    publish(practice_id=PRACTICE, name="missed", data={})
    publish(practice_id=PRACTICE, name="session.cut", data={}, person_id=PERSON)
    number = str(heard.pk).encode()
    headers = [COOKIE, (b"last-event-id", number)] if way == "header" else [COOKIE]
    query = b"last_event_id=" + number if way == "query" else b""

    async def story(browser: Browser) -> list[str]:
        await browser.start()
        await happen("now")
        return [(await browser.hear() or {})["name"] for _ in range(2)]

    assert visit(lambda: Browser(*headers, query=query), story) == ["missed", "now"]


def test_stream_says_resync_when_it_cannot_replay(person: Any):
    async def story(browser: Browser) -> Any:
        await browser.start()
        return await browser.hear()

    told = visit(lambda: Browser(COOKIE, (b"last-event-id", b"999")), story)
    assert told == {"id": 0, "name": "resync", "data": {}}


def test_stream_ends_when_the_login_is_cut(person: Any):
    async def story(browser: Browser) -> list[Any]:
        await browser.start()
        await happen("session.cut", person_id=PERSON)
        return [await browser.hear(), await browser.hear()]

    first, end = visit(lambda: Browser(COOKIE), story)
    assert first["name"] == "session.cut"
    assert end is None


def test_cut_given_while_the_stream_opens_is_not_lost(person: Any, monkeypatch: pytest.MonkeyPatch):
    catch_up = doors._catch_up

    async def cut_first(*arguments: Any) -> set[int]:
        await happen("session.cut", person_id=PERSON)
        return await catch_up(*arguments)

    monkeypatch.setattr(doors, "_catch_up", cut_first)

    async def story(browser: Browser) -> list[Any]:
        await browser.start()
        return [await browser.hear(), await browser.hear()]

    first, end = visit(lambda: Browser(COOKIE), story)
    assert first["name"] == "session.cut"
    assert end is None


def test_stream_looks_at_the_login_again(person: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doors, "HEARTBEAT_S", 0.05)
    monkeypatch.setattr(doors, "RECHECK_S", 0.1)

    async def story(browser: Browser) -> Any:
        await browser.start()
        beat = ""
        while ": \n\n" not in beat:
            beat += (await asyncio.wait_for(browser.sent.get(), 5))["body"].decode()
        # Other rights, then no login any more.
        person["key-of-alice"] = Listener(uuid.uuid4(), PERSON, lambda _action: True)
        await asyncio.sleep(0.3)
        await happen("not for this practice any more")
        person["key-of-alice"] = None
        return await browser.hear()

    assert visit(lambda: Browser(COOKIE), story) is None


def test_stream_keeps_a_login_that_cannot_be_looked_at(
    person: Any, monkeypatch: pytest.MonkeyPatch
):
    async def story(browser: Browser) -> Any:
        await browser.start()

        def away(_shown: Shown) -> None:
            raise OperationalError("gone")

        monkeypatch.setattr(doors, "listener_of", away)
        await happen()
        return await browser.hear()

    monkeypatch.setattr(doors, "RECHECK_S", 0.0)
    assert visit(lambda: Browser(COOKIE), story)["name"] == "pictures"


def test_stream_survives_a_database_away_at_its_start(person: Any, monkeypatch: pytest.MonkeyPatch):
    def away(*_arguments: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(doors, "missed", away)

    async def story(browser: Browser) -> Any:
        await browser.start()
        return await browser.hear()

    told = visit(lambda: Browser(COOKIE, (b"last-event-id", b"7")), story)
    assert told == {"id": 7, "name": "resync", "data": {}}


def test_browser_that_breaks_off_is_forgotten(person: Any):
    class Broken(Browser):
        async def send(self, message: dict[str, Any]) -> None:
            if message["type"] == "http.response.body":
                raise OSError("gone")
            await super().send(message)

    async def story(browser: Browser) -> Any:
        return await browser.start()

    assert visit(lambda: Broken(COOKIE), story)[0] == 200


@pytest.mark.parametrize(
    ("headers", "method", "status"),
    [
        ([], "GET", 401),
        ([(b"cookie", b"quenotte_session=unknown")], "GET", 401),
        ([(b"cookie", b"quenotte_session")], "GET", 401),
        ([(b"cookie", b"bad\x00name=\xff;;")], "GET", 401),
        ([COOKIE], "POST", 405),
        ([COOKIE, (b"sec-fetch-site", b"cross-site")], "GET", 403),
    ],
)
def test_door_refuses(person: Any, headers: list[tuple[bytes, bytes]], method: str, status: int):
    async def story(browser: Browser) -> Any:
        return await browser.start()

    assert visit(lambda: Browser(*headers, method=method), story)[0] == status


def test_door_says_when_the_database_is_away(person: Any, monkeypatch: pytest.MonkeyPatch):
    def away(_shown: Shown) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(doors, "listener_of", away)

    async def story(browser: Browser) -> Any:
        return await browser.start()

    status, headers = visit(lambda: Browser(COOKIE), story)
    assert (status, headers[b"retry-after"]) == (503, b"5")
