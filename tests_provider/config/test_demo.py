"""What a newcomer sees of the demonstration: a past, and a machine that fell silent."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.config.fleet_demo import crowd, parc
from quenotte.provider.fleet.models import Finding, Posture, State
from quenotte.provider.incidents.models import Incident

pytestmark = pytest.mark.django_db


def test_demo_has_a_past_and_a_silent_server():
    now = timezone.now()
    parc.prepare(lambda _words, _share: None, size=parc.Size(practices=40, machines=4))
    silent = Posture.objects.exclude(silent_since=None).get()
    assert silent.machine.speaks_for_practice
    assert Finding.objects.filter(rule="silence", machine=silent.machine, is_open=True).exists()
    assert silent.machine.serial not in {one.serial for one in crowd.speakers()}
    storm = Incident.objects.get(cause="storm")
    assert (storm.closed_at is not None, storm.reason) == (True, "network")
    assert storm.values["practices"] > 1
    began = set(Finding.objects.filter(is_open=True).values_list("since", flat=True))
    assert len(began) > 8
    assert now - min(began) > timedelta(days=5)
    opened = list(Incident.objects.values_list("opened_at", flat=True))
    lately = [at for at in opened if now - at < timedelta(days=1)]
    assert len(lately) < len(opened) / 3


def test_demo_has_a_machine_one_of_whose_agents_died(client: Client):
    now = timezone.now()
    parc.prepare(lambda _words, _share: None, size=parc.Size(practices=40, machines=4))
    found = Finding.objects.get(rule="agent_silence")
    agents = State.objects.filter(machine=found.machine).values_list("source", "seen_at")
    assert dict(agents) == {"glpi": now - timedelta(days=9), "station": now}
    assert (found.is_open, found.severity, found.values["names"]) == (True, "important", ["glpi"])
    # It was found as soon as it had missed a day and eight hours of opening, not today.
    assert timedelta(days=4) < now - found.since < timedelta(days=8)
    incident = Incident.objects.get(customer=found.customer, cause="silence")
    assert (incident.standing, incident.opened_at) == ("told", found.opened_at)
    # Its companion goes on in the simulation, and the agent stays silent.
    assert found.machine is not None
    assert [one.serial for one in crowd.speakers()].count(found.machine.serial) == 1

    client.force_login(
        Person.objects.get(username="tom"), backend="quenotte.base.people.backends.Backend"
    )
    page = client.get(f"/parc/machines/{found.machine_id}/").content.decode()
    assert "gent muet sur une machine entendue : GLPI (depuis le" in page
    assert "Révoquer" in page
    page = client.get(f"/parc/cabinets/{found.customer_id}/").content.decode()
    assert "gent muet sur une machine entendue : GLPI" in page
    page = client.get("/parc/recherche/?q=agent silencieux").content.decode()
    assert found.machine.name in page
    assert found.customer.name in page
