import asyncio
import time
import uuid
from typing import Any

import pytest
from django.db import OperationalError, connection

from quenotte.base.live import hub as hubs
from quenotte.base.live.access import Listener
from quenotte.base.live.hub import QUEUE_LENGTH, Hub, Stream, Tail
from quenotte.base.live.models import Event
from quenotte.base.live.operations import publish

PRACTICE, PERSON = uuid.uuid4(), uuid.uuid4()
LISTENER = Listener(PRACTICE, PERSON, lambda _action: True)


def waiting(stream: Stream) -> list[str | None]:
    names: list[str | None] = []
    while not stream.queue.empty():
        event = stream.queue.get_nowait()
        names.append(event.name if event else None)
    return names


def event(name: str = "x", **fields: Any) -> Event:
    return Event(**{"practice_id": PRACTICE, "name": name, **fields})


def test_stream_queues_what_concerns_it():
    stream = Stream(LISTENER)
    stream.offer(event("mine"))
    stream.offer(event("other", practice_id=uuid.uuid4()))
    assert waiting(stream) == ["mine"]


def test_slow_stream_is_closed_with_what_it_has():
    stream = Stream(LISTENER)
    for _ in range(QUEUE_LENGTH + 5):
        stream.offer(event())
    assert waiting(stream) == ["x"] * QUEUE_LENGTH + [None]


def test_cut_closes_the_streams_of_that_person_alone():
    mine, other = Stream(LISTENER), Stream(Listener(PRACTICE, uuid.uuid4(), lambda _action: True))
    for stream in (mine, other):
        stream.offer(event("session.cut", person_id=PERSON))
        stream.offer(event("later"))
    assert waiting(mine) == ["session.cut", None]
    assert waiting(other) == ["later"]


@pytest.mark.django_db
def test_tail_reads_each_event_once():
    publish(practice_id=PRACTICE, name="before", data={})
    tail = Tail()
    publish(practice_id=PRACTICE, name="after", data={})
    assert [one.name for one in tail.read()] == ["after"]
    assert tail.read() == []


@pytest.mark.django_db
def test_tail_waits_for_numbers_committed_late(monkeypatch: pytest.MonkeyPatch):
    seconds = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: seconds[0])
    monkeypatch.setattr(connection, "vendor", "postgresql")
    known = Event.objects.create(id=100, practice_id=PRACTICE, name="known")
    tail = Tail()
    assert tail.read() == []
    Event.objects.create(id=103, practice_id=PRACTICE, name="early")
    assert [one.name for one in tail.read()] == ["early"]
    Event.objects.create(id=102, practice_id=PRACTICE, name="late")
    assert [one.name for one in tail.read()] == ["late"]
    seconds[0] += 31
    assert tail.read() == []
    Event.objects.create(id=101, practice_id=PRACTICE, name="far too late")
    assert tail.read() == []
    assert known.pk == 100


@pytest.mark.django_db(transaction=True)
@pytest.mark.real_clock
def test_hub_lets_its_streams_go_and_lives_on(shared_memory: None):
    async def follow() -> None:
        hub, stream, next_one = Hub(asyncio.get_running_loop()), Stream(LISTENER), Stream(LISTENER)
        await hub.join(stream)
        hub.let_go()
        assert waiting(stream) == [None]
        hub.leave(stream)
        await hub.join(next_one)
        assert not next_one.is_closed
        hub.stop()
        assert waiting(next_one) == [None]
        assert hub._thread is not None
        await asyncio.to_thread(hub._thread.join)

    asyncio.run(follow())


@pytest.mark.django_db(transaction=True)
@pytest.mark.real_clock
def test_hub_delivers_and_stops(shared_memory: None):
    def tell() -> None:
        publish(practice_id=PRACTICE, name="picture", data={})
        connection.close()

    async def listen() -> list[str]:
        hub = Hub(asyncio.get_running_loop())
        stream, gone = Stream(LISTENER), Stream(LISTENER)
        await hub.join(stream)
        await hub.join(gone)
        hub.leave(gone)
        assert hub.count == 1
        await asyncio.to_thread(tell)
        first = await asyncio.wait_for(stream.queue.get(), 5)
        hub.stop()
        last = await asyncio.wait_for(stream.queue.get(), 5)
        assert hub._thread is not None
        await asyncio.to_thread(hub._thread.join, 5)
        assert not hub._thread.is_alive()
        return [first.name if first else "", str(last)]

    assert asyncio.run(listen()) == ["picture", "None"]


@pytest.mark.django_db(transaction=True)
def test_hub_survives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def away() -> None:
        raise OperationalError("gone")

    loop = asyncio.new_event_loop()
    hub = Hub(loop)
    hub._stopped.set()
    monkeypatch.setattr(hubs, "newest_id", away)
    assert hub._turn(None) is None
    assert "cannot be read" in caplog.text
    loop.close()
