"""Every door of the agents, tried with another practice's key or token.

A machine of one practice names another one in everything that it sends; nothing of the other one
moves, and no byte of its name comes back.
"""

import json
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.kernel.enrolment import digest
from quenotte.provider.customers.models import Customer
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.fleet.models import Change, Inventory, State
from quenotte.wire.messages import write
from quenotte.wire.pulses import Pulse
from quenotte.wire.reports import Report, Told
from tests_provider.agents.conftest import Ask, ask, door
from tests_provider.factories import CustomerFactory, MachineFactory
from tests_provider.fleet.test_judging import WINDOWS, tell

__all__ = ["ask", "door"]
pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "zibeline"
OSQUERY = ("config", "log", "distributed/read", "distributed/write")


@pytest.fixture
def canary(db: None) -> Machine:
    """A machine of the practice that nobody else may touch, with what is known of it."""
    customer = CustomerFactory.create(name=f"Cabinet {CANARY}")
    machine = MachineFactory.create(
        customer=customer,
        name=f"{CANARY}-poste",
        key_digest=digest("key of the canary"),
        speaks_for_practice=True,
    )
    tell(machine, WINDOWS)
    return machine


@pytest.fixture
def intruder(db: None) -> Machine:
    """An accepted machine of another practice: its key is good, for itself."""
    return MachineFactory.create(
        customer=CustomerFactory.create(), name="POSTE", key_digest=digest("key of the intruder")
    )


def known(machine: Machine) -> Any:
    """Return all that is kept of a machine and of its practice."""
    machine.refresh_from_db()
    return (
        list(Inventory.objects.filter(machine=machine).values("facts", "reported_at", "source")),
        list(State.objects.filter(machine=machine).values("seen_at", "fingerprint", "source")),
        Change.objects.filter(machine=machine).count(),
        (machine.standing, machine.hardware_uuid, machine.serial, bytes(machine.key_digest)),
        Machine.objects.filter(customer=machine.customer).count(),
        list(Token.objects.filter(customer=machine.customer).values("used", "revoked_at")),
    )


def lies(canary: Machine) -> bytes:
    """Return a report that says it is the canary's machine."""
    facts = (
        Told("machine.name", canary.name),
        Told("machine.uuid", canary.hardware_uuid),
        Told("machine.serial", canary.serial),
    )
    return write(Report(timezone.now(), facts))


def tried(ask: Ask, path: str, body: bytes, **headers: str) -> Any:
    named = {name.replace("_", "-"): one for name, one in headers.items()}
    answer = ask(path, body, headers=named)
    told = answer.body + repr(sorted(answer.headers.items())).encode()
    assert CANARY.encode() not in told.lower()
    return answer


@pytest.mark.parametrize("key", ["key of the intruder", "", "x" * 64, "key of the canary "])
@pytest.mark.parametrize("what", ["report", "pulse"])
def test_companion_of_another_practice(
    ask: Ask, canary: Machine, intruder: Machine, key: str, what: str
):
    before = known(canary)
    body = lies(canary) if what == "report" else write(Pulse(sent_at=timezone.now(), light="green"))
    answer = tried(ask, f"/agents/station/{what}", body, authorization=f"Bearer {key}")
    assert b"accepted" not in answer.body
    assert known(canary) == before


def test_key_is_no_key_of_another_agent(ask: Ask, canary: Machine):
    """The canary's own key, at the doors that are not its agent's."""
    before = known(canary)
    for question in OSQUERY:
        body = json.dumps({"node_key": "key of the canary", "data": [], "log_type": "result"})
        answer = tried(ask, f"/agents/osquery/{question}", body.encode())
        assert answer.status in {200, 400}
        if answer.status == 200:
            assert json.loads(answer.body)["node_invalid"] is True, question
    assert known(canary) == before


@pytest.mark.parametrize("key", ["key of the intruder", "windows-" + "0" * 64, ""])
@pytest.mark.parametrize("question", OSQUERY)
def test_osquery_of_another_practice(
    ask: Ask, canary: Machine, intruder: Machine, question: str, key: str
):
    before = known(canary)
    told = {
        "node_key": key,
        "host_identifier": canary.name,
        "customer": str(canary.customer_id),
        "log_type": "result",
        "data": [],
        "queries": {"x": [{"name": canary.name}]},
        "statuses": {"x": 0},
    }
    answer = tried(ask, f"/agents/osquery/{question}", json.dumps(told).encode())
    assert json.loads(answer.body)["node_invalid"] is True
    assert known(canary) == before


def test_token_of_another_practice_puts_nobody_into_this_one(
    ask: Ask, canary: Machine, intruder: Machine, actor: Actor
):
    before = known(canary)
    _made, typed = enrolment.make_token(customer_id=intruder.customer_id, machines=9, actor=actor)
    tried(ask, "/agents/station/enrol", lies(canary), x_quenotte_token=typed)
    details = {"system_info": {"computer_name": canary.name, "uuid": canary.hardware_uuid}}
    tried(
        ask,
        "/agents/osquery/enroll",
        json.dumps(
            {
                "enroll_secret": typed,
                "host_identifier": canary.name,
                "platform_type": "2",
                "host_details": details,
                "customer_id": str(canary.customer_id),
            }
        ).encode(),
    )
    assert known(canary) == before
    waiting = Machine.objects.filter(customer=intruder.customer, standing="quarantine")
    assert {one.name for one in waiting} == {canary.name}


@pytest.mark.parametrize("token", ["", "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", "x" * 5_000])
def test_wrong_token_lets_nobody_in(ask: Ask, canary: Machine, token: str):
    before = Machine.objects.count()
    answer = tried(ask, "/agents/station/enrol", lies(canary), x_quenotte_token=token)
    assert answer.status == 403
    answer = tried(ask, f"/agents/glpi/{token}", b"<REQUEST/>")
    assert answer.status in {400, 403, 404}
    assert Machine.objects.count() == before


def test_token_of_an_ended_contract_lets_nobody_in(ask: Ask, canary: Machine, actor: Actor):
    _made, typed = enrolment.make_token(customer_id=canary.customer_id, machines=9, actor=actor)
    Customer.objects.filter(pk=canary.customer_id).update(is_active=False)
    answer = tried(ask, "/agents/station/enrol", lies(canary), x_quenotte_token=typed)
    assert answer.status == 403
    assert Machine.objects.filter(customer=canary.customer).count() == 1


def test_revoked_key_opens_nothing(ask: Ask, canary: Machine, actor: Actor):
    enrolment.revoke(machine_id=canary.id, actor=actor)
    before = known(canary)
    headers = {"authorization": "Bearer key of the canary"}
    answer = tried(ask, "/agents/station/report", lies(canary), **headers)
    assert b"accepted" not in answer.body
    assert known(canary) == before


def test_inventory_agent_with_the_canarys_own_name(
    ask: Ask, canary: Machine, intruder: Machine, actor: Actor
):
    before = known(canary)
    _made, typed = enrolment.make_token(customer_id=intruder.customer_id, machines=9, actor=actor)
    body = (
        f"<REQUEST><QUERY>INVENTORY</QUERY><DEVICEID>{canary.name}</DEVICEID><CONTENT>"
        f"<HARDWARE><NAME>{canary.name}</NAME><UUID>{canary.hardware_uuid}</UUID></HARDWARE>"
        "</CONTENT></REQUEST>"
    )
    tried(ask, f"/agents/glpi/{typed}", body.encode())
    assert known(canary) == before
