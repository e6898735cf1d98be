"""The door where each agent needs a certificate, for which the server in front vouches."""

import asyncio
import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.config.agents.certified import HEADER, Uncertified, fingerprint_of
from quenotte.config.agents.door import Door
from quenotte.config.agents.taking import ProviderBooks
from quenotte.devices.certificates import pairs
from quenotte.devices.certificates.authority import make_authority
from quenotte.kernel.enrolment import digest
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet.models import Inventory
from quenotte.wire.answers import Answer, Code
from quenotte.wire.enrolments import NO_CERTIFICATE, Enrolled
from quenotte.wire.messages import read, write
from quenotte.wire.pulses import Pulse
from quenotte.wire.reports import Report, Told
from tests_provider.agents.conftest import Ask, exchange
from tests_provider.factories import CustomerFactory

NAME = HEADER.decode()
MINE, OTHER = "ab" * 32, "cd" * 32
FACTS = (Told("machine.name", "ACCUEIL"), Told("machine.serial", "ABC123"))


@pytest.fixture
def door(transactional_db: None) -> Iterator[Door]:
    made = Door(ProviderBooks(), is_certified=True)
    yield made
    made.close()


@pytest.fixture
def token(transactional_db: None, actor: Actor) -> str:
    customer = CustomerFactory.create()
    return enrolment.make_token(customer_id=customer.id, machines=2, actor=actor)[1]


def _report() -> bytes:
    return write(Report(timezone.now(), FACTS))


def _enrol(ask: Ask, token: str, certificate: str = MINE) -> str:
    headers = {"x-quenotte-token": token, NAME: certificate}
    told = ask("/agents/station/enrol", _report(), headers=headers)
    assert told.status == 200
    return read(told.body, Enrolled).key


def _said(ask: Ask, key: str, certificate: str, body: bytes = b"", what: str = "report") -> Code:
    headers = {"authorization": f"Bearer {key}", NAME: certificate}
    told = ask(f"/agents/station/{what}", body or _report(), headers=headers)
    return read(told.body, Answer).code


def _accept(actor: Actor, *, speaks: bool = False) -> None:
    machine_id = Machine.objects.get().id
    enrolment.accept(machine_id=machine_id, actor=actor, speaks_for_practice=speaks)


@pytest.mark.parametrize("path", [
    "glpi/AAAAA-AAAAA-AAAAA-AAAAA-AAAAA",
    "osquery/enroll", "osquery/config", "osquery/log", "osquery/distributed/read",
    "osquery/distributed/write",
    "station/enrol", "station/pair", "station/report", "station/pulse", "station/openings",
])  # fmt: skip
@pytest.mark.parametrize("told", [None, "", "abc", "ab" * 31, f"{MINE} ", "zz" * 32, "%0A"])
def test_without_a_certificate_nothing_is_read(door: Door, path: str, told: str | None) -> None:
    async def receive() -> Any:
        pytest.fail("something of it was read")

    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    headers = [] if told is None else [(HEADER, told.encode())]
    scope: Any = {"type": "http", "method": "POST", "path": f"/agents/{path}", "headers": headers}
    asyncio.run(door(scope, receive, send))
    assert (sent[0]["status"], sent[1]["body"]) == (403, NO_CERTIFICATE)


def test_inventory_agent_is_not_even_configured_without_one(ask: Ask) -> None:
    assert ask("/agents/glpi/x", method="GET", query="action=getConfig").status == 403


def test_header_that_came_twice_is_not_believed() -> None:
    twice: Any = {"headers": [(HEADER, MINE.encode()), (HEADER, OTHER.encode())]}
    with pytest.raises(Uncertified):
        fingerprint_of(twice)


def test_certificate_itself_is_as_good_as_its_digest() -> None:
    """As nginx escapes it: line ends, blanks, and the signs of base64."""
    made = make_authority("localhost", datetime.now(UTC)).certificate
    pem = quote(pairs.public_pem(made), safe="-")
    wanted = sha256(ssl.PEM_cert_to_DER_cert(pairs.public_pem(made).decode())).hexdigest()
    for told in (pem, wanted, wanted.upper()):
        scope: Any = {"headers": [(b"host", b"x"), (HEADER, told.encode())]}
        assert fingerprint_of(scope) == wanted


@pytest.mark.parametrize("body", ["", "\n", "\nAAA\n", "\né\n"])
def test_pem_of_nothing_is_no_certificate(body: str) -> None:
    told = quote(f"-----BEGIN CERTIFICATE-----{body}-----END CERTIFICATE-----\n")
    scope: Any = {"headers": [(HEADER, told.encode())]}
    with pytest.raises(Uncertified):
        fingerprint_of(scope)


def test_key_is_good_with_its_certificate_alone(ask: Ask, token: str, actor: Actor) -> None:
    key = _enrol(ask, token)
    assert _said(ask, key, MINE) is Code.QUARANTINED
    _accept(actor)
    assert _said(ask, key, MINE.upper()) is Code.ACCEPTED
    body = _report()
    assert _said(ask, key, MINE, body) is Code.ACCEPTED
    # The very same words, which the door remembers, with another certificate of the practice.
    assert _said(ask, key, OTHER, body) is Code.UNKNOWN_NODE
    assert _said(ask, key, MINE, body) is Code.ACCEPTED


def test_what_is_kept_opens_nothing_by_itself(ask: Ask, token: str) -> None:
    key = _enrol(ask, token)
    kept = Machine.objects.get().key_digest
    assert bytes(kept) not in {digest(key), digest(f"{key}:{MINE}")}
    assert _said(ask, f"{digest(key).hex()}:{MINE}", MINE) is Code.UNKNOWN_NODE


def test_only_the_servers_own_certificate_tells_of_copies_and_hears_who_looked(
    ask: Ask, token: str, actor: Actor
) -> None:
    key = _enrol(ask, token)
    _accept(actor, speaks=True)
    pulse = write(Pulse(timezone.now(), "green", restorable_until=timezone.now()))
    assert _said(ask, key, OTHER, pulse, "pulse") is Code.UNKNOWN_NODE
    assert not Inventory.objects.exists()
    assert _said(ask, key, MINE, pulse, "pulse") is Code.ACCEPTED


def test_inventory_agent_is_the_machine_of_its_certificate(door: Door, token: str) -> None:
    """Its token and its name are no secret of one machine: with another certificate it is new."""
    content = {"hardware": {"name": "ACCUEIL"}, "versionclient": "GLPI-Agent_v1"}
    inventory = {
        "action": "inventory",
        "deviceid": "accueil-1",
        "itemtype": "Computer",
        "content": content,
    }
    for certificate, machines in ((MINE, 1), (MINE, 1), (OTHER, 2)):
        headers = {"content-type": "application/json", NAME: certificate}
        body = json.dumps(inventory).encode()
        told = asyncio.run(exchange(door, f"/agents/glpi/{token}", body, "POST", headers, ""))
        assert told.status == 200
        assert Machine.objects.count() == machines


def test_osquery_is_sent_to_enrol_again_with_another_certificate(ask: Ask, token: str) -> None:
    osquery = partial(_osquery, ask)
    secret = {"enroll_secret": token, "host_identifier": "u-1", "platform_type": "16"}
    key = osquery("enroll", MINE, {**secret, "host_details": {}})["node_key"]
    assert not osquery("config", MINE, {"node_key": key}).get("node_invalid")
    for question in ("config", "distributed/read"):
        assert osquery(question, OTHER, {"node_key": key})["node_invalid"]


def _osquery(ask: Ask, question: str, certificate: str, body: dict[str, Any]) -> dict[str, Any]:
    told = ask(
        f"/agents/osquery/{question}", json.dumps(body).encode(), headers={NAME: certificate}
    )
    said: dict[str, Any] = json.loads(told.body)
    return said
