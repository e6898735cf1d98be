"""Incidents are drawn from what is found now: one for a practice and a cause, told once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.provider.fleet.models import Unsettled
from quenotte.provider.incidents import queries
from quenotte.provider.incidents.models import Incident, Step
from tests_provider.factories import CustomerFactory, MachineFactory
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]


def steps() -> list[str]:
    return list(Step.objects.order_by("id").values_list("kind", flat=True))


def test_findings_of_one_cause_are_one_incident(found: Found):
    customer = CustomerFactory.create()
    for rule in ("antivirus_active", "antivirus_fresh", "antivirus_active"):
        found(
            machine=MachineFactory.create(customer=customer),
            rule=rule,
            cause="antivirus",
            severity="critical" if rule == "antivirus_active" else "important",
            reason="none" if rule == "antivirus_active" else "stale",
        )
    found(machine=MachineFactory.create(customer=customer))
    look()
    antivirus, disks = Incident.objects.all()
    assert (antivirus.cause, antivirus.severity, antivirus.machines, antivirus.findings) == (
        "antivirus",
        "critical",
        3,
        3,
    )
    assert (disks.cause, disks.machines, disks.standing) == ("encryption", 1, "told")
    assert steps() == ["opened", "opened"]
    assert not Unsettled.objects.exists()


def test_practices_do_not_share_incidents(found: Found):
    found()
    found()
    look()
    assert Incident.objects.count() == 2


def test_look_at_the_same_says_nothing_new(found: Found):
    one = found()
    look()
    before = Incident.objects.get()
    found(machine=MachineFactory.create(customer=one.customer), rule="clock_right", cause="clock")
    look()
    after = Incident.objects.get(pk=before.pk)
    assert (after.told_at, after.round) == (before.told_at, 1)
    assert steps() == ["opened", "opened"]


def test_what_is_mended_closes_by_itself(found: Found, mend: Found, frozen_clock: Any):
    one = found()
    look()
    frozen_clock.shift(timedelta(minutes=5))
    mend(one)
    look()
    incident = Incident.objects.get()
    assert incident.closed_at == timezone.now()
    assert steps() == ["opened", "closed"]


def test_what_gets_worse_is_said_once(found: Found):
    one = found(
        rule="backup_fresh", cause="backup", machine=None, customer=CustomerFactory.create()
    )
    look()
    found(
        rule="backup_overdue", cause="backup", severity="critical", machine=None,
        customer=one.customer,
    )  # fmt: skip
    look()
    incident = Incident.objects.get()
    assert (incident.severity, incident.rule, incident.machines) == (
        "critical",
        "backup_overdue",
        0,
    )
    assert steps() == ["opened", "worsened"]


def test_what_comes_back_within_a_day_is_the_same_incident(
    found: Found, mend: Found, frozen_clock: Any
):
    one = found()
    look()
    frozen_clock.shift(timedelta(hours=1))
    mend(one)
    look()
    frozen_clock.shift(timedelta(hours=1))
    mend(one, is_open=True)
    look()
    incident = Incident.objects.get()
    assert (incident.closed_at, incident.round, incident.opened_at) == (None, 2, timezone.now())
    assert steps() == ["opened", "closed", "reopened"]


def test_what_comes_back_later_is_another_incident(found: Found, mend: Found, frozen_clock: Any):
    one = found()
    look()
    mend(one)
    look()
    frozen_clock.shift(timedelta(hours=25))
    mend(one, is_open=True)
    look()
    assert Incident.objects.count() == 2
    assert Incident.objects.filter(closed_at=None).count() == 1


def test_what_comes_and_goes_is_said_to_be_unstable_once_a_day(
    found: Found, mend: Found, frozen_clock: Any
):
    one = found()
    look()
    for turn in range(10):
        frozen_clock.shift(timedelta(minutes=30))
        mend(one, is_open=bool(turn % 2))
        look()
    assert steps() == ["opened", "closed", "reopened", "closed", "reopened", "unstable"]
    incident = Incident.objects.get()
    # It stands while nobody can say how it is, and rests once a day was quiet.
    assert incident.closed_at is None
    mend(one)
    look()
    frozen_clock.shift(timedelta(hours=25))
    look()
    incident.refresh_from_db()
    assert incident.closed_at == timezone.now()
    look()
    assert steps()[-2:] == ["unstable", "closed"]


def test_practice_that_left_needs_nobody(found: Found):
    one = found()
    look()
    one.customer.is_active = False
    one.customer.save()
    from quenotte.provider.fleet import operations as fleet

    fleet.touch([one.customer_id], now=timezone.now())
    look()
    assert Incident.objects.get().closed_at is not None


def test_killed_between_the_finding_and_the_incident_loses_nothing(
    found: Found, monkeypatch: pytest.MonkeyPatch
):
    from quenotte.provider.incidents.operations import telling

    def die(*_args: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    found(severity="critical")
    with monkeypatch.context() as patch:
        patch.setattr(telling, "tell", die)
        with pytest.raises(KeyboardInterrupt):
            look()
    assert not Incident.objects.exists()
    assert Unsettled.objects.count() == 1
    look()
    assert Incident.objects.count() == 1


def own(found: Found, customer: Any, rule: str, severity: str, **values: Any) -> Any:
    """Break a rule of the copies of a practice, as its server tells of them."""
    return found(
        machine=None, customer=customer, rule=rule, cause="backup", severity=severity,
        **{"reason": "old", "values": {}, **values},
    )  # fmt: skip


def morning_says() -> list[str]:
    return [one.sentence for one in queries.rows_of(queries.needs())]


def test_one_line_names_what_is_broken_of_the_copies(found: Found, mend: Found):
    customer = CustomerFactory.create()
    light = own(found, customer, "backup_light", "important", reason="yes")
    left = own(found, customer, "medium_left", "important", values={"days": 2})
    own(found, customer, "backup_proven", "critical", values={"days": 3})
    look()
    assert morning_says() == [
        "sauvegarde non prouvée depuis 3 jours, disque resté branché, voyant rouge au cabinet"
    ]
    mend(light)
    look()
    assert morning_says() == ["sauvegarde non prouvée depuis 3 jours, disque resté branché"]
    mend(left)
    look()
    assert morning_says() == ["sauvegarde non prouvée depuis 3 jours"]
    assert Incident.objects.get().also == []


def test_line_says_nothing_twice_and_names_three_at_most(found: Found):
    customer = CustomerFactory.create()
    own(found, customer, "backup_light", "important", reason="yes")
    own(found, customer, "backup_fresh", "important", reason="none")
    own(found, customer, "backup_offline", "important", values={"days": 40})
    own(found, customer, "medium_left", "important", values={"days": 2})
    own(found, customer, "backup_overdue", "critical", reason="none")
    look()
    assert morning_says() == [
        "aucune sauvegarde, dernière copie hors ligne il y a 40 jours, disque resté branché"
    ]


def test_disk_that_is_left_stands_before_the_light_that_it_turned_red(found: Found):
    customer = CustomerFactory.create()
    own(found, customer, "backup_light", "important", reason="yes")
    own(found, customer, "medium_left", "important", values={"days": 2})
    look()
    assert morning_says() == ["disque resté branché depuis 2 jours, voyant rouge au cabinet"]


def test_rules_of_machines_are_counted_and_not_listed(found: Found):
    customer = CustomerFactory.create()
    for rule, reason in (("antivirus_active", "none"), ("antivirus_fresh", "stale")):
        found(
            machine=MachineFactory.create(customer=customer), rule=rule, cause="antivirus",
            severity="critical" if reason == "none" else "important", reason=reason,
        )  # fmt: skip
    look()
    assert morning_says() == ["aucun antivirus (×2)"]
