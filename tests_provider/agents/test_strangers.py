"""Who holds no key of ours: turned away before it is read, behind those who do, few at a time."""

import asyncio
import gzip
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.config.agents import station
from quenotte.config.agents.batching import Busy
from quenotte.config.agents.door import Door
from quenotte.config.agents.parsing import SMALL_BYTES, Reader
from quenotte.config.agents.taking import ProviderBooks
from quenotte.devices.agents.osquery import reading
from quenotte.kernel.enrolment import Hardware, digest, new_key
from quenotte.kernel.enrolment import Told as Introduced
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment import queries
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet.models import Inventory, State
from quenotte.wire.answers import Answer, Code
from quenotte.wire.messages import read, write
from quenotte.wire.pulses import Pulse
from quenotte.wire.reports import Report, Told
from tests_provider.agents.conftest import Ask, exchange
from tests_provider.factories import CustomerFactory

FACTS = (Told("machine.name", "ACCUEIL"), Told("os.family", "windows"))


@pytest.fixture
def key_of(transactional_db: None, actor: Actor) -> Callable[[str], str]:
    """Return the key of a machine that is believed, by the name of its agent."""

    def make(agent: str) -> str:
        customer = CustomerFactory.create()
        token = enrolment.make_token(customer_id=customer.id, machines=1, actor=actor)[1]
        key = f"windows-{new_key()}" if agent == "osquery" else ""
        told = Introduced(agent, "ACCUEIL", "ACCUEIL", Hardware("", "ABC123"))
        let_in = enrolment.enrol(token=token, told=told, key=key)
        enrolment.accept(machine_id=let_in.machine_id, actor=actor)
        return let_in.key

    return make


def heavy() -> bytes:
    programs = [
        {"name": f"p{number}", "version": "1", "publisher": None} for number in range(1_500)
    ]
    return write(Report(timezone.now(), (*FACTS, Told("software", programs))))


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail when a body is unpacked."""

    def opened(*_told: object, **_named: object) -> None:
        raise AssertionError("a stranger was read")

    monkeypatch.setattr(station, "unpack", opened)
    monkeypatch.setattr(reading, "unpack", opened)


@pytest.mark.parametrize("what", ["report", "pulse", "openings"])
def test_report_of_a_stranger_is_not_unpacked(
    ask: Ask, transactional_db: None, unread: None, what: str
):
    body = gzip.compress(heavy())
    told = ask(f"/agents/station/{what}", body, headers=bearer("0" * 64))
    assert (told.status, read(told.body, Answer).code) == (200, Code.UNKNOWN_NODE)
    assert not State.objects.exists()


def test_enrolment_with_a_token_that_nobody_made_is_not_unpacked(
    ask: Ask, transactional_db: None, unread: None
):
    told = ask("/agents/station/enrol", heavy(), headers={"x-quenotte-token": "AAAAA"})
    assert told.status == 403


def test_key_that_was_revoked_since_the_door_opened_is_a_strangers(
    ask: Ask, key_of: Callable[[str], str], actor: Actor
):
    key = key_of("station")
    told = ask("/agents/station/report", heavy(), headers=bearer(key))
    assert read(told.body, Answer).code is Code.ACCEPTED
    enrolment.revoke(machine_id=Machine.objects.get().id, actor=actor)
    assert not queries.held([digest(key)])
    told = ask("/agents/station/report", heavy(), headers=bearer(key))
    assert read(told.body, Answer).code is Code.UNKNOWN_NODE


def test_heavy_report_is_read_apart(
    door: Door, key_of: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
):
    where: list[threading.Thread] = []

    def reading_of(raw: bytes, *kinds: Any) -> Any:
        where.append(threading.current_thread())
        return read(raw, *kinds)

    monkeypatch.setattr(station, "read", reading_of)
    body, key = heavy(), bearer(key_of("station"))
    assert len(body) > SMALL_BYTES
    for one in (body, write(Report(timezone.now(), FACTS))):
        asyncio.run(exchange(door, "/agents/station/report", one, "POST", key, ""))
    assert [one is threading.current_thread() for one in where] == [False, True]


def test_server_of_a_practice_is_known_by_its_key(
    ask: Ask, key_of: Callable[[str], str], actor: Actor
):
    key = key_of("station")
    Machine.objects.update(speaks_for_practice=True)
    told = ask("/agents/station/pulse", write(Pulse(timezone.now(), "green")), headers=bearer(key))
    assert read(told.body, Answer).code is Code.ACCEPTED


# -- osquery


def log(key: str | None, *, rows: int = 1, **more: Any) -> bytes:
    line = {"name": "quenotte_x", "action": "snapshot", "unixTime": 1, "snapshot": [{"a": "b"}]}
    own = {} if key is None else {"node_key": key}
    return json.dumps({**own, "log_type": "result", "data": [line] * rows, **more}).encode()


@pytest.mark.parametrize("question", ["log", "distributed/write"])
@pytest.mark.parametrize("where", ["body", "packed", "header", "end"])
def test_log_of_a_stranger_is_not_unpacked(
    ask: Ask, transactional_db: None, unread: None, question: str, where: str
):
    key = "windows-" + "0" * 64
    body, headers = log(key, rows=500), {}
    if where == "packed":
        body = gzip.compress(body)
    elif where == "header":
        body, headers = log(None, rows=500), {"authorization": f"NodeKey {key}"}
    elif where == "end":
        body = log(None, rows=500, node_key=key)
    told = ask(f"/agents/osquery/{question}", body, headers=headers)
    assert (told.status, json.loads(told.body)["node_invalid"]) == (200, True)


@pytest.mark.parametrize("where", ["body", "packed", "header", "end"])
def test_log_of_a_machine_is_read_wherever_its_key_stands(
    ask: Ask, key_of: Callable[[str], str], where: str
):
    key = key_of("osquery")
    body, headers = log(key, rows=500), {}
    if where == "packed":
        body = gzip.compress(body)
    elif where == "header":
        body, headers = log(None, rows=500), {"authorization": f"NodeKey {key}"}
    elif where == "end":
        body = log(None, rows=500, node_key=key)
    told = ask("/agents/osquery/log", body, headers=headers)
    assert (told.status, json.loads(told.body)["node_invalid"]) == (200, False)
    assert State.objects.get().source == "osquery"
    assert not Inventory.objects.exists()


def test_log_that_does_not_say_whose_it_is_may_not_be_long(ask: Ask, transactional_db: None):
    hidden = {"log_type": "result", "status": "x" * 5_000}
    short = json.dumps({**hidden, "node_key": "windows-0", "data": ["y" * 5_000]}).encode()
    assert json.loads(ask("/agents/osquery/log", short).body)["node_invalid"] is True
    long = json.dumps({**hidden, "node_key": "windows-0", "data": ["y" * 70_000]}).encode()
    for body in (long, gzip.compress(long)):
        assert ask("/agents/osquery/log", body).status == 413


# -- places


def test_those_who_are_known_are_read_before_strangers():
    order: list[str] = []
    begun = threading.Event()

    def first() -> None:
        begun.wait(5)

    async def crowd() -> None:
        reader = Reader()
        reads = [asyncio.create_task(reader.read(first, is_known=True))]
        await asyncio.sleep(0.05)
        for name, is_known in (("stranger", False), ("known", True), ("also known", True)):
            work = lambda name=name: order.append(name)  # noqa: E731 - one line each
            reads.append(asyncio.create_task(reader.read(work, is_known=is_known)))
        await asyncio.sleep(0.05)
        begun.set()
        await asyncio.gather(*reads)

    asyncio.run(crowd())
    assert order == ["known", "also known", "stranger"]


def test_strangers_wait_in_few_places_and_leave_the_others():
    begun = threading.Event()

    async def crowd() -> list[Any]:
        reader = Reader(most=5, most_strange=2)

        def work() -> str:
            begun.wait(5)
            return "read"

        strange = [asyncio.create_task(reader.read(work, is_known=False)) for _ in range(6)]
        await asyncio.sleep(0.05)
        known = [asyncio.create_task(reader.read(work, is_known=True)) for _ in range(5)]
        await asyncio.sleep(0.05)
        begun.set()
        told = await asyncio.gather(*strange, *known, return_exceptions=True)
        # Whoever comes after them finds the places free.
        assert await reader.read(lambda: "again", is_known=False) == "again"
        return told

    told = asyncio.run(crowd())
    assert [one == "read" for one in told] == [True] * 2 + [False] * 4 + [True] * 3 + [False] * 2
    assert all(isinstance(one, Busy) for one in told if one != "read")


def test_keys_of_a_crowd_are_looked_up_together(
    key_of: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
):
    key, asked = digest(key_of("station")), []
    held = queries.held

    def counted(digests: Any) -> Any:
        asked.append(len(digests))
        return held(digests)

    monkeypatch.setattr(queries, "held", counted)
    books = ProviderBooks()

    async def crowd() -> list[bool]:
        strange = [books.is_ours(bytes([number]) * 32) for number in range(100)]
        return await asyncio.gather(*strange, books.is_ours(key))

    try:
        assert asyncio.run(crowd()) == [False] * 100 + [True]
        assert asyncio.run(books.is_ours(key))
        assert asked == [101]
    finally:
        books.close()
