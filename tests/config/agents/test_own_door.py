"""The practice's own door: what agents say there, and what anybody may send."""

import asyncio
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.config import asgi, proxies
from quenotte.config.agents import station
from quenotte.config.agents.door import Door
from quenotte.config.agents.own import OwnBooks
from quenotte.config.agents.way_in import is_for_agents
from quenotte.upkeep.workstations import operations, queries
from quenotte.upkeep.workstations.models import Machine, MachineState
from quenotte.wire.answers import Answer, Code
from quenotte.wire.enrolments import Enrolled
from quenotte.wire.fingerprints import fingerprint_of
from quenotte.wire.messages import read, write
from quenotte.wire.pulses import Pulse
from quenotte.wire.reports import Report, Told

FACTS = (
    Told("machine.name", "ACCUEIL"),
    Told("machine.uuid", "4c4c4544-1"),
    Told("os.family", "windows"),
    Told("lock.after_s", 0),
)
INVENTORY = b"""<?xml version="1.0" encoding="UTF-8"?>
<REQUEST><CONTENT>
<HARDWARE><NAME>RADIO</NAME><UUID>4C4C4544-0042-3510-8051-B7C04F4D3332</UUID></HARDWARE>
<OPERATINGSYSTEM><KERNEL_NAME>MSWin32</KERNEL_NAME><NAME>Windows</NAME>
<FULL_NAME>Microsoft Windows 11 Professionnel</FULL_NAME></OPERATINGSYSTEM>
<PROCESSES><CMD>notepad C:/Patients/DURAND Odile.docx</CMD><USER>o.durand</USER></PROCESSES>
<ENVS><KEY>PATIENT</KEY><VAL>DURAND Odile</VAL></ENVS>
</CONTENT><DEVICEID>RADIO-2026</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>"""


class Answered(NamedTuple):
    """What the door answered."""

    status: int
    body: bytes


Ask = Callable[..., Answered]


async def exchange(door: Any, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
    parts = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> Any:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(event: Any) -> None:
        sent.append(event)

    await door(scope_of(path, headers), receive, send)
    return Answered(sent[0]["status"], sent[1]["body"])


def scope_of(path: str, headers: Mapping[str, str], client: str = "192.168.1.20") -> Any:
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": (client, 50_000),
        "scheme": "https",
    }


@pytest.fixture
def ask(transactional_db: None) -> Iterator[Ask]:
    """Ask the practice's own door once; its thread has a connection of its own."""
    door = Door(OwnBooks())

    def one(path: str, body: bytes = b"", **headers: str) -> Answered:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(exchange(door, path, body, named))

    yield one
    door.close()


@pytest.fixture
def actor(alice: Person) -> Actor:
    return Actor(alice.id, alice.full_name, alice.practice_id, "", "web", alice.roles)


@pytest.fixture
def code(transactional_db: None, actor: Actor) -> str:
    practice_id = actor.own_practice_id
    return operations.make_token(practice_id=practice_id, machines=5, actor=actor)[1]


def report(*facts: Told) -> bytes:
    return write(Report(timezone.now(), facts or FACTS))


@pytest.fixture
def key(ask: Ask, code: str) -> str:
    told = ask("/agents/station/enrol", report(), x_quenotte_token=code)
    assert told.status == 200
    return read(told.body, Enrolled).key


def said(ask: Ask, key: str, body: bytes, what: str = "report") -> Code:
    told = ask(f"/agents/station/{what}", body, authorization=f"Bearer {key}")
    assert told.status == 200
    return read(told.body, Answer).code


def accept(actor: Actor) -> Machine:
    machine_id = Machine.objects.get().id
    return operations.accept(practice_id=actor.own_practice_id, machine_id=machine_id, actor=actor)


def test_companion_enrols_waits_reports_and_beats(ask: Ask, key: str, actor: Actor):
    assert said(ask, key, report()) is Code.QUARANTINED
    accept(actor)
    beat = write(fingerprint_of(FACTS))
    assert said(ask, key, beat) is Code.SEND_REPORT
    assert said(ask, key, gzip.compress(report())) is Code.ACCEPTED
    assert said(ask, key, beat) is Code.ACCEPTED
    assert MachineState.objects.get().facts["lock.after_s"] == {"value": 0}


def test_revoked_key_opens_nothing(ask: Ask, key: str, actor: Actor):
    machine = accept(actor)
    operations.revoke(practice_id=actor.own_practice_id, machine_id=machine.id, actor=actor)
    assert said(ask, key, report()) is Code.UNKNOWN_NODE
    assert not MachineState.objects.exists()


def test_osquery_of_a_machine_that_is_not_followed_keeps_its_key(ask: Ask, code: str, actor: Actor):
    def post(question: str, **named: Any) -> dict[str, Any]:
        told = ask(f"/agents/osquery/{question}", json.dumps(named).encode())
        found: dict[str, Any] = json.loads(told.body)
        return found

    key = post("enroll", enroll_secret=code, host_identifier="RADIO", platform_type="2")["node_key"]
    machine = accept(actor)
    named: Any = {
        "practice_id": actor.own_practice_id, "machine_id": machine.id, "actor": actor,
    }  # fmt: skip
    operations.revoke(**named)
    assert post("config", node_key=key)["schedule"] == {}
    assert post("log", node_key=key, log_type="result", data=[]) == {"node_invalid": False}
    assert post("log", node_key=f"{key}0", log_type="result", data=[]) == {"node_invalid": True}
    assert not MachineState.objects.exists()
    operations.restore(**named)
    assert post("config", node_key=key)["schedule"]


def test_report_of_a_stranger_is_not_unpacked(
    ask: Ask, key: str, actor: Actor, monkeypatch: pytest.MonkeyPatch
):
    def unpack(*_told: object, **_named: object) -> None:
        raise AssertionError("a stranger was read")

    machine = accept(actor)
    operations.revoke(practice_id=actor.own_practice_id, machine_id=machine.id, actor=actor)
    monkeypatch.setattr(station, "unpack", unpack)
    for stranger in (key, "0" * 64):
        assert said(ask, stranger, gzip.compress(report())) is Code.UNKNOWN_NODE


def test_wrong_code_gets_no_key(ask: Ask):
    told = ask("/agents/station/enrol", report(), x_quenotte_token="AAAAA")
    assert (told.status, read(told.body, Answer).code) == (403, Code.UNKNOWN_NODE)


def test_copies_are_told_by_this_server_alone(ask: Ask, key: str, actor: Actor):
    accept(actor)
    pulse = Pulse(timezone.now(), "green", restorable_until=timezone.now())
    assert said(ask, key, write(pulse), "pulse") is Code.UNKNOWN_NODE


def test_clock_ten_years_off_is_a_fact_and_moves_nothing(ask: Ask, key: str, actor: Actor):
    accept(actor)
    wrong = timezone.now() - timedelta(days=3653)
    assert said(ask, key, write(Report(wrong, FACTS))) is Code.ACCEPTED
    state = MachineState.objects.get()
    assert state.facts["clock.offset_s"]["value"] < -3600 * 24 * 3600
    assert state.seen_at == timezone.now()


def test_inventory_agent_waits_and_is_heard(ask: Ask, code: str, actor: Actor):
    told = ask(f"/agents/glpi/{code}", zlib.compress(INVENTORY))
    assert told.status == 200
    assert queries.waiting(actor.own_practice_id).get().agent == "glpi"
    accept(actor)
    ask(f"/agents/glpi/{code}", zlib.compress(INVENTORY))
    state = MachineState.objects.get()
    assert state.source == "glpi"
    assert "DURAND" not in str(state.facts)


def zipped(size: int) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inventory.xml", b"0" * size)
    return kept.getvalue()


_LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (name, name - 1, name - 1, name - 1, name - 1)
        for name in range(ord("b"), ord("k"))
    )
    + b"]><REQUEST><DEVICEID>a</DEVICEID><QUERY>INVENTORY</QUERY><CONTENT>&j;</CONTENT></REQUEST>"
)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (zlib.compress(b"0" * (300 << 20), 1), 413),
        (gzip.compress(b"0" * (40 << 20), 1), 413),
        (zipped(40 << 20), 400),
        (zlib.compress(_LAUGHS), 400),
        (b"<REQUEST>" * 20_000, 400),
        (b"\xff\xfe\xff", 400),
        (zlib.compress(b"<REQUEST><DEVICEID>\xff\xfe</DEVICEID></REQUEST>"), 400),
        (b"0" * (3 << 20), 413),
    ],
)
def test_bomb_is_refused_before_it_grows(ask: Ask, code: str, body: bytes, status: int):
    assert ask(f"/agents/glpi/{code}", body).status == status
    assert not Machine.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{}", 400),
        (b"\xff", 400),
        (b" " * (300 * 1024), 413),
        (gzip.compress(b"0" * (4 << 20)), 413),
    ],
)
def test_rubbish_gets_a_clear_answer(ask: Ask, key: str, body: bytes, status: int):
    told = ask("/agents/station/report", body, authorization=f"Bearer {key}")
    assert told.status == status


def test_agents_have_their_door_and_people_theirs(settings: Any):
    assert is_for_agents(scope_of("/agents/glpi/X", {}))
    assert not is_for_agents(scope_of("/protection/postes/", {}))
    assert asgi.agents is not None
    assert asgi._door_of(scope_of("/agents/station/report", {})) is asgi.agents
    assert asgi._door_of(scope_of("/", {})) is asgi.bridge


def test_door_does_not_exist_by_the_name_that_patients_know(settings: Any):
    settings.PUBLIC_HOST, settings.PUBLIC_HOST_IS_APART = "rdv.exemple.fr", True
    assert not is_for_agents(scope_of("/agents/glpi/X", {"host": "RDV.exemple.fr:443"}))
    assert is_for_agents(scope_of("/agents/glpi/X", {"host": "serveur.local"}))


def test_behind_a_server_in_front_only_what_came_encrypted_is_heard(settings: Any):
    settings.TRUSTED_PROXIES = proxies.networks("127.0.0.1")
    told = {"x-forwarded-proto": "https"}
    assert is_for_agents(scope_of("/agents/glpi/X", told, "127.0.0.1"))
    assert not is_for_agents(scope_of("/agents/glpi/X", {"x-forwarded-proto": "http"}, "127.0.0.1"))
    assert not is_for_agents(scope_of("/agents/glpi/X", told, "192.168.1.20"))


def test_clock_that_was_set_back_freezes_nothing(
    ask: Ask, key: str, actor: Actor, frozen_clock: Any
):
    accept(actor)
    said(ask, key, report())
    now = (*FACTS[:-1], Told("lock.after_s", 300))
    for _beat in range(2):
        frozen_clock.shift(300)
        said(ask, key, write(Report(timezone.now() - timedelta(days=30), now)))
    facts = MachineState.objects.get().facts
    assert (facts["lock.after_s"]["value"], facts["clock.offset_s"]["value"]) == (300, -2_592_000)
