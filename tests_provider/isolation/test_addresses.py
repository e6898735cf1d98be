"""Every address of the provider's site, asked by everybody who must not see a practice.

The addresses come from the resolver: one that is added tomorrow is asked tomorrow. In the fleet
lies a practice whose every name is a canary: no byte of it may come back.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.base.people.rules import PERMISSIONS, may
from quenotte.provider.asking.models import Asked, Question
from quenotte.provider.customers.models import Customer
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.traces.models import Look
from tests_provider import factories
from tests_provider.fleet.test_judging import WINDOWS, tell

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]

CANARY = "zibeline"
#: The one list of practices whose contract ended.
_FORMER = "parc/cabinets/anciens/"
#: What who manages still reads of them.
_STILL_READ = {
    "parc/cabinets/<uuid:customer_id>/ouvertures/",
    "parc/cabinets/<uuid:customer_id>/preuves/",
    "parc/cabinets/<uuid:customer_id>/preuves/verifier/",
}
#: What comes before the signature: the charter itself, and who signed it.
_SIGNING = {"fleet.sign", "fleet.signers"}


class Address(NamedTuple):
    """A pattern of the resolver, the names of its parts, and what its view asks for."""

    route: str
    parts: tuple[str, ...]
    action: str | None
    is_declared: bool


def walk(resolver: URLResolver, before: str = "") -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, route)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            parts = tuple(pattern.pattern.converters)
            declared = hasattr(view, "required_action")
            yield Address(route, parts, getattr(view, "required_action", None), declared)


ADDRESSES = list(walk(get_resolver()))
FLEET = [
    one
    for one in ADDRESSES
    if one.action and one.action.startswith("fleet.") and one.action not in _SIGNING
]
GUARDED = [one for one in ADDRESSES if one.action]
_ids: Any = lambda one: one.route  # noqa: E731 - a name for each case


@pytest.fixture
def canary(frozen_clock: Any) -> dict[str, Any]:
    """A practice with a machine, what rules found there, an incident, a token and an opening."""
    customer = factories.CustomerFactory.create(
        name=f"Cabinet {CANARY}", town=f"{CANARY}-ville", email=f"a@{CANARY}.example"
    )
    machine = factories.MachineFactory.create(
        customer=customer, name=f"{CANARY}-poste", serial=f"{CANARY}-1", speaks_for_practice=True
    )
    tell(machine, {**WINDOWS, "machine.model": {"value": f"{CANARY} 9000"}})
    fleet.judge_due(now=timezone.now())
    finding = customer.findings.get(rule="disks_encrypted")
    incident = factories.IncidentFactory.create(customer=customer)
    token = factories.TokenFactory.create(customer=customer)
    licence = factories.LicenceFactory.create(customer=customer, name=f"{CANARY} 2026")
    question = Question.objects.create(
        asked_by=token.created_by,
        person_label="x",
        at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=1),
        subject="disks",
        whom=customer.name,
    )
    Asked.objects.create(question=question, machine=machine)
    return {
        "question_id": question.id,
        "customer_id": customer.id,
        "machine_id": machine.id,
        "finding_id": finding.id,
        "incident_id": incident.id,
        "token_id": token.id,
        "licence_id": licence.id,
    }


def address(one: Address, known: dict[str, Any]) -> str:
    """Return an address with the canary's objects in it, and nobody's where it has none."""
    path = one.route
    for name in one.parts:
        value = known.get(name) or _other(name)
        start, end = path.index("<"), path.index(">")
        path = f"{path[:start]}{value}{path[end + 1 :]}"
    return f"/{path}"


def _other(name: str) -> Any:
    if name in {"number", "factor_id"}:
        return 1
    return {"kind": "salle", "sheet": "poste", "token": "x" * 22}.get(name) or uuid4()


def no_canary(answer: Any) -> None:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    told = body + repr(sorted(answer.headers.items())).encode()
    assert CANARY.encode() not in told.lower()


@pytest.mark.parametrize("one", ADDRESSES, ids=_ids)
def test_address_says_who_may(one: Address):
    assert one.is_declared, f"/{one.route}: @requires(…) or @public is missing"
    assert one.action is None or one.action in PERMISSIONS


@pytest.mark.parametrize("verb", ["get", "post"])
@pytest.mark.parametrize("one", ADDRESSES, ids=_ids)
def test_nobody_sees_nothing(one: Address, verb: str, canary: dict[str, Any]):
    answer = getattr(Client(), verb)(address(one, canary))
    no_canary(answer)
    if one.action:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/connexion/")
    assert not Look.objects.exists()


@pytest.mark.parametrize("verb", ["get", "post"])
@pytest.mark.parametrize("one", FLEET, ids=_ids)
def test_unsigned_charter_comes_before_all(
    one: Address, verb: str, canary: dict[str, Any], diane: Person, client_of: Login
):
    answer = getattr(client_of(diane, has_signed=False), verb)(address(one, canary))
    no_canary(answer)
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/charte/")
    assert not Look.objects.exists()


@pytest.mark.parametrize("one", FLEET, ids=_ids)
def test_fragment_is_led_away_too(
    one: Address, canary: dict[str, Any], diane: Person, client_of: Login
):
    client = client_of(diane, has_signed=False)
    answer = client.get(address(one, canary), headers={"hx-request": "true"})
    no_canary(answer)
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (401, "/charte/")


@pytest.mark.parametrize("role", ["technicien", "secretaire", "praticien"])
@pytest.mark.parametrize("verb", ["get", "post"])
def test_what_a_role_does_not_open_is_refused(
    role: str, verb: str, canary: dict[str, Any], tom: Person, client_of: Login
):
    client = client_of(factories.PersonFactory.create(practice=tom.practice, role=role))
    closed = [one for one in GUARDED if not may(frozenset({role}), one.action or "")]
    assert closed
    for one in closed:
        answer = getattr(client, verb)(address(one, canary))
        no_canary(answer)
        assert answer.status_code == 403, one.route


@pytest.mark.parametrize("one", FLEET, ids=_ids)
def test_practice_whose_contract_ended_is_nowhere(
    one: Address, canary: dict[str, Any], diane: Person, tom: Person, client_of: Login
):
    Customer.objects.filter(pk=canary["customer_id"]).update(is_active=False)
    no_canary(client_of(tom).get(address(one, canary), {"q": "Windows"}))
    answer = client_of(diane).get(address(one, canary), {"q": "Windows"})
    if one.route in {_FORMER, *_STILL_READ}:
        # Who manages takes it up again, and reads what proves something: its name, no machine.
        assert answer.status_code == 200
        assert f"{CANARY}-poste" not in answer.content.decode()
        return
    no_canary(answer)
    if {"customer_id", "machine_id", "incident_id", "finding_id", "question_id"} & set(one.parts):
        # A fragment that comes without its page leads to it; that one is not there.
        assert answer.status_code in {302, 404, 405}


@pytest.mark.parametrize("one", [one for one in FLEET if len(one.parts) > 1], ids=_ids)
def test_object_of_one_practice_is_not_reached_through_another(
    one: Address, canary: dict[str, Any], diane: Person, client_of: Login
):
    other = factories.CustomerFactory.create()
    answer = client_of(diane).get(address(one, {**canary, "customer_id": other.id}))
    no_canary(answer)


@pytest.mark.parametrize("verb", ["get", "post"])
def test_account_of_another_house_is_not_reached(
    verb: str, diane: Person, client_of: Login, canary: dict[str, Any]
):
    stranger = factories.PersonFactory.create(
        practice=factories.HouseFactory.create(), role="technicien", last_name=CANARY
    )
    client = client_of(diane)
    for one in (one for one in ADDRESSES if "person_id" in one.parts):
        answer = getattr(client, verb)(address(one, {"person_id": stranger.id}))
        no_canary(answer)
        assert answer.status_code in {302, 404, 405}, one.route
    before = (stranger.password, stranger.is_active)
    stranger.refresh_from_db()
    assert (stranger.password, stranger.is_active) == before


def test_canary_sings_where_it_may(canary: dict[str, Any], diane: Person, client_of: Login):
    """Without this one, a canary that nobody ever hears would prove nothing."""
    client = client_of(diane)
    for one in FLEET:
        if one.route == "parc/cabinets/<uuid:customer_id>/":
            page = client.get(address(one, canary)).content.decode()
            assert CANARY in page
    assert CANARY in client.get("/parc/recherche/?q=windows").content.decode()
