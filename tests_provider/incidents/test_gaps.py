"""Time in which our own door did not listen is nobody's silence; what was silent stays so."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet import hearing
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet import queries as shown
from quenotte.provider.fleet.models import Finding, Inventory, Listening, Posture, State
from quenotte.provider.incidents import queries
from quenotte.provider.incidents.models import Incident
from tests_provider.factories import CustomerFactory, DutyFactory, MachineFactory
from tests_provider.fleet.test_agents import beside
from tests_provider.fleet.test_judging import WINDOWS, tell
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
#: Eight in the evening in Paris, a Tuesday; seven the next morning.
EVENING = datetime(2026, 3, 17, 19, tzinfo=UTC)
MORNING = EVENING + 11 * HOUR


@pytest.fixture(autouse=True)
def in_the_evening(frozen_clock: Any) -> None:
    """Begin an hour before our own server stops."""
    frozen_clock.move_to(EVENING - HOUR)


def servers(count: int, **values: Any) -> list[Machine]:
    """Return machines that are expected at any hour, each at a practice of its own."""
    found = [
        MachineFactory.create(customer=CustomerFactory.create(), **values) for _ in range(count)
    ]
    for one in found:
        Inventory.objects.create(
            machine=one, source=one.agent, reported_at=timezone.now(),
            facts={"machine.is_server": {"value": True}},
        )  # fmt: skip
    hear(*found)
    return found


def hear(*machines: Machine) -> None:
    at = timezone.now()
    for one in machines:
        State.objects.update_or_create(
            machine=one, source=one.agent, defaults={"seen_at": at, "day": at.date()}
        )
        Posture.objects.get_or_create(machine=one, defaults={"judged_at": at, "alert_after": at})


def turn() -> None:
    """Do what the worker does each twenty seconds."""
    fleet.sweep(now=timezone.now())
    look()


def live(clock: Any, until: datetime, *speakers: Machine, step: timedelta = 5 * MINUTE) -> None:
    """Let our door listen, and machines speak, until an instant."""
    due = timezone.now() + step
    while timezone.now() < until:
        clock.shift(5 * MINUTE)
        fleet.attend(now=timezone.now())
        if timezone.now() >= due:
            due += step
            hear(*speakers)
            turn()


def look_at(machine: Machine) -> None:
    """Look at the silence of a machine anew, as when the hours of its practice change."""
    Posture.objects.filter(pk=machine.pk).update(alert_after=timezone.now())
    customer = machine.customer
    customer.is_due = True
    customer.save()
    assert fleet.heed_changes(now=timezone.now()) == []


def silent() -> int:
    return Posture.objects.filter(silent_since__isnull=False).count()


def test_night_in_which_our_server_was_off_tells_of_nobody(tom: Person, frozen_clock: Any):
    DutyFactory.create(person=tom)
    machines = servers(40)
    live(frozen_clock, EVENING, *machines)
    frozen_clock.move_to(MORNING)
    # The worker is up before the door: it has to know already.
    turn()
    assert (silent(), Incident.objects.count()) == (0, 0)
    fleet.attend(now=timezone.now())
    # All but two of them are heard again.
    live(frozen_clock, MORNING + 40 * MINUTE, *machines[2:])
    assert (silent(), Incident.objects.count()) == (0, 0)
    live(frozen_clock, MORNING + 50 * MINUTE, *machines[2:])
    assert silent() == 2
    for one in Finding.objects.filter(rule="silence", is_open=True):
        # It was heard last in the evening, and is missed since the morning.
        assert one.values == {"last_seen_at": EVENING.isoformat()}
        assert one.since == MORNING + 5 * MINUTE


def test_without_the_word_of_the_door_forty_practices_would_be_told(frozen_clock: Any):
    machines = servers(40)
    live(frozen_clock, EVENING, *machines)
    Listening.objects.all().delete()
    frozen_clock.move_to(MORNING)
    turn()
    assert (silent(), Incident.objects.count()) == (40, 40)


def test_rules_that_did_not_look_while_the_door_heard_make_no_gap(frozen_clock: Any):
    alive, dead = servers(2)
    live(frozen_clock, EVENING, alive, dead)
    # The worker stops; the door goes on, and writes down what it hears.
    while timezone.now() < MORNING:
        frozen_clock.shift(5 * MINUTE)
        fleet.attend(now=timezone.now())
        hear(alive)
    turn()
    assert Posture.objects.get(silent_since__isnull=False).machine == dead


def test_machine_that_was_silent_before_the_gap_stays_so_as_one_incident(frozen_clock: Any):
    alive, dead = servers(2)
    live(frozen_clock, EVENING, alive)
    (before,) = Incident.objects.all()
    since = Posture.objects.get(machine=dead).silent_since
    frozen_clock.move_to(MORNING)
    turn()
    look_at(dead)
    look()
    live(frozen_clock, MORNING + 30 * MINUTE, alive)
    after = Incident.objects.get()
    assert (after.id, after.closed_at, after.round) == (before.id, None, before.round)
    assert Posture.objects.get(machine=dead).silent_since == since
    assert [one.kind for one in after.steps.order_by("at")] == ["opened"]


def test_agent_that_was_silent_before_the_gap_stays_so(frozen_clock: Any):
    (companion,) = servers(1)
    beside(companion, "osquery")
    hear(companion)
    live(frozen_clock, EVENING, companion, step=5 * MINUTE)
    finding = Finding.objects.get(rule="agent_silence")
    assert (finding.is_open, finding.values["names"]) == (True, ["osquery"])
    opened_at = finding.opened_at
    frozen_clock.move_to(MORNING)
    turn()
    live(frozen_clock, MORNING + 20 * MINUTE, companion)
    look_at(companion)
    finding.refresh_from_db()
    assert (finding.is_open, finding.opened_at) == (True, opened_at)


def test_agent_of_once_a_day_that_spoke_to_nobody_has_a_whole_day_again(frozen_clock: Any):
    (machine,) = servers(1, agent="glpi")
    # It spoke at eleven last night, and will again tonight, while we are off.
    frozen_clock.move_to(EVENING - 21 * HOUR)
    hear(machine)
    live(frozen_clock, EVENING, step=HOUR)
    frozen_clock.move_to(MORNING)
    fleet.attend(now=timezone.now())
    live(frozen_clock, MORNING + 31 * HOUR, step=HOUR)
    assert silent() == 0
    live(frozen_clock, MORNING + 33 * HOUR, step=HOUR)
    assert silent() == 1


def test_server_of_ours_that_comes_and_goes_mutes_nobody(frozen_clock: Any):
    (dead,) = servers(1)
    fleet.attend(now=timezone.now())
    for _time in range(6):
        frozen_clock.shift(15 * MINUTE)
        live(frozen_clock, timezone.now() + 15 * MINUTE)
    assert Posture.objects.get(silent_since__isnull=False).machine == dead


def test_copies_of_which_nobody_could_tell_are_not_silent(frozen_clock: Any):
    # It is on, and heard: of its copies alone nothing is told.
    server = MachineFactory.create(speaks_for_practice=True)
    tell(server, {"backup.has_anomaly": {"value": False}}, source="practice")
    live(frozen_clock, EVENING, server)
    frozen_clock.move_to(MORNING)
    assert fleet.hear_copies(now=timezone.now()) == []
    fleet.attend(now=timezone.now())
    live(frozen_clock, MORNING + 4 * HOUR, server)
    assert fleet.hear_copies(now=timezone.now()) == []
    live(frozen_clock, MORNING + 5 * HOUR, server)
    (told,) = fleet.hear_copies(now=timezone.now())
    assert (told.finding.rule, told.event) == ("backup_silence", "opened")
    live(frozen_clock, MORNING + 6 * HOUR, server)
    frozen_clock.shift(2 * HOUR)
    # It stands through another gap.
    assert fleet.hear_copies(now=timezone.now()) == []


def test_copies_do_not_age_while_nobody_could_tell_of_newer_ones(frozen_clock: Any):
    server = MachineFactory.create(speaks_for_practice=True)
    copied = timezone.now() - 20 * HOUR
    facts: dict[str, Any] = {
        "backup.restorable_until": {"value": copied.isoformat().replace("+00:00", "Z")},
        "backup.is_red": {"value": True},
    }
    tell(server, facts, source="practice")
    live(frozen_clock, EVENING)
    fleet.judge_due(now=timezone.now())
    fresh = Finding.objects.get(rule="backup_fresh")
    assert fresh.state == "ok"
    frozen_clock.move_to(MORNING)
    fleet.attend(now=timezone.now())
    fleet.judge_due(now=timezone.now())
    fresh.refresh_from_db()
    assert fresh.state == "ok"
    opened = Finding.objects.filter(is_open=True, machine=None)
    assert list(opened.values_list("rule", flat=True)) == ["backup_light"]
    # A file of evidence that is made now signs nothing else.
    said = {
        one.verdict.rule: one
        for one in shown.look_at(server.customer_id, now=timezone.now()).copies
    }
    assert (said["backup_fresh"].verdict.state, said["backup_fresh"].verdict.reason) == (
        "unknown",
        "unheard",
    )
    assert said["backup_fresh"].words.startswith("notre serveur n’écoutait pas")
    assert said["backup_fresh"].verdict.evidence[0].source == "practice"
    # What is no older by our gap stands.
    assert said["backup_light"].verdict.state == "bad"
    # An hour later it should have told of newer ones.
    live(frozen_clock, MORNING + 2 * HOUR)
    fleet.judge_due(now=timezone.now())
    fresh.refresh_from_db()
    assert fresh.state == "bad"
    copies = shown.look_at(server.customer_id, now=timezone.now()).copies
    assert [one.verdict.state for one in copies if one.verdict.rule == "backup_fresh"] == ["bad"]


def verdict(machine: Machine, rule: str) -> tuple[str, str]:
    """Return what a file of evidence that is made now says of a machine."""
    (looked,) = shown.look_at(machine.customer_id, now=timezone.now()).machines
    (one,) = [one.verdict for one in looked.said if one.verdict.rule == rule]
    return (one.state, one.reason)


def desk() -> Machine:
    """Return a workstation at a practice that is open from half past eight to seven."""
    customer = CustomerFactory.create()
    for day in range(5):
        customer.openings.create(weekday=day, starts_at=time(8, 30), ends_at=time(19))
    machine: Machine = MachineFactory.create(customer=customer)
    return machine


def test_machine_that_was_on_all_night_is_not_said_to_have_slept_in_our_gap(frozen_clock: Any):
    machine = desk()
    frozen_clock.move_to(EVENING - 24 * HOUR)
    day_after = MORNING + 3 * HOUR
    # On for a night that is heard, a day, and a night that is not.
    while timezone.now() < day_after:
        if not EVENING <= timezone.now() < MORNING:
            fleet.attend(now=timezone.now())
            tell(machine, WINDOWS)
            fleet.judge_due(now=timezone.now())
        if timezone.now() == EVENING - HOUR:
            assert Finding.objects.get(rule="left_on").is_open
        frozen_clock.shift(5 * MINUTE)
    found = Finding.objects.get(rule="left_on")
    assert (found.state, found.reason) == ("unknown", "unheard")
    # What was seen the night before was not mended by our own absence.
    assert found.is_open
    assert verdict(machine, "left_on") == ("unknown", "unheard")


def test_night_that_nobody_heard_is_nothing_to_mend_at_a_practice(frozen_clock: Any):
    machine = desk()
    for day in range(20):
        for hour in range(7, 18):
            frozen_clock.move_to(EVENING.replace(hour=0) + timedelta(days=day, hours=hour))
            live(frozen_clock, timezone.now() + 50 * MINUTE)
        tell(machine, WINDOWS)
        fleet.judge_due(now=timezone.now())
    assert Finding.objects.get(rule="left_on").reason == "unheard"
    unseen = Finding.objects.filter(rule="unseen").first()
    assert unseen is None or "left_on" not in unseen.values["rules"]


def test_evidence_knows_nothing_of_a_machine_that_only_our_gap_excuses(frozen_clock: Any):
    alive, dead = servers(2)
    live(frozen_clock, EVENING, alive, dead)
    assert verdict(dead, "silence") == ("ok", "ok")
    # The gap still lasts, and is older than what is borne of a silence.
    frozen_clock.move_to(EVENING + 30 * MINUTE)
    assert verdict(dead, "silence") == ("ok", "ok")
    frozen_clock.move_to(MORNING)
    assert verdict(dead, "silence") == ("unknown", "unheard")
    (looked,) = shown.look_at(dead.customer_id, now=timezone.now()).machines
    assert looked.said[-1].words.startswith("notre serveur n’écoutait pas")
    # It is over, and who was not heard since has its time anew.
    live(frozen_clock, MORNING + 20 * MINUTE, alive)
    assert verdict(alive, "silence") == ("ok", "ok")
    assert verdict(dead, "silence") == ("unknown", "unheard")
    live(frozen_clock, MORNING + 50 * MINUTE, alive)
    assert verdict(dead, "silence") == ("bad", "silent")


@pytest.mark.parametrize("rule", ["agent_silence", "agent_left"])
def test_evidence_waits_for_no_agent_that_is_known_to_be_silent(frozen_clock: Any, rule: str):
    # It speaks once a day; who spoke often is known to have died, or to be gone.
    (machine,) = servers(1, agent="glpi")
    beside(machine, "station")
    live(frozen_clock, EVENING, machine)
    silence = Finding.objects.filter(rule="agent_silence", state="bad")
    assert silence.update(rule=rule) == 1
    frozen_clock.move_to(MORNING)
    assert verdict(machine, "silence") == ("ok", "ok")


def test_evidence_waits_for_the_agents_of_a_machine_all_of_which_are_silent(frozen_clock: Any):
    (machine,) = servers(1)
    live(frozen_clock, EVENING, machine)
    Finding.objects.create(
        machine=machine, customer=machine.customer, rule="agent_silence", state="bad",
        cause="silence", severity="important", since=EVENING, values={"heard_at": {"station": ""}},
    )  # fmt: skip
    frozen_clock.move_to(MORNING)
    assert verdict(machine, "silence") == ("unknown", "unheard")


def test_evidence_of_a_practice_that_was_closed_in_our_gap_says_what_it_said(frozen_clock: Any):
    machine = desk()
    hear(machine)
    live(frozen_clock, EVENING)
    frozen_clock.move_to(MORNING)
    assert verdict(machine, "silence") == ("ok", "ok")


def test_server_that_told_since_our_gap_is_judged_by_what_it_told(frozen_clock: Any):
    server = MachineFactory.create(speaks_for_practice=True)
    fleet.attend(now=timezone.now())
    frozen_clock.move_to(MORNING)
    fleet.attend(now=timezone.now())
    copied = timezone.now() - 29 * HOUR
    facts = {"backup.restorable_until": {"value": copied.isoformat().replace("+00:00", "Z")}}
    tell(server, facts, source="practice")
    copies = shown.look_at(server.customer_id, now=timezone.now()).copies
    assert [one.verdict.state for one in copies if one.verdict.rule == "backup_fresh"] == ["bad"]


def test_gaps_that_follow_each_other_closely_are_one_for_who_tells_of_copies(frozen_clock: Any):
    live(frozen_clock, EVENING)
    frozen_clock.move_to(MORNING)
    live(frozen_clock, MORNING + 10 * MINUTE)
    frozen_clock.shift(15 * MINUTE)
    fleet.attend(now=timezone.now())
    assert hearing.lately_deaf(timezone.now()) == (EVENING, timezone.now())
    live(frozen_clock, timezone.now() + HOUR)
    assert hearing.lately_deaf(timezone.now()) is None


def test_door_that_cannot_say_that_it_listens_mutes_no_alarm(frozen_clock: Any):
    alive, _dead = servers(2)
    fleet.attend(now=timezone.now())
    for _minutes in range(0, 120, 3):
        frozen_clock.shift(3 * MINUTE)
        hear(alive)
        frozen_clock.shift(2 * MINUTE + MINUTE / 60)
        turn()
    assert silent() == 1


def test_door_that_does_not_listen_is_told_at_any_hour(
    tom: Person, client_of: Callable[[Person], Any], client: Any, frozen_clock: Any
):
    assert queries.unheard_since(timezone.now()) is None
    live(frozen_clock, EVENING)
    frozen_clock.shift(9 * MINUTE)
    assert queries.unheard_since(timezone.now()) is None
    # Nobody is expected, and nobody would be heard.
    frozen_clock.shift(MINUTE)
    assert queries.unheard_since(timezone.now()) == EVENING
    answer = client.get("/surveillance/")
    assert answer.status_code == 503
    assert "La porte des agents n’entend plus" in client_of(tom).get("/parc/").content.decode()
    fleet.attend(now=timezone.now())
    assert queries.unheard_since(timezone.now()) is None


def test_stretches_are_few_rows_and_those_of_a_clock_that_was_ahead_go(frozen_clock: Any):
    live(frozen_clock, EVENING)
    assert Listening.objects.count() == 1
    begun = Listening.objects.get().begun_at
    frozen_clock.move_to(EVENING + timedelta(days=300))
    fleet.attend(now=timezone.now())
    # A clock that was ahead for a minute loses nothing of what went before.
    frozen_clock.move_to(EVENING + MINUTE)
    fleet.attend(now=timezone.now())
    one = Listening.objects.get()
    assert (one.begun_at, one.last_at) == (begun, timezone.now())
    assert hearing.gaps(timezone.now()) == ()
    # What is too old to count is forgotten, once it is.
    for days in (1, 300, 301):
        frozen_clock.move_to(EVENING + timedelta(days=days))
        fleet.attend(now=timezone.now())
    assert Listening.objects.count() == 2


def test_stop_of_months_is_a_gap_like_any_other(frozen_clock: Any):
    machines = servers(2)
    live(frozen_clock, EVENING, *machines)
    frozen_clock.move_to(EVENING + timedelta(days=300))
    fleet.attend(now=timezone.now())
    turn()
    assert (silent(), Incident.objects.count()) == (0, 0)
    live(frozen_clock, timezone.now() + 50 * MINUTE, machines[0])
    assert Posture.objects.get(silent_since__isnull=False).machine == machines[1]
