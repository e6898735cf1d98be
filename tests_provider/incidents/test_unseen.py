"""What nobody knows for two weeks, and copies of which nobody tells any more, are said so."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.provider.customers import operations as customers
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.models import Finding, State
from quenotte.provider.incidents.models import Incident
from tests_provider.factories import MachineFactory, PostureFactory
from tests_provider.fleet.test_judging import WINDOWS, tell
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db


def watch(machine: Any, days: int, clock: Any, facts: dict[str, Any]) -> None:
    for _day in range(days):
        clock.shift(timedelta(days=1))
        tell(machine, facts)
        State.objects.update(is_due=True)
        fleet.judge_due(now=timezone.now())
        look()


def test_what_is_unknown_for_two_weeks_is_a_quieter_incident(frozen_clock: Any):
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    fleet.judge_due(now=timezone.now())
    watch(machine, 13, frozen_clock, WINDOWS)
    assert not Incident.objects.filter(cause="unseen").exists()
    watch(machine, 1, frozen_clock, WINDOWS)
    one = Incident.objects.get(cause="unseen")
    assert (one.severity, one.closed_at) == ("notice", None)
    finding = Finding.objects.get(rule="unseen")
    assert "firewall_on" in finding.values["rules"]
    known = {
        "firewall.profiles": {"value": [{"name": "Privé", "is_on": True}]},
        "remote.tools": {"value": []}, "ports.open": {"value": []}, "software": {"value": []},
        "disks.health": {"value": []}, "clock.offset_s": {"value": 0},
        "lock.after_s": {"value": 300}, "use.is_admin_daily": {"value": False},
        "updates.missing_security": {"value": 0}, "updates.reboot_pending": {"value": False},
    }  # fmt: skip
    watch(machine, 1, frozen_clock, {**WINDOWS, **known})
    left = Finding.objects.get(rule="unseen").values.get("rules", [])
    assert "firewall_on" not in left


def test_what_does_not_exist_there_is_nothing_to_mend(frozen_clock: Any):
    machine = MachineFactory.create()
    facts = {**WINDOWS, "firewall.profiles": {"unknown": "no_such_thing"}}
    tell(machine, facts)
    fleet.judge_due(now=timezone.now())
    watch(machine, 15, frozen_clock, facts)
    assert "firewall_on" not in Finding.objects.get(rule="unseen").values["rules"]


def test_copies_that_nobody_tells_of_are_said_once(actor: Any, frozen_clock: Any):
    customer = customers.take_on(actor=actor, name="Cabinet des Lilas", town="Nantes")
    server = MachineFactory.create(customer=customer, speaks_for_practice=True)
    tell(server, {"backup.has_anomaly": {"value": False}}, source="practice")
    begun = timezone.now()
    assert fleet.hear_copies(now=begun) == []
    # 9 h 30 and an hour, then four of opening time: 12 h 30 closes, 14 h opens, 16 h.
    assert fleet.hear_copies(now=begun + timedelta(hours=6, minutes=20)) == []
    frozen_clock.shift(timedelta(hours=6, minutes=40))
    (told,) = fleet.hear_copies(now=timezone.now())
    assert told.event == "opened"
    assert fleet.hear_copies(now=timezone.now()) == []
    look()
    one = Incident.objects.get()
    assert (one.cause, one.severity, one.rule) == ("backup", "important", "backup_silence")
    tell(server, {"backup.has_anomaly": {"value": True}}, source="practice")
    (told,) = fleet.hear_copies(now=timezone.now())
    assert told.event == "closed"
    look()
    assert Incident.objects.get(cause="backup").closed_at == timezone.now()


def test_server_that_never_tells_of_copies_is_said_from_its_acceptance(frozen_clock: Any):
    server, begun = MachineFactory.create(speaks_for_practice=True), timezone.now()
    tell(server, WINDOWS)
    assert fleet.hear_copies(now=timezone.now()) == []
    # Without hours: an hour and four.
    frozen_clock.shift(timedelta(hours=5, minutes=1))
    (told,) = fleet.hear_copies(now=timezone.now())
    assert (told.finding.rule, told.event) == ("backup_silence", "opened")
    assert told.finding.values["last_seen_at"] == begun.isoformat()


def test_copies_of_which_no_server_tells_are_unknown_and_on_the_page(
    frozen_clock: Any, tom: Any, client_of: Any
):
    machine = MachineFactory.create()
    assert fleet.hear_copies(now=timezone.now() + timedelta(days=6)) == []
    frozen_clock.shift(timedelta(days=7, minutes=1))
    (told,) = fleet.hear_copies(now=timezone.now())
    assert (told.finding.state, told.finding.is_open) == ("unknown", True)
    assert fleet.hear_copies(now=timezone.now()) == []
    look()
    page = client_of(tom).get("/parc/").content.decode()
    assert "Sauvegardes du cabinet : aucun agent ne l’a dit" in page
    # Another machine of the practice leaves: nobody tells of the copies any the more.
    other = MachineFactory.create(customer=machine.customer, standing="revoked")
    PostureFactory.create(machine=other)
    fleet.judge_due(now=timezone.now())
    assert Finding.objects.filter(rule="backup_unknown", is_open=True).exists()
    type(machine).objects.filter(pk=machine.pk).update(speaks_for_practice=True)
    tell(machine, {"backup.has_anomaly": {"value": False}}, source="practice")
    (told,) = fleet.hear_copies(now=timezone.now())
    assert told.event == "closed"
    look()
    assert Incident.objects.get(cause="backup").closed_at == timezone.now()


def test_copies_of_a_practice_that_left_are_no_question(frozen_clock: Any):
    machine = MachineFactory.create()
    frozen_clock.shift(timedelta(days=8))
    assert len(fleet.hear_copies(now=timezone.now())) == 1
    type(machine.customer).objects.update(is_active=False)
    (told,) = fleet.hear_copies(now=timezone.now())
    assert told.event == "closed"
