"""A session cookie alone opens pages; what gives power asks who sits there, by her password."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from quenotte.base.keyboard.models import Sitting
from quenotte.base.people.models import Person
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.incidents.models import Exemption, Window
from quenotte.provider.traces.models import Look
from tests.support.cast import PASSWORD
from tests_provider.factories import FindingFactory, IncidentFactory, MachineFactory, TokenFactory

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]


def later(client: Client) -> Client:
    """Return the browser of somebody whose proof is six minutes old."""
    Sitting.objects.update(proven_at=timezone.now() - timedelta(minutes=6))
    return client


def test_what_gives_power_asks_for_a_fresh_proof(diane: Person, client_of: Login) -> None:
    client = later(client_of(diane))
    waiting = MachineFactory.create(standing=Machine.Standing.QUARANTINE)
    token, finding = TokenFactory.create(), FindingFactory.create()
    for address in (
        "/inscriptions/",
        f"/inscriptions/jetons/{token.id}/fin/",
        f"/inscriptions/machines/{waiting.id}/accepter/",
        f"/inscriptions/machines/{waiting.id}/revoquer/",
        f"/parc/constats/{finding.id}/exception/",
        f"/parc/cabinets/{finding.customer_id}/maintenance/",
        f"/parc/cabinets/{finding.customer_id}/fiche/",
        f"/parc/cabinets/{finding.customer_id}/contrat/finir/",
        f"/parc/cabinets/{finding.customer_id}/contrat/reprendre/",
        "/parc/questions/nouvelle/",
        "/parc/envois/",
        "/parc/alertes/",
        f"/parc/maintenances/{uuid4()}/finir/",
        f"/parc/exceptions/{uuid4()}/retirer/",
    ):
        assert client.post(address, {}).status_code == 403, address
    waiting.refresh_from_db()
    assert waiting.standing == Machine.Standing.QUARANTINE
    assert not Token.objects.exclude(revoked_at=None).exists()
    assert not Exemption.objects.exists()
    assert not Window.objects.exists()
    # The same pages may be read.
    for address in ("/inscriptions/", f"/parc/constats/{finding.id}/exception/", "/parc/envois/"):
        assert client.get(address).status_code == 200, address


def test_with_the_proof_it_goes_through(diane: Person, client_of: Login) -> None:
    client = later(client_of(diane))
    waiting = MachineFactory.create(standing=Machine.Standing.QUARANTINE)
    client.post(f"/inscriptions/machines/{waiting.id}/accepter/", {"preuve": PASSWORD})
    waiting.refresh_from_db()
    assert waiting.standing == Machine.Standing.ACCEPTED


def looks(customer_id: Any) -> list[tuple[str, str, int]]:
    found = Look.objects.filter(customer_id=customer_id).order_by("id")
    return list(found.values_list("what", "about", "machines"))


def test_lists_leave_a_row_at_each_practice_they_name(tom: Person, client_of: Login) -> None:
    client = client_of(tom)
    waiting = MachineFactory.create(standing=Machine.Standing.QUARANTINE)
    client.get("/inscriptions/")
    assert looks(waiting.customer_id) == [("enrolment", "", 1)]
    incident = IncidentFactory.create(machines=3)
    client.get("/parc/incidents/")
    assert looks(incident.customer_id) == [("incidents", "", 3)]


def test_acts_leave_a_row_at_their_practice(tom: Person, client_of: Login) -> None:
    client = client_of(tom)
    waiting = MachineFactory.create(standing=Machine.Standing.QUARANTINE)
    client.post(f"/inscriptions/machines/{waiting.id}/accepter/")
    client.post(f"/inscriptions/jetons/{waiting.token_id}/fin/")
    assert looks(waiting.customer_id) == [("enrolment", waiting.name, 1), ("enrolment", "", 0)]
    incident = IncidentFactory.create()
    for act in ("prendre", "rendre"):
        client.post(f"/parc/incidents/{incident.id}/{act}/")
    client.post(f"/parc/incidents/{incident.id}/note/", {"note": "Rappelé."})
    assert looks(incident.customer_id) == [("incident", "", 0)] * 3
    assert client.post(f"/parc/incidents/{uuid4()}/prendre/").status_code == 404
