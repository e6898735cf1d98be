"""Licences that ended, end soon or are too few are findings and incidents like any other."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base import mending
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.kernel.posture.rules import PAPERS
from quenotte.provider.fleet import jobs, wording
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet import queries as shown
from quenotte.provider.fleet.models import Finding, Stumble
from quenotte.provider.incidents import operations as incidents
from quenotte.provider.incidents.models import Incident
from quenotte.provider.licences import operations, queries
from quenotte.provider.licences.models import Licence
from quenotte.provider.licences.rules import ENDING
from tests_provider.factories import CustomerFactory, LicenceFactory, MachineFactory
from tests_provider.fleet.test_judging import tell

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]
DAY = timedelta(days=1)
VISION = {"software": {"value": [{"name": "Radio Vision Pro", "version": "7.2"}]}}


def look() -> None:
    """Do what the worker does."""
    now = timezone.now()
    fleet.heed_changes(now=now)
    fleet.judge_due(now=now)
    incidents.draw(now=now)


def in_days(days: int) -> Any:
    return timezone.localdate() + days * DAY


def change(licence: Any, actor: Actor, **told: Any) -> None:
    known = Licence.objects.get(pk=licence.pk)
    now = {name: getattr(known, name) for name in operations.FIELDS}
    operations.change(known, actor=actor, seen=operations.sealed(known), **{**now, **told})


def test_licences_of_a_practice_are_one_incident_with_the_gravest_first():
    customer = CustomerFactory.create()
    LicenceFactory.create(customer=customer, name="Antivirus", ends_on=in_days(-3))
    LicenceFactory.create(customer=customer, name="Compta", ends_on=in_days(20))
    LicenceFactory.create(customer=customer, name="Vision", software="radio vision", seats=1)
    LicenceFactory.create(customer=customer, name="Planning", ends_on=in_days(200))
    for _machine in range(2):
        tell(MachineFactory.create(customer=customer), VISION)
    fleet.judge_due(now=timezone.now())
    jobs.judge_papers()
    found = Finding.objects.filter(cause="licences", is_open=True)
    assert {(one.rule, one.severity) for one in found} == {
        ("licence_ended", "important"), ("licence_seats", "important"),
        ("licence_ending", "notice"),
    }  # fmt: skip
    assert all(one.machine is None and one.customer == customer for one in found)
    incidents.draw(now=timezone.now())
    one = Incident.objects.get(cause="licences")
    assert (one.customer, one.severity, one.standing, one.findings) == (
        customer, "important", "told", 3,
    )  # fmt: skip
    # There is nothing to tell the next time.
    assert fleet.judge_papers(now=timezone.now()) == []


def test_words_say_which_licence_until_when_and_for_how_many():
    customer = CustomerFactory.create()
    LicenceFactory.create(customer=customer, name="Antivirus", ends_on=in_days(-3))
    LicenceFactory.create(customer=customer, name="Vision", software="radio vision", seats=1)
    for _machine in range(2):
        tell(MachineFactory.create(customer=customer), VISION)
    fleet.judge_due(now=timezone.now())
    jobs.judge_papers()
    words = {
        one.finding.rule: one.words
        for one in shown.findings_of_practice(customer.id)
        if one.finding.cause == "licences"
    }
    assert words == {
        "licence_ended": "licence finie : Antivirus (le 14/03/2026)",
        "licence_seats": "plus de machines que de postes : Vision (machines : 2, postes : 1)",
    }


def test_renewed_licence_closes_at_the_next_look(actor: Actor, frozen_clock: Any):
    licence = LicenceFactory.create(name="Antivirus", ends_on=in_days(2))
    jobs.judge_papers()
    incidents.draw(now=timezone.now())
    one = Incident.objects.get()
    assert (one.rule, one.severity) == ("licence_ending", "notice")
    frozen_clock.shift(3 * DAY)
    jobs.judge_papers()
    incidents.draw(now=timezone.now())
    one.refresh_from_db()
    assert (one.rule, one.severity, one.closed_at) == ("licence_ended", "important", None)
    change(licence, actor, ends_on=in_days(365))
    look()
    one.refresh_from_db()
    assert one.closed_at == timezone.now()
    assert not Finding.objects.filter(is_open=True).exists()


def test_licence_that_is_written_down_is_looked_at_within_seconds(actor: Actor):
    customer = CustomerFactory.create()
    made = operations.write(
        customer_id=customer.id, actor=actor, name="Compta", ends_on=in_days(-1)
    )
    look()
    assert Incident.objects.get().rule == "licence_ended"
    operations.take_away(made, actor=actor)
    look()
    assert Incident.objects.get().closed_at == timezone.now()
    assert not Finding.objects.exists()


def test_practice_of_which_no_server_speaks_keeps_what_was_found():
    licence = LicenceFactory.create(ends_on=in_days(-1))
    machine = MachineFactory.create(customer=licence.customer)
    tell(machine, VISION)
    jobs.judge_papers()
    fleet.judge_due(now=timezone.now())
    assert Finding.objects.get(rule="licence_ended").is_open


def test_contract_that_ended_has_no_licences_to_look_at():
    licence = LicenceFactory.create(ends_on=in_days(-1))
    jobs.judge_papers()
    licence.customer.is_active = False
    licence.customer.save()
    jobs.judge_papers()
    assert not Finding.objects.exists()


def test_one_practice_at_which_it_fails_keeps_no_other(monkeypatch: pytest.MonkeyPatch):
    sick, well = (LicenceFactory.create(ends_on=in_days(-1)) for _ in range(2))
    from quenotte.provider.fleet.operations import papers

    judged = papers._judged

    def fail(finding: Finding, *told: Any) -> Any:
        if finding.customer_id == sick.customer_id:
            raise ZeroDivisionError
        return judged(finding, *told)

    monkeypatch.setattr(papers, "_judged", fail)
    jobs.judge_papers()
    assert Finding.objects.get().customer_id == well.customer_id
    assert Stumble.objects.get().customer_id == sick.customer_id
    monkeypatch.undo()
    jobs.judge_papers()
    assert (Finding.objects.count(), Stumble.objects.count()) == (2, 0)


def test_pages_show_it_with_its_evidence_and_what_to_do(tom: Person, client_of: Login):
    licence = LicenceFactory.create(
        name="Vision", software="radio vision", seats=5, ends_on=in_days(-1)
    )
    has, has_not = (MachineFactory.create(customer=licence.customer) for _ in range(2))
    speaker = MachineFactory.create(customer=licence.customer, speaks_for_practice=True)
    tell(has, VISION)
    tell(has_not, {"software": {"value": [{"name": "Autre", "version": "1"}]}})
    tell(speaker, {"backup.has_anomaly": {"value": False}}, source="practice")
    fleet.judge_due(now=timezone.now())
    jobs.judge_papers()
    incidents.draw(now=timezone.now())
    client = client_of(tom)
    for address in (f"/parc/cabinets/{licence.customer_id}/", f"/parc/machines/{has.id}/"):
        page = client.get(address)
        assertContains(page, "Licence finie : Vision (le 16/03/2026)")
        assertContains(page, "Renouvelez-la avec le cabinet")
        assertContains(page, "Vision, postes : 5, fin le 16/03/2026")
        assertContains(page, "papiers du cabinet")
    for other in (has_not, speaker):
        assertNotContains(client.get(f"/parc/machines/{other.id}/"), "Licence finie")
    assertContains(client.get("/parc/"), "licence finie : Vision")


def test_each_rule_has_words_and_something_to_do():
    for rule in PAPERS:
        assert rule.key in wording.RULES
        for reason in rule.reasons:
            state = "ok" if reason == "ok" else "bad"
            assert wording.sentence(rule.key, state, reason, {}) != f"{rule.key}.{reason}"
            assert bool(mending.for_technician(f"{rule.key}.{reason}")) == (state == "bad")


def test_evidence_is_what_is_written_down_now(actor: Actor):
    customer = CustomerFactory.create()
    one = LicenceFactory.create(
        customer=customer, name="Vision", software="radio vision", seats=1, ends_on=in_days(40)
    )
    for _machine in range(2):
        tell(MachineFactory.create(customer=customer), VISION)
    fleet.judge_due(now=timezone.now())
    # Until it is as it stays: no run of looks grows any more.
    for _hour in range(20):
        jobs.judge_papers()
    finding = Finding.objects.get(rule="licence_seats")
    assert finding.evidence[0]["value"][0]["ends_on"] == in_days(40).isoformat()
    change(one, actor, ends_on=in_days(400))
    look()
    # It is as before, and nobody is told again; the old end stands there no more.
    after = Finding.objects.get(rule="licence_seats")
    assert after.evidence[0]["value"][0]["ends_on"] == in_days(400).isoformat()
    assert (after.opened_at, after.is_open) == (finding.opened_at, True)
    # At rest nothing is written.
    at = after.evidence[0]["at"]
    assert fleet.judge_papers(now=timezone.now() + timedelta(minutes=5)) == []
    assert Finding.objects.get(rule="licence_seats").evidence[0]["at"] == at


def test_lists_and_rules_say_the_same_of_each_end():
    for days in (-1, 0, ENDING.days, ENDING.days + 1):
        customer = CustomerFactory.create()
        LicenceFactory.create(customer=customer, name="Vision", ends_on=in_days(days))
        fleet.judge_papers(now=timezone.now())
        listed = {one.licence.customer_id for one in queries.to_review(timezone.localdate())}
        found = Finding.objects.filter(customer=customer, is_open=True).exists()
        assert found is (customer.id in listed)
