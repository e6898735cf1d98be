"""A contract that ended by mistake and is resumed: the agents of its machines are heard again."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.devices.agents.osquery.catalogue import scheduled
from quenotte.devices.agents.osquery.fake import FakeOsqueryd, Reply
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.kernel.posture.terms import Platform
from quenotte.provider.customers import operations as customers
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet.models import Inventory, State
from quenotte.station.clocks import RealClock
from quenotte.station.knowing import Known
from quenotte.station.lines import Answered
from quenotte.station.running import Companion, End
from quenotte.station.state import Standing, StateFile
from quenotte.station.state import State as Kept
from quenotte.station.talking import tell
from quenotte.wire.enrolments import Enrolled
from quenotte.wire.messages import read, write
from quenotte.wire.reports import Report, Told
from tests_provider.agents.conftest import Ask
from tests_provider.factories import CustomerFactory

NAME = Told("machine.name", "ACCUEIL")


@pytest.fixture
def customer(transactional_db: None) -> Any:
    return CustomerFactory.create()


@pytest.fixture
def token(customer: Any, actor: Actor) -> str:
    return enrolment.make_token(customer_id=customer.id, machines=1, actor=actor)[1]


def accept(actor: Actor) -> None:
    enrolment.accept(machine_id=Machine.objects.get().id, actor=actor)


class Looks:
    """A machine of which its name alone is known."""

    kept = ()

    def __init__(self, known: Known) -> None:
        self._known = known

    def go(self, *, slow: bool = False) -> bool:
        fact = Fact("machine.name", "ACCUEIL", Source.STATION, timezone.now())
        self._known.note([fact], 0)
        return True

    def wake(self) -> None: ...

    def rest(self, ages_s: dict[str, float]) -> None: ...


class Clock(RealClock):
    """A clock that waits for nothing."""

    s = 0.0

    def since_boot_s(self) -> float:
        return self.s

    def wait(self, seconds: float) -> bool:
        self.s += seconds
        return False


def test_companion_is_heard_again(
    ask: Ask, token: str, customer: Any, actor: Actor, tmp_path: Path
):
    told = ask(
        "/agents/station/enrol",
        write(Report(timezone.now(), (NAME,))),
        headers={"x-quenotte-token": token},
    )
    key = read(told.body, Enrolled).key
    accept(actor)

    def post(path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        heard = ask(path, body, headers={name.lower(): one for name, one in headers.items()})
        return Answered(heard.status, heard.body, None)

    line: Any = SimpleNamespace(post=post)
    known = Known()
    companion = Companion(
        StateFile(tmp_path / "station.json"),
        Kept("https://x.org", key, standing=Standing.BELIEVED),
        lambda message: tell(line, key, message),
        Looks(known),
        known,
        Clock(),
    )
    customers.end_contract(customer_id=customer.id, actor=actor)
    assert companion.run() is End.REVOKED
    assert companion.run() is End.REVOKED
    assert not State.objects.exists()

    customers.resume_contract(customer_id=customer.id, actor=actor)
    companion.beat()
    assert companion.state.standing is Standing.BELIEVED
    assert Inventory.objects.get().facts["machine.name"]["value"] == "ACCUEIL"


def test_osquery_keeps_its_key_is_asked_nothing_and_is_heard_again(
    ask: Ask, token: str, customer: Any, actor: Actor
):
    def send(path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        told = ask(
            f"/agents/osquery{path}",
            body,
            headers={name.lower(): one for name, one in headers.items()},
        )
        return Reply(told.status, told.body)

    one = FakeOsqueryd(Platform.WINDOWS, {}, send=send, secret=token, clock=time.time)
    one.enrol()
    accept(actor)
    key = one.node_key

    def post(question: str, **named: Any) -> dict[str, Any]:
        told = ask(f"/agents/osquery/{question}", json.dumps({"node_key": key, **named}).encode())
        found: dict[str, Any] = json.loads(told.body)
        return found

    line = {
        "name": "windows.media",
        "hostIdentifier": "x",
        "unixTime": int(time.time()),
        "action": "snapshot",
        "snapshot": [{"name": "SSD", "kind": "USB"}],
    }
    customers.end_contract(customer_id=customer.id, actor=actor)
    assert post("config") == {**post("config"), "node_invalid": False, "schedule": {}}
    assert post("distributed/read") == {"queries": {}, "node_invalid": False}
    assert post("log", log_type="result", data=[line]) == {"node_invalid": False}
    answers = {"queries": {"x": []}, "statuses": {"x": 0}}
    assert post("distributed/write", **answers) == {"node_invalid": False}
    assert not State.objects.exists()

    customers.resume_contract(customer_id=customer.id, actor=actor)
    assert len(post("config")["schedule"]) == len(scheduled(Platform.WINDOWS))
    post("log", log_type="result", data=[line])
    assert Inventory.objects.exists()


def test_osquery_that_was_revoked_drops_its_key(ask: Ask, actor: Actor, customer: Any, token: str):
    told = ask(
        "/agents/osquery/enroll",
        json.dumps({"enroll_secret": token, "host_identifier": "x", "platform_type": "2"}).encode(),
    )
    key = json.loads(told.body)["node_key"]
    enrolment.revoke(machine_id=Machine.objects.get().id, actor=actor)
    customers.end_contract(customer_id=customer.id, actor=actor)
    told = ask("/agents/osquery/config", json.dumps({"node_key": key}).encode())
    assert json.loads(told.body) == {"node_invalid": True}
