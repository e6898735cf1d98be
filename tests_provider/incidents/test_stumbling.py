"""One practice at which a rule or a drawing raises keeps none of the others, and is named."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError
from django.utils import timezone

from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.provider.customers.models import Customer
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet import queries as shown
from quenotte.provider.fleet.models import Finding, Posture, State, Stumble, Unsettled
from quenotte.provider.incidents import jobs
from quenotte.provider.incidents.models import Incident, Window
from quenotte.provider.incidents.operations import settling, turning
from tests_provider.factories import (
    CustomerFactory,
    MachineFactory,
    PostureFactory,
    StateFactory,
)
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]


def breaking(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, sick: Any) -> list[bool]:
    """Let a function raise where one practice or machine is among its first argument's."""
    real, is_sick = getattr(module, name), [True]

    def fails(first: Any, *given: Any, **named: Any) -> Any:
        among = first if isinstance(first, set | dict | list | tuple) else [first]
        if is_sick[0] and sick in among:
            raise ZeroDivisionError("a secret of the practice")
        return real(first, *given, **named)

    monkeypatch.setattr(module, name, fails)
    return is_sick


def test_drawing_that_fails_at_one_practice_goes_on_with_the_others(
    found: Found, monkeypatch: Any, frozen_clock: Any, caplog: Any
):
    sick, *well = (found().customer_id for _number in range(6))
    is_sick = breaking(monkeypatch, settling, "_draw_practice", sick)
    look()
    assert set(Incident.objects.values_list("customer_id", flat=True)) == set(well)
    assert list(Unsettled.objects.values_list("customer_id", flat=True)) == [sick]
    (noted,) = shown.stumbles().found
    assert (noted.customer_id, noted.part, noted.error) == (sick, "incidents", "ZeroDivisionError")
    assert str(sick) in caplog.text
    assert "a secret" not in caplog.text

    # It is left in peace for a while, then tried again; what succeeds is forgotten.
    first = Stumble.objects.get().since
    frozen_clock.shift(timedelta(minutes=6))
    look()
    assert (Stumble.objects.get().since, Stumble.objects.get().at > first) == (first, True)
    is_sick[0] = False
    frozen_clock.shift(timedelta(minutes=6))
    look()
    assert Incident.objects.filter(customer_id=sick).exists()
    assert not Stumble.objects.exists()
    assert not Unsettled.objects.exists()


def test_database_that_does_not_answer_is_nobodys_fault(found: Found, monkeypatch: Any):
    found()

    def away(*_given: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(settling, "_draw_practice", away)
    with pytest.raises(OperationalError):
        look()
    assert not Stumble.objects.exists()


def test_silence_of_one_machine_that_cannot_be_judged_keeps_no_other(
    monkeypatch: Any, frozen_clock: Any, caplog: Any
):
    from quenotte.provider.customers import queries as customers

    at = timezone.now() - timedelta(days=3)
    machines = [MachineFactory.create(enrolled_at=at) for _number in range(5)]
    for one in machines:
        StateFactory.create(machine=one, seen_at=at, day=at.date())
        PostureFactory.create(machine=one, judged_at=at, alert_after=at)
    sick = machines[2]
    is_sick = breaking(monkeypatch, customers, "hours_of", sick.customer_id)
    fleet.sweep(now=timezone.now())
    silent = Posture.objects.filter(silent_since__isnull=False)
    assert silent.count() == 4
    (noted,) = shown.stumbles().found
    assert (noted.customer_id, noted.part, noted.subject) == (
        sick.customer_id, "silence", str(sick.id),
    )  # fmt: skip
    # Not each twenty seconds.
    assert fleet.sweep(now=timezone.now() + timedelta(minutes=1)) == []
    is_sick[0] = False
    fleet.sweep(now=timezone.now() + timedelta(minutes=6))
    assert silent.count() == 5
    assert not Stumble.objects.exists()


def test_rule_that_fails_on_one_machine_is_noted_until_it_succeeds(monkeypatch: Any):
    from quenotte.provider.fleet.operations import judging

    machines = [MachineFactory.create() for _number in range(3)]
    for one in machines:
        StateFactory.create(machine=one, is_due=True)
    is_sick = [True]
    real: Any = getattr(judging, "verdicts")  # noqa: B009 - it is not exported

    def fails(*given: Any, **named: Any) -> Any:
        if is_sick[0]:
            raise ZeroDivisionError
        return real(*given, **named)

    monkeypatch.setattr(judging, "verdicts", fails)
    fleet.judge_due(now=timezone.now())
    assert Stumble.objects.filter(part="rules").count() == 3
    is_sick[0] = False
    fleet.judge({machines[0].id}, now=timezone.now())
    left = set(Stumble.objects.values_list("subject", flat=True))
    assert left == {str(one.id) for one in machines[1:]}


@pytest.mark.parametrize("kind", [IntegrityError, DataError])
def test_error_of_the_database_on_one_machine_keeps_no_other(
    monkeypatch: Any, kind: type[Exception]
):
    from quenotte.provider.fleet.operations import judging

    machines = [MachineFactory.create() for _number in range(5)]
    for one in machines:
        StateFactory.create(machine=one, is_due=True)
    sick, real = machines[2], judging.judge

    def fails(machine_ids: Any, *, now: Any) -> Any:
        told = real(machine_ids, now=now)
        if sick.id in machine_ids:
            raise kind("a secret of the practice")
        return told

    monkeypatch.setattr(judging, "judge", fails)
    fleet.judge_due(now=timezone.now())
    assert Stumble.objects.get().subject == str(sick.id)
    assert not State.objects.filter(is_due=True).exists()
    assert Posture.objects.count() == 5
    # What was found of the others stays, of the sick one nothing does.
    assert set(Finding.objects.values_list("machine_id", flat=True)) == {
        one.id for one in machines if one != sick
    }


def test_part_that_an_error_of_the_database_stops_keeps_no_other_part():
    def unlucky(*, now: Any) -> None:
        raise IntegrityError(str(now))

    assert isinstance(jobs._tried(unlucky, timezone.now()), IntegrityError)


def test_nothing_of_a_machine_that_is_believed_no_more_is_said_to_fail():
    machine, at = MachineFactory.create(), timezone.now()
    PostureFactory.create(machine=machine)
    for part in ("rules", "silence"):
        Stumble.objects.create(
            customer=machine.customer, part=part, subject=str(machine.id), since=at, at=at
        )
    type(machine).objects.update(standing="revoked")
    fleet.judge_due(now=at)
    assert not Stumble.objects.exists()


def test_copies_that_are_told_again_fail_no_more():
    server, at = MachineFactory.create(speaks_for_practice=True), timezone.now()
    silent = MachineFactory.create(speaks_for_practice=True)
    for one, heard_at in ((server, at), (silent, at - timedelta(days=2))):
        StateFactory.create(machine=one, source="practice", seen_at=heard_at)
        Stumble.objects.create(customer=one.customer, part="copies", since=at, at=at)
    fleet.hear_copies(now=at)
    assert not Stumble.objects.exists()


def test_practice_whose_unknown_copies_fail_keeps_no_other(monkeypatch: Any, frozen_clock: Any):
    from quenotte.provider.fleet.operations import listening

    practices = [CustomerFactory.create() for _number in range(5)]
    frozen_clock.shift(timedelta(days=8))
    sick, real, is_sick = practices[2].id, listening._tell_unknown, [True]

    def fails(finding: Finding, *given: Any) -> Any:
        if is_sick[0] and finding.customer_id == sick:
            raise ZeroDivisionError
        return real(finding, *given)

    monkeypatch.setattr(listening, "_tell_unknown", fails)
    told = fleet.hear_copies(now=timezone.now())
    assert {one.finding.customer_id for one in told} == {one.id for one in practices} - {sick}
    assert set(Unsettled.objects.values_list("customer_id", flat=True)) == {
        one.id for one in practices if one.id != sick
    }
    (noted,) = shown.stumbles().found
    assert (noted.customer_id, noted.part) == (sick, "untold")
    since = noted.since
    frozen_clock.shift(timedelta(hours=1))
    assert fleet.hear_copies(now=timezone.now()) == []
    assert Stumble.objects.get().since == since
    is_sick[0] = False
    assert [one.finding.customer_id for one in fleet.hear_copies(now=timezone.now())] == [sick]
    assert not Stumble.objects.exists()


def test_copies_that_are_known_are_told_though_another_practice_fails(
    monkeypatch: Any, frozen_clock: Any
):
    from quenotte.provider.fleet.operations import listening

    servers = [MachineFactory.create(speaks_for_practice=True) for _number in range(4)]
    for one in servers:
        StateFactory.create(machine=one, source="practice")
    frozen_clock.shift(timedelta(hours=6))
    assert len(fleet.hear_copies(now=timezone.now())) == 4
    State.objects.update(seen_at=timezone.now())
    assert len(fleet.hear_copies(now=timezone.now())) == 4
    frozen_clock.shift(timedelta(hours=6))
    # Their findings are rows by now: what a part that failed had changed of them was undone.
    sick, real = max(one.customer_id for one in servers), listening._tell_copies

    def fails(finding: Finding, *given: Any) -> Any:
        if finding.customer_id == sick:
            raise ZeroDivisionError
        return real(finding, *given)

    monkeypatch.setattr(listening, "_tell_copies", fails)
    assert len(fleet.hear_copies(now=timezone.now())) == 3
    assert Finding.objects.filter(rule="backup_silence", is_open=True).count() == 3


def test_practice_that_fails_in_a_storm_keeps_no_other_out_of_it(
    monkeypatch: Any, frozen_clock: Any
):
    from quenotte.provider.incidents.operations import storming

    for _number in range(12):
        PostureFactory.create(silent_since=timezone.now() - timedelta(minutes=1), is_sudden=True)
    sick, real, is_sick = Posture.objects.order_by("pk")[4].machine, storming._blow, [True]

    def fails(storm: Incident, machines: Any) -> None:
        if is_sick[0] and str(sick.id) in machines:
            raise ZeroDivisionError
        real(storm, machines)

    monkeypatch.setattr(storming, "_blow", fails)
    look()
    storm = Incident.objects.get(customer=None)
    assert (storm.machines, storm.machines_blown.count()) == (12, 11)
    (noted,) = shown.stumbles().found
    assert (noted.customer_id, noted.part) == (sick.customer_id, "storm")
    is_sick[0] = False
    look()
    assert storm.machines_blown.count() == 12
    assert not Stumble.objects.exists()
    is_sick[0] = True
    Stumble.objects.create(
        customer=sick.customer, part="storm", since=timezone.now(), at=timezone.now()
    )
    Posture.objects.update(silent_since=None, is_sudden=False)
    look()
    look()
    assert not Stumble.objects.exists()


def test_window_that_is_gone_fails_no_more():
    at = timezone.now()
    Stumble.objects.create(customer=CustomerFactory.create(), part="window", since=at, at=at)
    turning.turn(now=at)
    assert not Stumble.objects.exists()


def test_window_whose_end_fails_keeps_no_other_window(
    tom: Person, monkeypatch: Any, frozen_clock: Any
):
    now = timezone.now()
    over = {"starts_at": now - timedelta(hours=3), "ends_at": now - timedelta(hours=1)}
    windows = [
        Window.objects.create(
            customer=CustomerFactory.create(), why="Visite", planned_by=tom, planned_at=now, **over
        )
        for _number in range(3)
    ]
    sick = windows[0]
    real = turning._end_window

    def fails(window: Window, at: Any) -> None:
        if window.pk == sick.pk:
            raise ZeroDivisionError
        real(window, at)

    monkeypatch.setattr(turning, "_end_window", fails)
    turning.turn(now=now)
    assert Window.objects.filter(settled_at=None).get() == sick
    assert Stumble.objects.get().customer_id == sick.customer_id


def test_page_of_the_morning_names_the_practice(tom: Person, client_of: Any):
    customer: Customer = CustomerFactory.create(name="Cabinet des Glycines")
    at = timezone.now()
    Stumble.objects.create(customer=customer, part="rules", since=at, at=at, error="KeyError")
    page = client_of(tom).get("/parc/").content.decode()
    assert "Les règles échouent sur 1 cabinet<" in page
    assert "Cabinet des Glycines" in page


def test_page_of_the_morning_is_not_calm_while_the_rules_fail(
    tom: Person, client_of: Any, found: Found
):
    at = timezone.now()
    Run.objects.create(name=jobs.look.name, state=Run.State.DONE, finished_at=at)
    sick = [CustomerFactory.create().id for _number in range(14)]
    needing = found().customer_id
    look()
    CustomerFactory.create()
    for one in [*sick, needing]:
        Stumble.objects.create(customer_id=one, part="rules", since=at, at=at, error="KeyError")
    client = client_of(tom)
    page = client.get("/parc/").content.decode()
    assert "Les règles échouent sur 15 cabinets<" in page
    assert "et 3 autres." in page
    # Of sixteen one needs somebody, and of fourteen nobody knows.
    assert "1 n’a besoin de rien." in page
    Incident.objects.all().delete()
    page = client.get("/parc/").content.decode()
    assert "Personne n’a besoin de vous" not in page
    Stumble.objects.all().delete()
    assert "Personne n’a besoin de vous" in client.get("/parc/").content.decode()
