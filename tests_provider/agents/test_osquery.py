"""osquery at the door, as its simulator speaks."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from quenotte.base.audit.rules import Actor
from quenotte.devices.agents.osquery.fake import FakeOsqueryd, NotEnrolled, Reply
from quenotte.kernel.posture.terms import Platform
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet.models import Inventory, State
from tests_provider.agents.conftest import Ask
from tests_provider.factories import CustomerFactory

TABLES: Mapping[str, Any] = {
    "system_info": [
        {
            "uuid": "4c4c4544-0042-3510-8051-b7c04f564e32",
            "hardware_serial": "ABC123",
            "computer_name": "ACCUEIL",
            "physical_memory": "17179869184",
        }
    ],
    "os_version": [{"name": "Microsoft Windows 11 Pro", "version": "10.0.26200", "build": "26200"}],
}


@pytest.fixture
def token(transactional_db: None, actor: Actor) -> str:
    customer = CustomerFactory.create()
    return enrolment.make_token(customer_id=customer.id, machines=1, actor=actor)[1]


@pytest.fixture
def agent(ask: Ask, token: str) -> Callable[..., FakeOsqueryd]:
    def make(secret: str = token) -> FakeOsqueryd:
        def send(path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
            told = ask(
                f"/agents/osquery{path}",
                body,
                headers={name.lower(): one for name, one in headers.items()},
            )
            return Reply(told.status, told.body)

        return FakeOsqueryd(Platform.WINDOWS, TABLES, send=send, secret=secret, clock=time.time)

    return make


def post(ask: Ask, question: str, **told: Any) -> dict[str, Any]:
    answer = ask(f"/agents/osquery/{question}", json.dumps(told).encode())
    assert answer.status == 200
    found: dict[str, Any] = json.loads(answer.body)
    return found


def test_machine_enrols_waits_and_is_configured(agent: Callable[..., FakeOsqueryd]):
    one = agent()
    one.enrol()
    machine = Machine.objects.get()
    assert (machine.agent, machine.name, machine.serial) == ("osquery", "ACCUEIL", "ABC123")
    assert machine.standing == "quarantine"
    assert one.node_key.startswith("windows-")


def test_wrong_secret_gets_no_key(agent: Callable[..., FakeOsqueryd]):
    with pytest.raises(NotEnrolled):
        agent("AAAAA-AAAAA-AAAAA-AAAAA-AAAAA").enrol()
    assert not Machine.objects.exists()


def test_accepted_machine_tells_its_facts_in_parts(
    ask: Ask, agent: Callable[..., FakeOsqueryd], actor: Actor
):
    one = agent()
    one.enrol()
    snapshot = {
        "name": "quenotte_inconnue",
        "hostIdentifier": "x",
        "unixTime": 1,
        "action": "snapshot",
        "snapshot": [{"patient": "DURAND"}],
    }
    told = {"node_key": one.node_key, "log_type": "result", "data": [snapshot]}
    assert post(ask, "log", **told) == {"node_invalid": False}
    assert not Inventory.objects.exists()

    enrolment.accept(machine_id=Machine.objects.get().id, actor=actor)
    schedule = post(ask, "config", node_key=one.node_key)["schedule"]
    name = next(name for name in schedule if "os" in name or "system" in name)
    row = {"name": "Microsoft Windows 11 Pro", "version": "10.0.26200", "build": "26200"}
    for at in (1, 2):
        line = {**snapshot, "name": name, "unixTime": at, "snapshot": [row]}
        post(ask, "log", node_key=one.node_key, log_type="result", data=[line])
    kept = Inventory.objects.get()
    assert kept.source == "osquery"
    assert "DURAND" not in str(kept.facts)
    assert all("on" in fact for fact in kept.facts.values())


def test_poll_is_a_heartbeat_and_asks_nothing(
    ask: Ask, agent: Callable[..., FakeOsqueryd], actor: Actor
):
    one = agent()
    one.enrol()
    enrolment.accept(machine_id=Machine.objects.get().id, actor=actor)
    assert post(ask, "distributed/read", node_key=one.node_key)["queries"] == {}
    assert State.objects.get().source == "osquery"
    answers = {"node_key": one.node_key, "queries": {"x": [{"a": "b"}]}, "statuses": {"x": 0}}
    assert post(ask, "distributed/write", **answers) == {"node_invalid": False}
    assert not Inventory.objects.exists()


@pytest.mark.parametrize("question", ["config", "distributed/read", "distributed/write", "log"])
def test_replayed_or_invented_key_is_told_to_enrol(
    ask: Ask, agent: Callable[..., FakeOsqueryd], actor: Actor, question: str
):
    one = agent()
    one.enrol()
    enrolment.revoke(machine_id=Machine.objects.get().id, actor=actor)
    for key in (one.node_key, "windows-" + "0" * 64, "", "é"):
        told = post(ask, question, node_key=key, log_type="result", data=[])
        assert told["node_invalid"] is True


@pytest.mark.parametrize(
    ("question", "body", "status"),
    [
        ("enroll", b"[]", 400),
        ("log", b"{", 400),
        ("carve", b"{}", 404),
        ("config", b"\xff\xfe", 400),
    ],
)
def test_rubbish_gets_a_clear_answer(ask: Ask, question: str, body: bytes, status: int):
    assert ask(f"/agents/osquery/{question}", body).status == status


def test_platform_that_no_practice_has_gets_no_key(ask: Ask, token: str):
    told = post(ask, "enroll", enroll_secret=token, host_identifier="x", platform_type="4")
    assert told["node_invalid"] is True


@pytest.mark.parametrize("is_heard_before", [False, True])
def test_page_of_a_machine_that_was_accepted_fills_at_its_next_poll(
    ask: Ask, agent: Callable[..., FakeOsqueryd], actor: Actor, is_heard_before: bool
):
    one = agent()
    one.enrol()
    assert not one.poll()
    enrolment.accept(machine_id=Machine.objects.get().id, actor=actor)
    if is_heard_before:
        one.configure()
    assert one.poll()
    kept = Inventory.objects.get().facts
    assert kept["machine.name"]["value"] == "ACCUEIL"
    assert kept["os.name"]["value"] == "Microsoft Windows 11 Pro"
    assert "clock.offset_s" in kept
    # Once is enough.
    assert not one.poll()


def test_answer_to_a_question_of_another_platform_is_not_believed(
    ask: Ask, agent: Callable[..., FakeOsqueryd], actor: Actor
):
    one = agent()
    one.enrol()
    enrolment.accept(machine_id=Machine.objects.get().id, actor=actor)
    rows = [{"name": "Debian", "version": "12", "build": ""}]
    told = {"queries": {"linux.system": rows}, "statuses": {"linux.system": 0}}
    assert post(ask, "distributed/write", node_key=one.node_key, **told) == {"node_invalid": False}
    assert not Inventory.objects.exists()


HIDDEN = "\x00\ud800"


def test_sign_that_no_database_keeps_costs_its_fact_alone(
    ask: Ask, agent: Callable[..., FakeOsqueryd], actor: Actor
):
    one = agent()
    one.enrol()
    enrolment.accept(machine_id=Machine.objects.get().id, actor=actor)
    rows = [{"name": f"SSD{HIDDEN}", "kind": HIDDEN}]
    line = {
        "name": "windows.media",
        "hostIdentifier": "x",
        "unixTime": int(time.time()),
        "action": "snapshot",
        "snapshot": rows,
    }
    post(ask, "log", node_key=one.node_key, log_type="result", data=[line])

    assert Inventory.objects.get().facts["media.plugged"]["value"] == [
        {"name": "SSD", "kind": None, "since": None}
    ]


def test_name_of_a_host_with_a_hidden_sign_is_cleaned(ask: Ask, token: str):
    told = post(
        ask, "enroll", enroll_secret=token, host_identifier=f"PC{HIDDEN}1", platform_type="21"
    )
    assert told["node_invalid"] is False
    assert (Machine.objects.get().name, Machine.objects.get().agent_name) == ("PC 1", "PC 1")
