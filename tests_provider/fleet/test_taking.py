from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.kernel.posture.contacts import changed
from quenotte.kernel.posture.quarters import slots
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.enrolment.rules import Hardware
from quenotte.provider.fleet.models import Change, Inventory, PastDay, State
from quenotte.provider.fleet.operations import Answer, Contact, take
from tests_provider.factories import MachineFactory

pytestmark = pytest.mark.django_db

FACTS: dict[str, Any] = {"os.name": {"value": "Windows 11"}, "updates.missing": {"value": 3}}
FIRST, SECOND = b"1" * 16, b"2" * 16


def report(machine: Machine, fingerprint: bytes = FIRST, **named: Any) -> Contact:
    named = {"facts": FACTS, **named}
    return Contact(bytes(machine.key_digest), "station", fingerprint, **named)


def beat(machine: Machine, fingerprint: bytes = FIRST) -> Contact:
    return report(machine, fingerprint, facts=None)


def test_report_is_kept_and_the_rules_are_due():
    machine = MachineFactory.create()
    assert take([report(machine)], at=timezone.now()) == [Answer.TAKEN]
    kept = Inventory.objects.get()
    assert (kept.machine, kept.source, kept.facts) == (machine, "station", FACTS)
    state = State.objects.get()
    assert (state.seen_at, state.is_due) == (timezone.now(), True)
    assert not Change.objects.exists()


def test_unchanged_report_moves_a_time_and_a_bit_alone(frozen_clock: Any):
    machine = MachineFactory.create()
    take([report(machine)], at=timezone.now())
    State.objects.update(is_due=False)
    frozen_clock.shift(timedelta(minutes=15))
    assert take([report(machine)], at=timezone.now()) == [Answer.TAKEN]
    state, kept = State.objects.get(), Inventory.objects.get()
    assert (state.seen_at, state.is_due) == (timezone.now(), False)
    assert kept.reported_at == timezone.now() - timedelta(minutes=15)
    assert sum(slots(state.early, state.late)) == 2


def test_changed_report_leaves_a_history():
    machine = MachineFactory.create()
    now = timezone.now()
    take([report(machine)], at=now)
    newer: dict[str, Any] = {"os.name": {"value": "Windows 11"}, "updates.missing": {"value": 0}}
    take([report(machine, SECOND, facts=newer)], at=now)
    (change,) = Change.objects.all()
    assert (change.key, change.before, change.after) == ("updates.missing", 3, 0)
    assert Inventory.objects.get().facts == newer


def test_clock_that_wanders_leaves_no_history_until_it_is_wrong():
    machine, at = MachineFactory.create(), timezone.now()

    def tell(offset_s: float) -> None:
        facts = {"clock.offset_s": {"value": offset_s}, "use.idle_s": {"value": offset_s}}
        body = repr(offset_s).encode().ljust(16, b"-")
        take([report(machine, body, facts=facts)], at=at)

    for offset_s in (3.2, 3.4, -12.0, 80.0):
        tell(offset_s)
    assert not Change.objects.exists()
    # The fact itself is kept as it was told last.
    assert Inventory.objects.get().facts["clock.offset_s"] == {"value": 80.0}
    for offset_s in (150.0, 160.0, 2.0, 3.0):
        tell(offset_s)
    lines = Change.objects.values_list("key", "before", "after")
    assert set(lines) == {("clock.offset_s", 80.0, 150.0), ("clock.offset_s", 160.0, 2.0)}


def test_heartbeat_of_known_facts_is_taken_and_of_others_asks_for_all():
    machine = MachineFactory.create()
    now = timezone.now()
    assert take([beat(machine)], at=now) == [Answer.SEND_ALL]
    assert State.objects.get().seen_at == now
    take([report(machine)], at=now)
    assert take([beat(machine), beat(machine, SECOND)], at=now) == [Answer.TAKEN, Answer.SEND_ALL]


def test_later_report_of_a_batch_stands():
    machine = MachineFactory.create()
    newer = {"updates.missing": {"value": 9}}
    both = [report(machine), report(machine, SECOND, facts=newer)]
    assert take(both, at=timezone.now()) == [Answer.TAKEN, Answer.TAKEN]
    assert Inventory.objects.get().facts == newer


def test_heartbeat_beside_a_report_takes_nothing_of_it_away():
    machine = MachineFactory.create(agent="osquery")
    name = bytes(machine.key_digest)
    parts: list[Any] = [{"os.name": {"value": "Windows 11"}}, {"os.build": {"value": "26200"}}]
    both = [Contact(name, "osquery", b"", one, is_partial=True) for one in parts]
    told = take([*both, Contact(name, "osquery", b"")], at=timezone.now())
    assert Answer.UNKNOWN not in told
    assert set(Inventory.objects.get().facts) == {"os.name", "os.build"}


def test_report_after_a_part_stands_whole_and_a_part_after_a_report_adds():
    machine = MachineFactory.create()
    part = report(machine, b"", facts={"os.build": {"value": "26200"}}, is_partial=True)
    take([part, report(machine)], at=timezone.now())
    assert Inventory.objects.get().facts == FACTS
    take([report(machine, SECOND), part], at=timezone.now())
    assert set(Inventory.objects.get().facts) == {*FACTS, "os.build"}
    assert take([beat(machine), report(machine)], at=timezone.now())[1] is Answer.TAKEN


def test_key_of_one_agent_is_none_of_another():
    machine = MachineFactory.create()
    for source in ("osquery", "practice"):
        contact = Contact(bytes(machine.key_digest), source, FIRST, FACTS)
        assert take([contact], at=timezone.now()) == [Answer.UNKNOWN]
    assert not State.objects.exists()


def test_stranger_revoked_and_quarantined_are_told_apart_and_nothing_is_kept():
    waiting = MachineFactory.create(standing="quarantine", decided_at=None)
    gone = MachineFactory.create(standing="revoked")
    stranger = Contact(b"?" * 32, "station", FIRST, FACTS)
    told = take([report(waiting), report(gone), stranger], at=timezone.now())
    assert told == [Answer.QUARANTINED, Answer.UNKNOWN, Answer.UNKNOWN]
    assert not Inventory.objects.exists()
    assert not State.objects.exists()


def test_key_on_another_hardware_goes_back_to_quarantine():
    machine = MachineFactory.create()
    take([report(machine)], at=timezone.now())
    copied = report(machine, SECOND, hardware=Hardware(machine.hardware_uuid, "ANOTHER"))
    assert take([copied], at=timezone.now()) == [Answer.QUARANTINED]
    machine.refresh_from_db()
    assert (machine.standing, machine.doubt) == ("quarantine", "jumped")
    assert bytes(State.objects.get().fingerprint) == FIRST


def test_day_that_is_over_is_put_away(frozen_clock: Any):
    machine = MachineFactory.create()
    take([report(machine)], at=timezone.now())
    before = State.objects.get()
    frozen_clock.shift(timedelta(days=1))
    take([beat(machine)], at=timezone.now())
    kept, state = PastDay.objects.get(), State.objects.get()
    assert (kept.day, kept.early, kept.late) == (before.day, before.early, before.late)
    assert state.day == timezone.now().date()
    assert sum(slots(state.early, state.late)) == 1


def test_batch_of_hundreds_is_answered_in_order(django_assert_max_num_queries: Any):
    machines = MachineFactory.create_batch(20)
    take([report(one) for one in machines], at=timezone.now())
    contacts = [beat(one, FIRST if at % 2 else SECOND) for at, one in enumerate(machines)]
    with django_assert_max_num_queries(6):
        told = take(contacts, at=timezone.now())
    assert told == [Answer.TAKEN if at % 2 else Answer.SEND_ALL for at in range(20)]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, FACTS, []),
        (FACTS, FACTS, []),
        ({}, {"a": {"unknown": "not_readable"}}, []),
        ({"a": {"value": 1}}, {"a": {"unknown": "too_old"}}, [("a", 1, None)]),
        ({"software": {"value": [1, 2]}}, {"software": {"value": [1]}}, [("software", 2, 1)]),
    ],
)
def test_change_is_told_by_its_values(before: Any, after: Any, said: Any):
    assert list(changed(before, after)) == said


def test_report_of_an_ended_contract_is_not_kept():
    machine = MachineFactory.create(customer__is_active=False)
    assert take([report(machine), beat(machine)], at=timezone.now()) == [Answer.UNKNOWN] * 2
    assert not State.objects.exists()
    assert not Inventory.objects.exists()


def test_report_that_is_said_again_later_is_answered_and_not_kept(frozen_clock: Any):
    machine, first = MachineFactory.create(), timezone.now()
    old = report(machine, sent_at=first)
    take([old], at=first)
    frozen_clock.shift(timedelta(days=10))
    later = timezone.now()
    mended: dict[str, Any] = {**FACTS, "updates.missing": {"value": 0}}
    take([report(machine, SECOND, facts=mended, sent_at=later)], at=later)
    frozen_clock.shift(timedelta(hours=1))
    assert take([old], at=timezone.now()) == [Answer.TAKEN]
    assert Inventory.objects.get().facts == mended
    assert State.objects.get().seen_at == later


def test_older_one_of_a_batch_does_not_stand():
    machine, now = MachineFactory.create(), timezone.now()
    mended: dict[str, Any] = {**FACTS, "updates.missing": {"value": 0}}
    newer = report(machine, SECOND, facts=mended, sent_at=now)
    older = report(machine, sent_at=now - timedelta(days=1))
    assert take([newer, older], at=now) == [Answer.TAKEN] * 2
    assert Inventory.objects.get().facts == mended


def test_clock_that_was_ahead_and_is_set_right_shuts_nobody_out(frozen_clock: Any):
    machine, now = MachineFactory.create(), timezone.now()
    take([report(machine, sent_at=now + timedelta(days=400))], at=now)
    frozen_clock.shift(timedelta(minutes=15))
    mended: dict[str, Any] = {**FACTS, "updates.missing": {"value": 0}}
    take([report(machine, SECOND, facts=mended, sent_at=timezone.now())], at=timezone.now())
    assert Inventory.objects.get().facts == mended
