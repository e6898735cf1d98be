"""Letting machines in, hearing them, judging them, bearing what they are."""

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from quenotte.base import openings
from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.kernel.enrolment import Hardware, Told, digest
from quenotte.kernel.posture.contacts import Answer
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.kernel.posture.hours import Hours, Opening
from quenotte.upkeep.workstations import operations, queries
from quenotte.upkeep.workstations.models import (
    SELF,
    Machine,
    MachineChange,
    MachineDay,
    MachineFinding,
    MachineState,
)
from quenotte.upkeep.workstations.operations import looking, refusals
from tests import factories
from tests.upkeep.workstations.conftest import FACTS, Tell

pytestmark = pytest.mark.django_db

TOLD = Told("glpi", "accueil-2026", "ACCUEIL", Hardware("4c4c4544-1", "ABC123"))


@pytest.fixture
def code(practice: Any, actor: Actor) -> str:
    return operations.make_token(practice_id=practice.id, machines=1, actor=actor)[1]


@pytest.fixture
def machine(practice: Any) -> Machine:
    return factories.MachineFactory.create(practice=practice, name="ACCUEIL")


def finding(machine: Machine, rule: str) -> MachineFinding:
    return MachineFinding.objects.get(machine=machine, rule=rule)


def test_machine_waits_until_a_person_recognises_it(code: str, actor: Actor, practice: Any):
    made = operations.enrol(token=code, told=TOLD)
    found = Machine.objects.get()
    assert (found.standing, found.practice_id) == ("quarantine", practice.id)
    assert bytes(found.key_digest) == digest(made.key)
    operations.accept(practice_id=practice.id, machine_id=found.id, actor=actor)
    assert list(queries.accepted(practice.id)) == [found]
    assert Line.objects.filter(object_kind="machine").count() == 2


@pytest.mark.parametrize("how", ["wrong", "spent", "revoked", "expired"])
def test_code_that_is_worth_nothing_lets_nobody_in(
    code: str, actor: Actor, practice: Any, how: str, frozen_clock: Any
):
    token = queries.tokens(practice.id).get()
    if how == "wrong":
        code = "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"
    elif how == "spent":
        operations.enrol(token=code, told=TOLD)
    elif how == "revoked":
        operations.revoke_token(practice_id=practice.id, token_id=token.id, actor=actor)
    else:
        frozen_clock.shift(timedelta(hours=73))
    with pytest.raises(refusals.UnknownMachineToken):
        operations.enrol(token=code, told=TOLD)


def test_number_of_machines_is_bounded(practice: Any, actor: Actor):
    for count in (0, 201):
        with pytest.raises(refusals.TooManyWorkstations):
            operations.make_token(practice_id=practice.id, machines=count, actor=actor)


def test_same_hardware_twice_is_doubted_and_replaces_the_first(
    practice: Any, actor: Actor, code: str
):
    first = factories.MachineFactory.create(
        practice=practice, agent="glpi", hardware_uuid="4C4C4544-1"
    )
    operations.enrol(token=code, told=TOLD)
    second = queries.waiting(practice.id).get()
    assert second.doubt == "twice"
    operations.accept(practice_id=practice.id, machine_id=second.id, actor=actor)
    first.refresh_from_db()
    assert first.standing == "revoked"


def test_revoked_key_opens_nothing_and_comes_back_by_undo(
    machine: Machine, practice: Any, actor: Actor, tell: Tell
):
    named = {"practice_id": practice.id, "machine_id": machine.id, "actor": actor}
    operations.revoke(**named)
    assert tell(machine) is Answer.UNKNOWN
    with pytest.raises(refusals.AlreadyDecidedHere):
        operations.accept(**named)
    operations.restore(**named)
    assert tell(machine) is Answer.TAKEN
    with pytest.raises(refusals.AlreadyDecidedHere):
        operations.restore(**named)


def test_nothing_is_decided_about_a_machine_of_another_practice(
    machine: Machine, other_practice: Any, actor: Actor
):
    for decide in (operations.accept, operations.revoke, operations.restore):
        with pytest.raises(Machine.DoesNotExist):
            decide(practice_id=other_practice.id, machine_id=machine.id, actor=actor)
    assert queries.machine(other_practice.id, machine.id) is None


def test_hardware_that_jumped_waits_for_a_person(practice: Any, tell: Tell):
    machine = factories.MachineFactory.create(practice=practice, serial="ABC123")
    assert tell(machine, hardware=Hardware("", "OTHER")) is Answer.QUARANTINED
    machine.refresh_from_db()
    assert (machine.standing, machine.doubt, machine.doubted_serial) == (
        "quarantine", "jumped", "OTHER",
    )  # fmt: skip


def test_key_is_good_for_its_own_agent_and_never_for_the_copies(machine: Machine, tell: Tell):
    assert tell(machine, source="glpi") is Answer.UNKNOWN
    assert tell(machine, source="practice") is Answer.UNKNOWN
    assert not MachineState.objects.exists()


def test_heartbeat_of_known_facts_is_taken_and_of_others_asks_for_all(machine: Machine, tell: Tell):
    assert tell(machine, None) is Answer.SEND_ALL
    assert tell(machine) is Answer.TAKEN
    assert tell(machine, None) is Answer.TAKEN
    assert tell(machine, None, b"2") is Answer.SEND_ALL


def test_facts_in_parts_say_on_which_day_they_were_told(machine: Machine, tell: Tell):
    tell(machine, {"lock.after_s": {"value": 300}}, is_partial=True)
    tell(machine, {"use.is_admin_daily": {"value": False}}, b"2", is_partial=True)
    kept = MachineState.objects.get().facts
    assert kept["lock.after_s"] == {"value": 300, "on": "2026-03-17"}
    assert len(kept) == 2


def test_change_of_a_fact_is_remembered(machine: Machine, tell: Tell):
    tell(machine)
    tell(machine, {**FACTS, "lock.after_s": {"value": 300}}, b"2")
    (change,) = MachineChange.objects.all()
    assert (change.key, change.before, change.after) == ("lock.after_s", 0, 300)


def test_rules_find_what_is_wrong_what_is_well_and_what_nobody_knows(machine: Machine, tell: Tell):
    tell(machine)
    assert operations.judge_due(now=timezone.now()) == 1
    assert finding(machine, "screen_locks").is_open
    assert finding(machine, "antivirus_active").state == "ok"
    unknown = finding(machine, "firewall_on")
    assert (unknown.state, unknown.reason) == ("unknown", "not_readable")
    assert finding(machine, "screen_locks").evidence[0]["source"] == "station"
    assert operations.judge_due(now=timezone.now()) == 0


def test_repaired_fault_closes_and_its_history_says_so(machine: Machine, tell: Tell):
    tell(machine)
    operations.judge_due(now=timezone.now())
    tell(machine, {**FACTS, "lock.after_s": {"value": 300}}, b"2")
    operations.judge_due(now=timezone.now())
    assert not finding(machine, "screen_locks").is_open
    change = MachineChange.objects.get(is_verdict=True)
    assert (change.key, change.before, change.after) == ("screen_locks", "bad", "ok")


def test_fault_that_may_be_a_reboot_is_not_told_at_once(
    machine: Machine, tell: Tell, frozen_clock: Any
):
    off = {**FACTS, "firewall.profiles": {"value": [{"name": "Public", "is_on": False}]}}
    tell(machine, off)
    operations.judge_due(now=timezone.now())
    assert not finding(machine, "firewall_on").is_open
    frozen_clock.shift(timedelta(minutes=31))
    tell(machine, off)
    operations.judge_due(now=timezone.now())
    assert finding(machine, "firewall_on").is_open


@pytest.fixture
def office_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open from eight to seven on every day of the week but Sunday."""
    days = tuple(Opening(day, 8 * 60, 19 * 60) for day in range(6))
    hours = Hours(timezone.get_default_timezone(), days)
    monkeypatch.setattr(openings, "_week_tellers", [lambda _practice, _at: hours])


def test_silence_counts_by_the_hours_of_the_practice(
    machine: Machine, tell: Tell, frozen_clock: Any, office_hours: None
):
    frozen_clock.shift(timedelta(hours=9, minutes=20))  # 18 h 50
    tell(machine)
    operations.judge_due(now=timezone.now())
    assert finding(machine, "silence").state == "ok"
    frozen_clock.shift(timedelta(hours=3))
    operations.judge_due(now=timezone.now())
    assert finding(machine, "silence").state == "ok"
    frozen_clock.shift(timedelta(hours=14))  # 11 h 50 of the next day
    operations.judge_due(now=timezone.now())
    silent = finding(machine, "silence")
    assert (silent.state, silent.is_open, silent.severity) == ("bad", True, "important")
    tell(machine)
    frozen_clock.shift(timedelta(minutes=11))
    operations.judge_due(now=timezone.now())
    assert finding(machine, "silence").state == "ok"


def test_machine_left_on_is_judged_by_the_closures(
    machine: Machine, tell: Tell, frozen_clock: Any, office_hours: None
):
    frozen_clock.shift(timedelta(hours=11))
    for _quarter in range(60):
        tell(machine)
        frozen_clock.shift(timedelta(minutes=15))
    operations.judge_due(now=timezone.now())
    assert finding(machine, "left_on").state == "bad"


@pytest.fixture
def on(practice: Any, monkeypatch: pytest.MonkeyPatch, frozen_clock: Any) -> Callable[..., None]:
    """Return a way to let this server, and machines, be on for some hours."""

    def see(now: Any) -> list[Fact]:
        return [Fact("machine.name", "SERVEUR", Source.STATION, now)]

    monkeypatch.setattr(looking, "_looks", [see])

    def live(hours: float, say: Callable[[], Any] = lambda: None) -> None:
        until = timezone.now() + timedelta(hours=hours)
        while timezone.now() < until:
            say()
            # The rules may look before the server did.
            operations.judge_due(now=timezone.now())
            operations.know_self(now=timezone.now())
            frozen_clock.shift(timedelta(minutes=5))

    return live


def silences(machine: Machine) -> list[str]:
    found = machine.changes.filter(is_verdict=True, key="silence").order_by("at")
    return [str(one.after) for one in found]


def test_server_that_is_switched_on_late_misses_nobody(
    machine: Machine, tell: Tell, frozen_clock: Any, office_hours: None, on: Callable[..., None]
):
    frozen_clock.shift(timedelta(hours=8, minutes=30))
    on(0.5, lambda: tell(machine))  # until 18 h 30
    frozen_clock.shift(timedelta(hours=15, minutes=30))  # 10 h of the next day
    on(0.5)
    assert finding(machine, "silence").state == "ok"
    on(1, lambda: tell(machine))
    assert silences(machine) == []
    # The night that nobody could hear is not said to be one in which it slept.
    assert (finding(machine, "left_on").state, finding(machine, "left_on").reason) == (
        "unknown",
        "unheard",
    )
    (gap,) = queries.sheet(machine).gaps
    assert timedelta(hours=15) < gap.ends_at - gap.starts_at < timedelta(hours=16)
    # And who really stopped is told, once.
    on(1)
    assert silences(machine) == ["bad"]
    frozen_clock.shift(timedelta(hours=21))
    on(0.5)
    assert silences(machine) == ["bad"]


def test_server_that_does_not_look_at_itself_any_more_mutes_nobody(
    machine: Machine, tell: Tell, frozen_clock: Any, practice: Any, on: Callable[..., None]
):
    other = factories.MachineFactory.create(practice=practice, name="SALLE 1")
    on(1, lambda: (tell(machine), tell(other)))
    for _minutes in range(0, 90, 5):
        frozen_clock.shift(timedelta(minutes=5))
        tell(other)
        operations.judge_due(now=timezone.now())
    assert finding(machine, "silence").state == "bad"
    assert finding(other, "silence").state == "ok"


def test_borne_fault_counts_no_more_until_its_end(
    machine: Machine, tell: Tell, practice: Any, actor: Actor, frozen_clock: Any
):
    tell(machine)
    operations.judge_due(now=timezone.now())
    named: dict[str, Any] = {
        "practice_id": practice.id,
        "machine_id": machine.id,
        "rule": "screen_locks",
        "reason": "never",
        "actor": actor,
    }
    ends_at = timezone.now() + timedelta(days=30)
    assert queries.standing(practice.id).to_do == 1
    made = operations.bear(**named, why="salle fermée à clé", ends_at=ends_at)
    assert queries.standing(practice.id).to_do == 0
    operations.end(exemption=made, actor=actor)
    assert queries.standing(practice.id).to_do == 1
    operations.bear(**named, why="salle fermée à clé", ends_at=ends_at)
    frozen_clock.shift(timedelta(days=31))
    assert queries.standing(practice.id).to_do == 1


def test_next_thing_of_a_borne_fault_counts_again(
    machine: Machine, tell: Tell, practice: Any, actor: Actor
):
    tools = {"value": [{"name": "AnyDesk", "id": None}]}
    tell(machine, {**FACTS, "lock.after_s": {"value": 300}, "remote.tools": tools})
    operations.judge_due(now=timezone.now())
    assert queries.standing(practice.id).to_do == 1
    operations.bear(
        practice_id=practice.id,
        machine_id=machine.id,
        rule="remote_tools",
        reason="foreign",
        why="celui du prestataire",
        ends_at=timezone.now() + timedelta(days=30),
        actor=actor,
    )
    assert queries.standing(practice.id).to_do == 0
    found = finding(machine, "remote_tools")
    found.values = {"names": ["AnyDesk", "UltraVNC"]}
    found.save()
    assert queries.standing(practice.id).to_do == 1


def test_nothing_is_borne_without_a_reason_an_end_or_a_fault(
    machine: Machine, tell: Tell, practice: Any, other_practice: Any, actor: Actor
):
    tell(machine)
    operations.judge_due(now=timezone.now())
    named: dict[str, Any] = {"machine_id": machine.id, "rule": "screen_locks", "actor": actor}
    month, years = timezone.now() + timedelta(days=30), timezone.now() + timedelta(days=800)
    for why, ends_at in ((" ", month), ("raison", years)):
        with pytest.raises(refusals.NoReasonGiven):
            operations.bear(
                practice_id=practice.id, reason="never", why=why, ends_at=ends_at, **named
            )
    for whose, reason in ((practice.id, "late"), (other_practice.id, "never"), (uuid4(), "never")):
        with pytest.raises(refusals.NothingToBear):
            operations.bear(practice_id=whose, reason=reason, why="raison", ends_at=month, **named)


def test_server_knows_itself_once_without_an_agent(practice: Any, monkeypatch: pytest.MonkeyPatch):
    def look(now: Any) -> list[Fact]:
        return [
            Fact("machine.name", "SERVEUR", Source.STATION, now),
            Fact("os.family", "linux", Source.STATION, now),
            Fact("disks", [{"mount": "/", "total_mib": 100, "free_mib": 1}], Source.STATION, now),
        ]

    monkeypatch.setattr(looking, "_looks", [look])
    for _time in range(3):
        assert operations.know_self(now=timezone.now()) == 1
    (machine,) = queries.accepted(practice.id)
    assert (machine.agent, machine.name) == (SELF, "SERVEUR")
    operations.judge_due(now=timezone.now())
    rules = set(MachineFinding.objects.values_list("rule", flat=True))
    assert "power_safe" in rules
    assert not {"silence", "screen_locks", "left_on"} & rules


def test_server_that_nobody_looks_at_is_not_invented(
    practice: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(looking, "_looks", [])
    assert operations.know_self(now=timezone.now()) == 0
    assert not Machine.objects.exists()


def test_old_nights_and_changes_are_forgotten(machine: Machine):
    now = timezone.now()
    factories.MachineDayFactory.create(machine=machine, day=now.astimezone(UTC).date())
    factories.MachineDayFactory.create(machine=machine, day=(now - timedelta(days=61)).date())
    factories.MachineChangeFactory.create(machine=machine, at=now - timedelta(days=397))
    operations.forget(now=now)
    assert MachineDay.objects.count() == 1
    assert not MachineChange.objects.exists()


def test_report_of_before_that_is_said_again_is_answered_and_not_kept(
    machine: Machine, tell: Tell, frozen_clock: Any
):
    old = timezone.now()
    tell(machine, sent_at=old)
    frozen_clock.shift(timedelta(days=10))
    mended = {"lock.after_s": {"value": 300}}
    tell(machine, mended, b"2", sent_at=timezone.now())
    heard = timezone.now()
    frozen_clock.shift(timedelta(hours=1))
    assert tell(machine, sent_at=old) is Answer.TAKEN
    kept = MachineState.objects.get()
    assert (kept.facts, kept.seen_at) == (mended, heard)


def test_osquery_that_heard_no_answer_is_the_same_machine_with_another_key(
    code: str, frozen_clock: Any
):
    agent = Told("osquery", "uuid-1", "ACCUEIL", Hardware("4c4c4544-1", "ABC123"))
    first = operations.enrol(token=code, told=agent, key="windows-1")
    frozen_clock.shift(timedelta(minutes=2))
    second = operations.enrol(token=code, told=agent, key="windows-2")
    assert second.machine_id == first.machine_id
    assert bytes(Machine.objects.get().key_digest) == digest("windows-2")
    frozen_clock.shift(timedelta(hours=1))
    with pytest.raises(refusals.UnknownMachineToken):
        operations.enrol(token=code, told=agent, key="windows-3")


def test_osquery_whose_code_was_revoked_keeps_its_place(code: str, actor: Actor, practice: Any):
    agent = Told("osquery", "uuid-1", "ACCUEIL", Hardware("4c4c4544-1", "ABC123"))
    operations.enrol(token=code, told=agent, key="windows-1")
    operations.enrol(token=code, told=agent, key="windows-2")
    line = Line.objects.get(object_kind="machine", action="change")
    assert line.detail == {"reason": "again"}
    token = queries.tokens(practice.id).get()
    operations.revoke_token(practice_id=practice.id, token_id=token.id, actor=actor)
    with pytest.raises(refusals.UnknownMachineToken):
        operations.enrol(token=code, told=agent, key="windows-3")
    assert bytes(Machine.objects.get().key_digest) == digest("windows-2")


def test_known_key_comes_again_with_a_code_that_was_made(code: str):
    companion = Told("station", "ACCUEIL", "ACCUEIL", Hardware("4c4c4544-1", "ABC123"))
    first = operations.enrol(token=code, told=companion, key="ab" * 32)
    assert operations.enrol(token=code, told=companion, key="ab" * 32) == first
    with pytest.raises(refusals.UnknownMachineToken):
        operations.enrol(token="AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", told=companion, key="ab" * 32)
