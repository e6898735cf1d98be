"""Planned quiet ends by itself, replays nothing, and changes no truth."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.models import Finding
from quenotte.provider.incidents import operations, queries
from quenotte.provider.incidents.models import Incident, Muted, Outgoing, Step, Window
from tests_provider.factories import DutyFactory, MachineFactory
from tests_provider.fleet.test_judging import WINDOWS, tell
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]
HOUR = timedelta(hours=1)


def plan(machine: Any, actor: Actor, *, whole: bool = True, length: timedelta = 2 * HOUR) -> Window:
    now = timezone.now()
    return operations.plan(
        customer_id=machine.customer_id,
        machine_id=None if whole else machine.id,
        starts_at=now,
        ends_at=now + length,
        why="Changement du serveur",
        actor=actor,
    )


def needing() -> int:
    return queries.needing().count()


def test_what_came_and_went_within_a_window_is_never_told(
    tom: Person, actor: Actor, found: Found, mend: Found, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    machine = MachineFactory.create()
    plan(machine, actor)
    finding = found(machine=machine, severity="critical")
    look()
    assert not Incident.objects.exists()
    (muted,) = Muted.objects.all()
    assert (muted.machine, muted.rule) == (machine, "disks_encrypted")
    mend(finding)
    look()
    frozen_clock.shift(3 * HOUR)
    look()
    assert not Incident.objects.exists()
    assert not Outgoing.objects.exists()
    assert Window.objects.get().settled_at == timezone.now()


def test_what_is_still_wrong_has_to_be_seen_again(actor: Actor, tom: Person, frozen_clock: Any):
    DutyFactory.create(person=tom)
    machine = MachineFactory.create()
    plan(machine, actor)
    tell(machine, WINDOWS)
    frozen_clock.shift(timedelta(minutes=1))
    fleet.judge_due(now=timezone.now())
    look()
    assert Muted.objects.count() == 2
    frozen_clock.shift(2 * HOUR)
    look()
    # Nothing is told from memory.
    assert not Finding.objects.filter(is_open=True).exists()
    assert not Incident.objects.exists()
    fleet.judge_due(now=timezone.now())
    look()
    assert needing() == 2
    assert set(Incident.objects.values_list("opened_at", flat=True)) == {timezone.now()}


def test_incident_from_before_is_muted_and_comes_back_without_a_second_message(
    tom: Person, actor: Actor, found: Found, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    finding = found(severity="critical")
    look()
    assert (needing(), Outgoing.objects.count()) == (1, 1)
    frozen_clock.shift(HOUR)
    plan(finding.machine, actor)
    look()
    assert (needing(), Incident.objects.get().standing) == (0, "muted")
    frozen_clock.shift(3 * HOUR)
    look()
    assert (needing(), Outgoing.objects.count()) == (1, 1)
    assert list(Step.objects.values_list("kind", flat=True)) == ["opened", "muted", "back"]


def test_window_of_one_machine_leaves_the_others(actor: Actor, found: Found):
    machine = MachineFactory.create()
    plan(machine, actor, whole=False)
    found(machine=machine)
    found(machine=MachineFactory.create(customer=machine.customer))
    look()
    assert (Incident.objects.get().machines, needing()) == (1, 1)
    assert Muted.objects.count() == 1


def test_silence_counts_from_the_end_of_the_window(actor: Actor, frozen_clock: Any):
    machine = MachineFactory.create()
    tell(machine, {"os.family": {"value": "windows"}})
    fleet.judge_due(now=timezone.now())
    plan(machine, actor)
    frozen_clock.shift(HOUR)
    fleet.sweep(now=timezone.now())
    look()
    assert Finding.objects.get(rule="silence").is_open
    frozen_clock.shift(HOUR)
    look()
    fleet.sweep(now=timezone.now())
    assert not Finding.objects.get(rule="silence").is_open
    frozen_clock.shift(timedelta(minutes=46))
    fleet.sweep(now=timezone.now())
    assert Finding.objects.get(rule="silence").is_open


def test_silence_of_copies_counts_from_the_end_of_the_window(actor: Actor, frozen_clock: Any):
    server = MachineFactory.create(speaks_for_practice=True)
    tell(server, {"backup.has_anomaly": {"value": False}}, source="practice")
    fleet.judge_due(now=timezone.now())
    plan(server, actor, length=8 * HOUR)
    look()
    frozen_clock.shift(6 * HOUR)
    fleet.hear_copies(now=timezone.now())
    look()
    assert Finding.objects.get(rule="backup_silence").is_open
    frozen_clock.shift(2 * HOUR)
    look()
    for hours in (0, 4):
        frozen_clock.shift(hours * HOUR)
        assert fleet.hear_copies(now=timezone.now()) == []
    assert not Incident.objects.filter(cause="backup", closed_at=None).exists()
    frozen_clock.shift(HOUR)
    (told,) = fleet.hear_copies(now=timezone.now())
    assert told.event == "opened"


def test_window_that_was_planned_begins_by_itself(actor: Actor, found: Found, frozen_clock: Any):
    finding = found()
    look()
    now = timezone.now()
    operations.plan(
        customer_id=finding.customer_id, machine_id=None, starts_at=now + HOUR,
        ends_at=now + 2 * HOUR, why="Travaux", actor=actor,
    )  # fmt: skip
    look()
    assert needing() == 1
    frozen_clock.shift(HOUR)
    look()
    assert needing() == 0


def test_window_that_is_over_is_ended_by_nobody(actor: Actor, frozen_clock: Any):
    window = plan(MachineFactory.create(), actor)
    frozen_clock.shift(3 * HOUR)
    with pytest.raises(operations.WindowIsOver):
        operations.end_now(window_id=window.id, actor=actor)


def grant(finding: Finding, actor: Actor, days: int = 30) -> Any:
    return operations.grant(
        finding_id=finding.id,
        why="Remplacé en septembre",
        ends_at=timezone.now() + timedelta(days=days),
        actor=actor,
    )


def test_exemption_bears_what_it_is_about_and_ends_by_itself(
    tom: Person, actor: Actor, found: Found, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    finding = found(severity="critical")
    look()
    grant(finding, actor)
    look()
    assert (needing(), Incident.objects.get().standing) == (0, "borne")
    finding.refresh_from_db()
    assert (finding.state, finding.is_open) == ("bad", True)
    frozen_clock.shift(timedelta(days=31))
    look()
    assert needing() == 1
    assert Outgoing.objects.count() == 1
    assert queries.standing_exemptions(timezone.now()).count() == 0


def test_next_fault_of_the_same_rule_is_not_borne(actor: Actor, found: Found):
    finding = found(rule="antivirus_active", cause="antivirus", reason="inactive")
    look()
    grant(finding, actor)
    look()
    assert needing() == 0
    finding.reason = "none"
    finding.save()
    fleet.touch([finding.customer_id], now=timezone.now())
    look()
    assert needing() == 1


@pytest.mark.parametrize(
    ("rule", "reason", "before", "after"),
    [
        ("remote_tools", "foreign", {"names": ["AnyDesk"]}, {"names": ["AnyDesk", "UltraVNC"]}),
        ("open_ports", "open", {"ports": [3389]}, {"ports": [23, 3389]}),
        ("disks_encrypted", "plain", {"names": ["C:"]}, {"names": ["D:"]}),
    ],
)
def test_next_thing_of_the_same_fault_is_not_borne(
    actor: Actor, found: Found, rule: str, reason: str, before: dict[str, Any],
    after: dict[str, Any],
):  # fmt: skip
    finding = found(rule=rule, reason=reason, values=before)
    made = grant(finding, actor)
    look()
    assert needing() == 0
    (stands,) = queries.findings_of(finding.customer_id, timezone.now())
    assert stands.exemption == made
    finding.values = after
    finding.save()
    fleet.touch([finding.customer_id], now=timezone.now())
    look()
    assert needing() == 1
    (stands,) = queries.findings_of(finding.customer_id, timezone.now())
    assert stands.exemption is None
    finding.values = {}
    finding.save()
    fleet.touch([finding.customer_id], now=timezone.now())
    look()
    assert needing() == 0


def test_what_cannot_be_read_any_more_stays_borne(actor: Actor, found: Found):
    finding = found()
    grant(finding, actor)
    finding.state, finding.reason = "unknown", "not_readable"
    finding.save()
    look()
    assert needing() == 0


def test_other_machine_is_not_borne(actor: Actor, found: Found):
    finding = found()
    found(machine=MachineFactory.create(customer=finding.customer))
    grant(finding, actor)
    look()
    assert Incident.objects.get().machines == 1


def test_one_exemption_at_a_time(actor: Actor, found: Found):
    finding = found()
    grant(finding, actor)
    with pytest.raises(operations.AlreadyExempt):
        grant(finding, actor)


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_exemption_ends_within_a_year(actor: Actor, found: Found, days: int):
    with pytest.raises(operations.BadExemption):
        grant(found(), actor, days)


def test_rule_that_is_kept_needs_none(actor: Actor, found: Found):
    with pytest.raises(operations.BadExemption):
        grant(found(is_open=False, state="ok", reason="ok"), actor)


def test_what_is_decided_while_the_worker_looks_counts(
    actor: Actor, found: Found, frozen_clock: Any
):
    """The worker's look began before: its clock is behind what a person has just decided."""
    finding = found()
    began = timezone.now()
    frozen_clock.shift(timedelta(seconds=3))
    grant(finding, actor)
    operations.draw(now=began)
    assert needing() == 0
