"""Thousands that the rules have to look at keep nobody else from being told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.provider.fleet import operations
from quenotte.provider.fleet.models import Finding, Posture, State
from quenotte.provider.fleet.operations import judging
from quenotte.provider.incidents import jobs
from quenotte.provider.incidents.models import Incident
from tests_provider.factories import MachineFactory
from tests_provider.fleet.test_judging import WINDOWS, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at few machines at a time."""
    monkeypatch.setattr(judging, "_BATCH", 2)


def due() -> int:
    return State.objects.filter(is_due=True).count()


def test_look_ends_with_its_time_and_goes_on_the_next_time():
    for _ in range(5):
        tell(MachineFactory.create(), WINDOWS)
    now = timezone.now()
    # However little time there is, somebody is looked at.
    operations.judge_due(now=now, rounds=20, within_s=0)
    assert due() == 3
    operations.judge_due(now=now, rounds=20, within_s=0)
    assert due() == 1
    operations.judge_due(now=now, rounds=20, within_s=60)
    assert due() == 0


def test_those_whose_hour_came_keep_nobody_whose_facts_changed():
    machines = [MachineFactory.create() for _ in range(6)]
    for one in machines:
        tell(one, WINDOWS)
    operations.judge_due(now=timezone.now(), rounds=20)
    later = timezone.now() + timedelta(hours=2)
    tell(machines[-1], {**WINDOWS, "machine.name": {"value": "POSTE"}})
    operations.judge_due(now=later)
    assert due() == 0
    assert Posture.objects.filter(judged_at=later).count() == 2
    operations.judge_due(now=later, rounds=20)
    assert Posture.objects.filter(judged_at=later).count() == 6


def test_who_spoke_last_waits_behind_nobody_and_who_waits_longest_has_half():
    machines = [MachineFactory.create() for _ in range(7)]
    begun = timezone.now() - timedelta(hours=1)
    for number, one in enumerate(machines):
        tell(one, WINDOWS)
        State.objects.filter(machine=one).update(seen_at=begun + timedelta(minutes=number))
    first, *_, last = machines
    operations.judge_due(now=timezone.now())
    assert set(Posture.objects.values_list("machine_id", flat=True)) == {first.id, last.id}


def test_machines_with_several_sources_fill_a_look(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(judging, "_BATCH", 4)
    begun = timezone.now() - timedelta(hours=1)
    for number in range(6):
        machine = MachineFactory.create()
        tell(machine, WINDOWS)
        at = begun + timedelta(minutes=number)
        for source in ("osquery", "practice"):
            State.objects.create(
                machine=machine, source=source, day=at.date(), is_due=True, seen_at=at
            )
        State.objects.filter(machine=machine).update(seen_at=at)
    operations.judge_due(now=timezone.now())
    assert Posture.objects.count() == 4
    operations.judge_due(now=timezone.now())
    assert Posture.objects.count() == 6


def test_machine_that_is_believed_no_more_waits_for_nobody():
    gone, *others = (MachineFactory.create() for _ in range(6))
    for one in (gone, *others):
        tell(one, WINDOWS)
    operations.judge_due(now=timezone.now(), rounds=20)
    gone.standing = "revoked"
    gone.save()
    for one in others:
        tell(one, {**WINDOWS, "machine.name": {"value": "POSTE"}})
    operations.judge_due(now=timezone.now())
    assert not Finding.objects.filter(machine=gone).exists()


def test_what_was_found_is_drawn_though_others_wait_for_the_rules(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "_WITHIN_S", 0.0)
    for _ in range(5):
        tell(MachineFactory.create(), WINDOWS)
    jobs.look()
    assert due() == 3
    assert Incident.objects.exists()
    jobs.look()
    jobs.look()
    assert due() == 0
