"""Plans are begun, filled, chosen, answered and carried out; two people at once lose nothing."""

import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.chart import operations as chart
from quenotte.care.chart import queries as mouth
from quenotte.care.chart.rules import Finding, Kind, Status
from quenotte.office.plans import operations, queries
from quenotte.office.plans.models import ChosenPlan, PlanLine, TreatmentPlan
from quenotte.office.plans.operations import marking
from quenotte.office.plans.rules import ActLine
from tests.care.people import actor
from tests.factories import ChairFactory, LeaveFactory, PatientFactory
from tests.office.plans.conftest import CROWN, SCALING
from tests.support.racing import race


def shown(plan):
    return queries.plan_shown(plan.patient_id, plan.id)


def marks(patient):
    """Return what the mouth shows as planned or done: kind, status, teeth."""
    found = mouth.mouth_on(patient.id, patient.born_on, timezone.localdate())
    return {
        (mark.finding.kind.value, mark.finding.status.value, mark.finding.teeth)
        for tooth in found.teeth
        for mark in tooth.marks
    }


PLANNED, DONE = ("crown", "planned", (16,)), ("crown", "done", (16,))


def call(operation, person, plan, **values):
    return operation(actor=actor(person), patient_id=plan.patient_id, plan_id=plan.id, **values)


def test_first_plan_is_chosen_and_marks_the_mouth(alice, patient, plan, lines):
    line = Line.objects.filter(object_kind="plan").latest("number")
    assert (line.action, line.patient_id, line.detail) == (
        "change", patient.id, {"action": "line", "count": 2},
    )  # fmt: skip
    assert Event.objects.filter(audience="plans.see").exists()
    found = shown(plan)
    assert (found.letter, found.is_chosen, found.status) == ("A", True, "draft")
    assert [line.label for line in found.lines] == [CROWN.label, SCALING.label]
    assert marks(patient) == {PLANNED}


def test_alternative_is_a_copy_that_does_not_draw_until_it_is_chosen(alice, patient, plan, lines):
    other = operations.start(actor=actor(alice), patient_id=patient.id, copy_of=plan.id)
    call(operations.remove_line, alice, other, line_id=shown(other).lines[0].id)
    assert [one.letter for one in queries.plans_of(patient.id)] == ["A", "B"]
    assert marks(patient) == {PLANNED}
    call(operations.choose, alice, other)
    assert marks(patient) == set()
    assert ChosenPlan.objects.get().plan_id == other.id
    call(operations.set_status, alice, plan, status="accepted", seen=shown(plan).version)
    assert marks(patient) == {PLANNED}
    assert {line.status for line in shown(plan).lines} == {"accepted"}


def test_refused_line_leaves_the_mouth_and_the_totals(alice, patient, plan, lines):
    before = shown(plan).amounts.fee_cents
    call(operations.answer_line, alice, plan, line_id=lines[0].id, status="refused", reason="cher")
    assert marks(patient) == set()
    assert shown(plan).amounts.fee_cents == before - 29_000
    assert shown(plan).lines[0].reason == "cher"
    with pytest.raises(operations.StepNotAllowed):
        call(operations.answer_line, alice, plan, line_id=lines[0].id, status="done")
    call(operations.answer_line, alice, plan, line_id=lines[0].id, status="accepted")
    assert marks(patient) == {PLANNED}


def test_form_that_is_sent_twice_adds_its_acts_and_begins_its_plan_once(alice, patient, plan):
    key = uuid4()
    first, again = (
        call(operations.add_lines, alice, plan, lines=[CROWN, CROWN], key=key) for _ in range(2)
    )
    assert {one.id for one in first} == {one.id for one in again}
    call(operations.add_lines, alice, plan, lines=[SCALING], key=key)
    assert len(shown(plan).lines) == 3
    begin = {"actor": actor(alice), "patient_id": patient.id, "key": key}
    assert operations.start(**begin) == operations.start(**begin)
    copies = [operations.start(**begin, copy_of=plan.id) for _ in range(2)]
    assert copies[0] == copies[1]
    assert len(shown(copies[0]).lines) == 3
    assert TreatmentPlan.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_choose_at_once_choose_what_the_mouth_shows(
    alice, bob, patient, plan, lines, monkeypatch
):
    others = [
        operations.start(actor=actor(alice), patient_id=patient.id, copy_of=plan.id)
        for _ in range(2)
    ]

    def chosen(person, one):
        return lambda: call(operations.choose, person, one)

    drawn = marking.sync

    def slowly(*args, **kwargs):
        time.sleep(0.3)
        drawn(*args, **kwargs)

    monkeypatch.setattr(marking, "sync", slowly)
    answers = race(*map(chosen, (alice, bob), others))
    assert not [one for one in answers if isinstance(one, Exception)]
    # Who came second is told that her plan is chosen, and it is.
    last = Line.objects.filter(detail__action="choose").latest("number")
    assert str(ChosenPlan.objects.get().plan_id) == last.object_id
    marked = PlanLine.objects.filter(is_marked=True).values_list("plan_id", flat=True)
    assert set(marked) == {ChosenPlan.objects.get().plan_id}


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"fee_cents": 90_000}, "planned"),
        ({"teeth": "26"}, "planned"),
        ({"quantity": 2}, "planned"),
        ({"fee_cents": 29_000, "teeth": "16", "reason": "à voir"}, "accepted"),
    ],
)
def test_act_whose_terms_change_is_to_be_accepted_again(alice, plan, lines, values, status):
    call(operations.set_status, alice, plan, status="accepted", seen=shown(plan).version)
    changed = {"line_id": lines[0].id, "values": values, "seen": shown(plan).version}
    assert call(operations.change_line, alice, plan, **changed).status == status
    found = shown(plan)
    assert [one.status for one in found.lines] == [status, "accepted"]
    assert (found.status, found.is_chosen) == ("accepted", True)


def test_terms_that_are_accepted_are_those_that_were_shown(alice, plan, lines):
    seen = shown(plan).lines[0].terms
    changed = {"line_id": lines[0].id, "values": {"fee_cents": 90_000}, "seen": shown(plan).version}
    call(operations.change_line, alice, plan, **changed)
    answer = {"line_id": lines[0].id, "status": "accepted"}
    with pytest.raises(operations.PlanChanged):
        call(operations.answer_line, alice, plan, **answer, shown=seen)
    call(operations.answer_line, alice, plan, line_id=lines[0].id, status="refused", shown=seen)
    call(operations.answer_line, alice, plan, **answer, shown=shown(plan).lines[0].terms)
    assert shown(plan).lines[0].status == "accepted"


def test_removed_line_comes_back_as_it_was(alice, patient, plan, lines):
    call(operations.answer_line, alice, plan, line_id=lines[0].id, status="accepted")
    call(operations.remove_line, alice, plan, line_id=lines[0].id)
    assert marks(patient) == set()
    assert len(shown(plan).lines) == 1
    call(operations.restore_line, alice, plan, line_id=lines[0].id)
    assert shown(plan).lines[0].status == "accepted"
    with pytest.raises(operations.StepNotAllowed):
        call(operations.restore_line, alice, plan, line_id=lines[0].id)


def test_restored_line_brings_its_session_back(alice, patient, plan):
    added = call(operations.add_session, alice, plan)
    [line] = call(operations.add_lines, alice, plan, lines=[CROWN], session_id=added.id)
    call(operations.remove_line, alice, plan, line_id=line.id)
    call(operations.remove_session, alice, plan, session_id=added.id)
    call(operations.restore_line, alice, plan, line_id=line.id)
    assert [one.id for one in shown(plan).lines] == [line.id]
    assert shown(plan).sessions[0].id == added.id


def test_line_comes_back_to_the_plan_that_it_finished_and_to_no_plan_that_is_given_up(
    alice, patient, plan, lines
):
    operations.do_line(actor=actor(alice), patient_id=patient.id, line_id=lines[0].id)
    call(operations.remove_line, alice, plan, line_id=lines[1].id)
    assert shown(plan).status == "finished"
    call(operations.restore_line, alice, plan, line_id=lines[1].id)
    assert shown(plan).status == "accepted"
    call(operations.remove_line, alice, plan, line_id=lines[1].id)
    for step in ("accepted", "abandoned"):
        call(operations.set_status, alice, plan, status=step, seen=shown(plan).version)
    with pytest.raises(operations.PlanClosed):
        call(operations.restore_line, alice, plan, line_id=lines[1].id)


def test_cantilever_bridge_is_drawn_with_the_tooth_that_is_missing(alice, patient, plan):
    gone = Finding(Kind.MISSING, (12,), status=Status.EXISTING)
    chart.chart(actor=actor(alice), patient_id=patient.id, findings=[gone])
    bridge = ActLine("HBLD093", "Bridge collé", "12 11", charts_as="bridge", material="ceramic")
    call(operations.add_lines, alice, plan, lines=[bridge])
    assert shown(plan).lines[0].is_marked
    assert ("bridge", "planned", (12, 11)) in marks(patient)


def test_changed_teeth_are_drawn_again_and_an_old_version_is_refused(alice, patient, plan, lines):
    version = shown(plan).version
    call(operations.change_line, alice, plan, line_id=lines[0].id,
         values={"teeth": "26", "fee_cents": 30_000}, seen=version)  # fmt: skip
    assert marks(patient) == {("crown", "planned", (26,))}
    with pytest.raises(operations.PlanChanged):
        call(operations.change_line, alice, plan, line_id=lines[0].id,
             values={"teeth": "36"}, seen=version)  # fmt: skip
    assert shown(plan).lines[0].teeth == (26,)


def test_what_the_mouth_cannot_show_blocks_no_plan(alice, patient, plan):
    odd = operations.add_lines(
        actor=actor(alice), patient_id=patient.id, plan_id=plan.id,
        lines=[CROWN.__class__("X", "Acte", "16", charts_as="filling", surfaces="I")],
    )  # fmt: skip
    assert odd[0].status == "planned"
    assert not shown(plan).lines[0].is_marked


def test_done_line_is_done_once_and_taken_back(alice, patient, plan, lines):
    act = {"actor": actor(alice), "patient_id": patient.id, "line_id": lines[0].id}
    operations.do_line(**act)
    assert marks(patient) == {DONE}
    with pytest.raises(operations.AlreadyDone):
        operations.do_line(**act)
    with pytest.raises(operations.AlreadyDone):
        call(
            operations.change_line,
            alice,
            plan,
            line_id=lines[0].id,
            values={},
            seen=shown(plan).version,
        )
    operations.do_line(**{**act, "line_id": lines[1].id})
    assert (shown(plan).status, shown(plan).progress.percent) == ("finished", 100)
    with pytest.raises(operations.PlanClosed):
        call(operations.add_lines, alice, plan, lines=[CROWN])
    operations.undo_line(**act)
    assert (shown(plan).status, marks(patient)) == ("accepted", {PLANNED})
    with pytest.raises(operations.StepNotAllowed):
        operations.undo_line(**act)
    with pytest.raises(operations.NoSuchPlan):
        operations.do_line(**{**act, "line_id": uuid4()})


def test_lines_move_through_the_sessions(alice, plan, lines):
    call(operations.add_session, alice, plan, values={"phase": "Prothèse"})
    moved = {"line_id": lines[1].id, "seen": shown(plan).version}
    call(operations.move_line, alice, plan, step=1, **moved)
    assert [[line.code for line in one.lines] for one in shown(plan).sessions] == [
        ["HBLD038"], ["HBJD001"],
    ]  # fmt: skip
    with pytest.raises(operations.PlanChanged):
        call(operations.move_line, alice, plan, step=-1, **moved)
    first = shown(plan).sessions[0].id
    moved["seen"] = shown(plan).version
    call(operations.move_line, alice, plan, session_id=first, position=0, **moved)
    assert [line.code for line in shown(plan).sessions[0].lines] == ["HBJD001", "HBLD038"]
    for wrong in ({"session_id": uuid4()}, {"line_id": uuid4()}):
        with pytest.raises(operations.NoSuchPlan):
            call(operations.move_line, alice, plan, **{**moved, "seen": None, **wrong})


def test_sessions_are_described_moved_and_taken_out_when_empty(alice, plan, lines, other_practice):
    added = call(operations.add_session, alice, plan)
    call(
        operations.move_session, alice, plan, session_id=added.id, step=-1, seen=shown(plan).version
    )
    assert shown(plan).sessions[0].id == added.id
    with pytest.raises(operations.SessionNotEmpty):
        call(operations.remove_session, alice, plan, session_id=lines[0].session_id)
    call(operations.remove_session, alice, plan, session_id=added.id)
    assert len(shown(plan).sessions) == 1
    call(operations.restore_session, alice, plan, session_id=added.id)
    foreign = ChairFactory.create(room__practice=other_practice)
    with pytest.raises(operations.NoSuchPlan):
        call(operations.change_session, alice, plan, session_id=added.id,
             values={"chair_id": foreign.id}, seen=shown(plan).version)  # fmt: skip
    call(operations.change_session, alice, plan, session_id=added.id,
         values={"healing_days": 90}, seen=shown(plan).version)  # fmt: skip
    assert shown(plan).sessions[0].wait_days == 90


def test_plan_of_another_patient_is_not_there(alice, plan, practice):
    stranger = PatientFactory.create(practice=practice)
    with pytest.raises(operations.NoSuchPlan):
        operations.choose(actor=actor(alice), patient_id=stranger.id, plan_id=plan.id)
    with pytest.raises(operations.NoSuchPlan):
        call(operations.restore_session, alice, plan, session_id=uuid4())
    with pytest.raises(operations.NoSuchPlan):
        call(operations.remove_line, alice, plan, line_id=uuid4())


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        (operations.change_plan, {"practice_id": 1}),
        (operations.change_line, {"status": "done"}),
        (operations.change_session, {"plan_id": 1}),
    ],
)
def test_other_fields_are_not_typed(alice, plan, lines, operation, values):
    known: dict[object, dict[str, object]] = {
        operations.change_line: {"line_id": lines[0].id},
        operations.change_session: {"session_id": lines[0].session_id},
    }
    more = known.get(operation, {})
    with pytest.raises(ValueError, match=next(iter(values))):
        call(operation, alice, plan, values=values, seen=shown(plan).version, **more)


def test_title_and_practitioner(alice, bob, chloe, plan):
    call(operations.change_plan, alice, plan, values={"title": "Haut"}, seen=1)
    assert shown(plan).title == "Haut"
    with pytest.raises(operations.NoSuchPlan):
        call(operations.change_plan, alice, plan, values={"practitioner_id": chloe.id}, seen=2)
    with pytest.raises(operations.StepNotAllowed):
        call(operations.set_status, alice, plan, status="finished", seen=2)
    call(operations.set_status, alice, plan, status="abandoned", reason="parti", seen=2)
    with pytest.raises(operations.PlanClosed):
        call(operations.choose, bob, plan)


def test_sessions_are_booked_with_their_gaps(alice, sarah, patient, plan, lines):
    call(operations.change_session, alice, plan, session_id=lines[0].session_id,
         values={"minutes": 45, "laboratory_days": 8, "title": "Préparation"},
         seen=shown(plan).version)  # fmt: skip
    second = call(operations.add_session, alice, plan)
    call(operations.move_line, alice, plan, line_id=lines[1].id, step=1, seen=shown(plan).version)
    found = queries.proposals(plan.practice_id, shown(plan))
    days = [timezone.localdate(one.slots[0].starts_at) for one in found]
    assert days[1] - days[0] == timedelta(days=8)
    wishes = [
        operations.Wish(one.session.id, one.slots[0].starts_at, alice.id, one.slots[0].chair_id)
        for one in found
    ]
    outcomes = call(operations.book_sessions, sarah, plan, wishes=wishes)
    assert all(one.appointment_id for one in outcomes)
    booked = shown(plan).sessions[0].booked
    assert (booked.starts_at, booked.status) == (wishes[0].starts_at, "booked")
    assert not shown(plan).sessions[1].is_too_early
    again = call(operations.book_sessions, sarah, plan, wishes=wishes)
    assert [one.refusal != "" for one in again] == [True, True]
    assert Line.objects.filter(result="refused", detail__reason="already_booked").count() == 2
    assert queries.session_of_appointment(outcomes[1].appointment_id) == second.id


def test_appointment_moved_before_its_gap_warns_and_a_refused_slot_stops_no_other(
    alice, patient, plan, lines
):
    call(operations.change_session, alice, plan, session_id=lines[0].session_id,
         values={"healing_days": 30}, seen=shown(plan).version)  # fmt: skip
    second = call(operations.add_session, alice, plan)
    third = call(operations.add_session, alice, plan)
    now = timezone.localtime().replace(hour=10, minute=0)
    LeaveFactory.create(
        practice=plan.practice, starts_at=now + timedelta(days=7), ends_at=now + timedelta(days=8)
    )
    outcomes = call(
        operations.book_sessions, alice, plan,
        wishes=[
            operations.Wish(lines[0].session_id, now + timedelta(days=1), alice.id),
            operations.Wish(third.id, now + timedelta(days=7, hours=1), alice.id),
            operations.Wish(second.id, now + timedelta(days=2), alice.id),
        ],
    )  # fmt: skip
    assert [bool(one.appointment_id) for one in outcomes] == [True, False, True]
    assert [one.is_too_early for one in shown(plan).sessions] == [False, True, False]
    with pytest.raises(operations.SessionNotEmpty):
        call(operations.remove_session, alice, plan, session_id=second.id)


@pytest.mark.django_db(transaction=True)
def test_two_people_book_one_session_once(alice, sarah, patient, plan, lines):
    at = timezone.localtime().replace(hour=10, minute=0) + timedelta(days=1)
    wish = operations.Wish(lines[0].session_id, at, alice.id)
    answers = race(
        *[lambda who=who: call(operations.book_session, who, plan, wish=wish)
          for who in (alice, sarah)]
    )  # fmt: skip
    assert sum(isinstance(one, operations.AlreadyBooked) for one in answers) == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_do_one_line_once(alice, bob, patient, plan, lines):
    answers = race(
        *[
            lambda who=who: operations.do_line(
                actor=actor(who), patient_id=patient.id, line_id=lines[0].id
            )
            for who in (alice, bob)
        ]
    )
    assert sum(isinstance(one, operations.AlreadyDone) for one in answers) == 1
    assert PlanLine.objects.get(id=lines[0].id).status == "done"


def test_session_is_booked_for_as_long_as_it_is_shown(alice, patient, plan, lines):
    assert shown(plan).sessions[0].minutes == 60
    at = timezone.localtime().replace(hour=10, minute=0) + timedelta(days=1)
    wish = operations.Wish(lines[0].session_id, at, alice.id)
    call(operations.book_session, alice, plan, wish=wish)
    booked = shown(plan).sessions[0].booked
    assert booked.ends_at - booked.starts_at == timedelta(minutes=60)


def test_next_appointment_takes_what_remains_of_a_session(alice, patient, plan, client_of):
    done = replace(SCALING, minutes=75)
    [crown, scaling] = call(operations.add_lines, alice, plan, lines=[CROWN, done])
    operations.do_line(actor=actor(alice), patient_id=patient.id, line_id=scaling.id)
    whole = shown(plan)
    assert (whole.minutes, whole.minutes_left) == (135, 60)
    [one] = queries.proposals(plan.practice_id, whole)
    for slot in one.slots:
        assert slot.ends_at - slot.starts_at == timedelta(minutes=60)
    at = timezone.localtime().replace(hour=10, minute=0) + timedelta(days=1)
    call(operations.book_session, alice, plan, wish=operations.Wish(crown.session_id, at, alice.id))
    booked = shown(plan).sessions[0].booked
    assert booked.ends_at - booked.starts_at == timedelta(minutes=60)
    told = client_of(alice).get(f"/patients/{patient.id}/plans/{plan.id}/").content.decode()
    assert told.count("reste 60 min sur 135") == 2


def test_chair_time_of_a_plan_is_that_of_its_phases(alice, patient, plan, lines):
    where = {"actor": actor(alice), "patient_id": patient.id, "plan_id": plan.id}
    operations.add_session(**where, values={"phase": "Prothèse", "minutes": 30})
    whole = shown(plan)
    assert sum(phase.minutes for phase in whole.phases) == whole.minutes


def test_session_shorter_than_its_acts_says_so(alice, patient, plan):
    where = {"actor": actor(alice), "patient_id": patient.id, "plan_id": plan.id}
    session = operations.add_session(**where, values={"phase": "", "minutes": 30})
    operations.add_lines(**where, lines=[CROWN, replace(CROWN, teeth="17")], session_id=session.id)
    [found] = shown(plan).sessions
    assert (found.minutes, found.lacks_minutes) == (30, 120)
