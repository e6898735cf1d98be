"""The list of those to ask back: filled at night, worked through by day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.care.chart import operations as chart
from quenotte.care.chart.rules import Finding, Kind, Status
from quenotte.care.patients import merging
from quenotte.care.patients.rules import UNKNOWN_BIRTH
from quenotte.care.recalls import access, letters, operations, queries, rules, sources
from quenotte.care.recalls.models import Recall, RecallAttempt, RecallChoice, RecallRule
from quenotte.care.recalls.operations import Tried
from quenotte.care.recalls.rules import Channel, Result, Trigger
from quenotte.devices.paper import reading
from tests.care.people import actor
from tests.conftest import NOW
from tests.factories import (
    AppointmentFactory,
    PatientFactory,
    PerioExamFactory,
    RecallFactory,
    VisitActFactory,
)

LONG_AGO = timedelta(days=400)


def _seen(practice, ago=LONG_AGO, **facts):
    patient = PatientFactory.create(practice=practice, **facts)
    start = timezone.now() - ago
    AppointmentFactory.create(
        patient=patient, practice=practice, starts_at=start,
        ends_at=start + timedelta(minutes=30), status="done",
    )  # fmt: skip
    return patient


def _listed(practice):
    operations.plan()
    return queries.to_call(practice.id, until=timezone.localdate() + timedelta(days=60)).lines


@pytest.fixture
def recall(practice):
    _seen(practice, mobile_phone="+33639980001", address="1 rue des Essais", town="Nantes")
    operations.plan()
    return Recall.objects.get()


def test_the_night_finds_who_is_due_once(practice):
    due = _seen(practice)
    _seen(practice, timedelta(days=20))
    _seen(practice, do_not_contact=True)
    _seen(practice, died_on=date(2026, 1, 1))
    assert [one.patient_id for one in _listed(practice)] == [due.id]
    assert operations.plan() == 0
    assert {one.name for one in RecallRule.objects.all()} == {
        first.name for first in rules.FIRST_RULES
    }


def test_a_child_is_asked_back_after_six_months(practice):
    _seen(practice, timedelta(days=200), born_on=date(2016, 5, 1))
    (line,) = _listed(practice)
    assert line.reason == "Visite de contrôle (enfant)"


def test_who_has_no_birth_date_is_asked_back_once_and_as_early_as_a_child(practice):
    _seen(practice, timedelta(days=200), born_on=UNKNOWN_BIRTH)
    (line,) = _listed(practice)
    assert (line.reason, line.age) == ("Visite de contrôle (enfant)", "")
    every = RecallRule.objects.create(
        practice=practice, name="Détartrage", trigger="visit", months=6
    )
    # A rule that asks no age is one more reason.
    assert operations.plan() == 1
    assert Recall.objects.get(rule=every).due_on == line.due_on


@pytest.mark.parametrize("said", ["listed", "declined", "never", "stopped"])
def test_what_an_adults_rule_knows_of_who_has_no_birth_date_holds_under_the_childs(
    practice, sarah, said
):
    patient = _seen(practice, born_on=UNKNOWN_BIRTH)
    operations.plan()
    adult = RecallRule.objects.get(name="Visite de contrôle")
    Recall.objects.update(rule=adult)
    if said == "never":
        Recall.objects.all().delete()
        operations.agree(actor=actor(sarah), patient_id=patient.id, rule_id=adult.id, months=0)
    elif said != "listed":
        tried = Tried(Channel.PHONE, Result.DECLINED)
        operations.note_attempt(actor=actor(sarah), recall_id=Recall.objects.get().id, tried=tried)
        RecallRule.objects.filter(id=adult.id).update(is_active=said != "stopped")
    assert operations.plan() == 0


@pytest.mark.parametrize("closed", [None, Result.DECLINED])
def test_who_gives_her_birth_date_is_not_asked_twice(practice, sarah, closed):
    patient = _seen(practice, born_on=UNKNOWN_BIRTH)
    operations.plan()
    if closed:
        operations.note_attempt(
            actor=actor(sarah), recall_id=Recall.objects.get().id,
            tried=Tried(Channel.PHONE, closed),
        )  # fmt: skip
    type(patient).objects.update(born_on=date(1980, 5, 1))
    assert operations.plan() == 0


def test_an_old_implant_is_looked_at_as_long_as_its_owner_comes(practice, alice):
    here, left = (_seen(practice, timedelta(days=days)) for days in (200, 1200))
    for one in (here, left):
        chart.chart(
            actor=actor(alice), patient_id=one.id, on=date(2020, 3, 1),
            findings=[Finding(Kind.IMPLANT, (36,), status=Status.DONE)],
        )  # fmt: skip
    assert [one.patient_id for one in _listed(practice)] == [here.id]


def test_who_has_an_appointment_is_left_out_and_shown_apart(practice, recall):
    start = timezone.now() + timedelta(days=3)
    AppointmentFactory.create(
        patient=recall.patient, practice=practice, starts_at=start,
        ends_at=start + timedelta(minutes=30),
    )  # fmt: skip
    assert _listed(practice) == []
    (line,) = queries.coming_anyway(practice.id).lines
    assert line.comes_at == start


def test_who_came_is_taken_off_the_list(practice, recall):
    start = timezone.now() + timedelta(minutes=5)
    AppointmentFactory.create(
        patient=recall.patient, practice=practice, starts_at=start,
        ends_at=start + timedelta(minutes=30), status="done",
    )  # fmt: skip
    operations.plan()
    recall.refresh_from_db()
    assert recall.closed_as == "seen"
    assert operations.plan() == 0


def test_other_rooms_tell_of_acts(practice, monkeypatch):
    patient = _seen(practice, timedelta(days=20))
    known = {patient.id: date(2025, 3, 1)}
    told = lambda practice_id, codes: known if "HBLD" in codes else {}  # noqa: E731
    monkeypatch.setitem(sources._sources, Trigger.ACT, told)
    RecallRule.objects.create(
        practice=practice, name="Après la pose", trigger="act", matches="HBLD", months=12
    )
    (line,) = _listed(practice)
    assert (line.reason, line.due_on) == ("Après la pose", date(2026, 3, 1))


def test_an_implant_made_here_is_looked_at_a_year_later(practice, alice):
    """What was undone, was there before, or is another work does not count."""
    patient, undone, other = (_seen(practice, timedelta(days=20)) for _ in range(3))
    made = Finding(Kind.IMPLANT, (36,), status=Status.DONE)
    found = Finding(Kind.IMPLANT, (46,))
    for one, finding in ((patient, made), (undone, made), (other, found)):
        chart.chart(actor=actor(alice), patient_id=one.id, findings=[finding], on=date(2025, 3, 1))
    chart.undo(actor=actor(alice), patient_id=undone.id)
    (line,) = _listed(practice)
    assert (line.patient_id, line.reason) == (patient.id, "Contrôle d’implant")


def test_a_periodontal_examination_is_made_again_after_three_months(practice, alice):
    patient, draft = (_seen(practice, timedelta(days=20)) for _ in range(2))
    closed = {
        "status": "closed", "draft_of": None, "closed_at": timezone.now(), "closed_by": "Dr Alice"
    }  # fmt: skip
    for one, facts in ((patient, closed), (draft, {})):
        PerioExamFactory.create(patient=one, examiner=alice, examined_on=date(2025, 12, 1), **facts)
    (line,) = _listed(practice)
    assert (line.patient_id, line.due_on) == (patient.id, date(2026, 3, 1))


def test_an_act_done_at_a_visit_counts_unless_it_was_taken_back(practice, alice):
    RecallRule.objects.create(
        practice=practice, name="Après un détartrage", trigger="act", matches="HBJD", months=6
    )
    patient, taken_back = (_seen(practice, timedelta(days=20)) for _ in range(2))
    for one, undone in ((patient, None), (taken_back, timezone.now())):
        VisitActFactory.create(
            visit__patient=one, done_at=datetime(2025, 9, 20, 10, tzinfo=UTC), undone_at=undone
        )
    (line,) = _listed(practice)
    assert (line.patient_id, line.due_on) == (patient.id, date(2026, 3, 20))


@pytest.mark.parametrize(("result", "closed"), [("no_answer", ""), ("booked", "booked"),
                                                ("declined", "declined")])  # fmt: skip
def test_attempts_are_kept_and_some_end_it(recall, sarah, result, closed):
    tried = Tried(Channel.PHONE, Result(result), "  a demandé\nle mardi ")
    operations.note_attempt(actor=actor(sarah), recall_id=recall.id, tried=tried)
    recall.refresh_from_db()
    assert recall.closed_as == closed
    assert RecallAttempt.objects.get().note == "a demandé le mardi"
    assert Line.objects.latest("number").detail == {"channel": "phone", "state": result}
    if closed:
        with pytest.raises(operations.AlreadyClosed):
            operations.note_attempt(actor=actor(sarah), recall_id=recall.id, tried=tried)
        # Who said that she would come, and has no appointment, is asked again.
        assert operations.plan() == (closed == "booked")


@pytest.fixture
def implant(practice, alice):
    """Return the recall of an implant that was placed a year ago."""
    patient = _seen(practice, timedelta(days=300))
    chart.chart(
        actor=actor(alice), patient_id=patient.id, on=date(2025, 3, 1),
        findings=[Finding(Kind.IMPLANT, (36,), status=Status.DONE)],
    )  # fmt: skip
    operations.plan()
    return Recall.objects.get()


def _came(recall, status="done", **after):
    """Give the patient a visit, so long after now; return it."""
    start = timezone.now() + timedelta(**after)
    return AppointmentFactory.create(
        patient=recall.patient, practice=recall.practice, starts_at=start,
        ends_at=start + timedelta(minutes=30), status=status,
    )  # fmt: skip


def _nights(travel, *days):
    """Return how many each of these nights adds; days are counted from now."""
    begun, added = timezone.now(), []
    for day in days:
        travel(begun + timedelta(days=day))
        added.append(operations.plan())
    return added


@pytest.fixture
def travel(frozen_clock: time_machine.Traveller):
    """Return what sets the clock."""
    return frozen_clock.move_to


def test_who_kept_her_appointment_is_asked_again_a_year_after_it(implant, sarah, travel):
    RecallRule.objects.exclude(trigger="chart").update(is_active=False)
    tried = Tried(Channel.PHONE, Result.BOOKED)
    operations.note_attempt(actor=actor(sarah), recall_id=implant.id, tried=tried)
    _came(implant, days=20)
    assert _nights(travel, 21, 50, 356) == [0, 0, 1]
    again = Recall.objects.get(closed_at=None)
    assert again.due_on == timezone.localdate(NOW + timedelta(days=20)).replace(year=2027)


def test_later_visits_for_something_else_put_no_control_off(implant, sarah, travel):
    RecallRule.objects.exclude(trigger="chart").update(is_active=False)
    tried = Tried(Channel.PHONE, Result.BOOKED)
    operations.note_attempt(actor=actor(sarah), recall_id=implant.id, tried=tried)
    _came(implant, days=20)
    _came(implant, days=300)
    assert _nights(travel, 301, 356) == [0, 1]
    again = Recall.objects.get(closed_at=None)
    assert again.due_on == timezone.localdate(NOW + timedelta(days=20)).replace(year=2027)


def test_who_came_by_herself_is_off_the_list_though_the_chart_shows_nothing_new(implant, travel):
    _came(implant, days=2)
    assert _nights(travel, 3, 4, 30) == [0, 0, 0]
    implant.refresh_from_db()
    assert implant.closed_as == "seen"


def test_who_is_put_back_after_a_visit_stays_on_the_list(implant, sarah, travel):
    _came(implant, days=2)
    assert _nights(travel, 3) == [0]
    operations.reopen(actor=actor(sarah), recall_id=implant.id)
    assert _nights(travel, 1) == [0]
    implant.refresh_from_db()
    assert implant.closed_as == ""


@pytest.fixture
def by_hand(practice, sarah):
    """Return a recall that somebody asked for, to be made in six months."""
    patient = _seen(practice, timedelta(days=30))
    return operations.ask_back(
        actor=actor(sarah), patient_id=patient.id, reason="Revoir la 36", due_on=date(2026, 9, 17)
    )


@pytest.mark.parametrize(("days", "closed"), [(10, ""), (150, ""), (170, "seen"), (200, "seen")])
def test_a_visit_ends_what_was_asked_by_hand_when_it_is_near_the_day(by_hand, travel, days, closed):
    _came(by_hand, days=days)
    _nights(travel, days + 1)
    by_hand.refresh_from_db()
    assert by_hand.closed_as == closed


@pytest.mark.parametrize(("days", "closed"), [(0.01, ""), (1, ""), (9, ""), (12, "seen")])
def test_what_was_asked_by_hand_for_soon_outlasts_the_visits_of_its_first_half(
    practice, sarah, travel, days, closed
):
    patient, day = _seen(practice, timedelta(days=30)), timezone.localdate() + timedelta(days=21)
    asked = operations.ask_back(
        actor=actor(sarah), patient_id=patient.id, reason="Cicatrisation", due_on=day
    )
    _came(asked, days=days)
    _nights(travel, days + 1)
    asked.refresh_from_db()
    assert asked.closed_as == closed


def test_who_was_asked_by_hand_and_did_not_come_is_asked_again(by_hand, sarah, travel):
    tried = Tried(Channel.PHONE, Result.BOOKED)
    operations.note_attempt(actor=actor(sarah), recall_id=by_hand.id, tried=tried)
    start = timezone.now() + timedelta(days=20)
    AppointmentFactory.create(
        patient=by_hand.patient, practice=by_hand.practice, starts_at=start,
        ends_at=start + timedelta(minutes=30), status="missed",
    )  # fmt: skip
    # From the day on which nothing is to come, once.
    assert _nights(travel, 21, 22) == [1, 0]
    again = Recall.objects.get(closed_at=None)
    assert (again.rule, again.reason, again.due_on) == (None, "Revoir la 36", date(2026, 9, 17))
    with pytest.raises(operations.AlreadyOnList):
        operations.reopen(actor=actor(sarah), recall_id=by_hand.id)


@pytest.mark.parametrize("asked", ["by_hand", "implant"])
def test_who_is_in_the_chair_or_was_not_ended_by_night_stood_nobody_up(
    asked, request, sarah, travel
):
    recall = request.getfixturevalue(asked)
    RecallRule.objects.exclude(id=recall.rule_id).update(is_active=False)
    tried = Tried(Channel.PHONE, Result.BOOKED)
    operations.note_attempt(actor=actor(sarah), recall_id=recall.id, tried=tried)
    visit = _came(recall, "in_chair", days=20)
    assert _nights(travel, 20.01, 20.8) == [0, 0]
    type(visit).objects.update(status="done")
    assert _nights(travel, 1, 10) == [0, 0]


def test_who_had_an_appointment_of_which_nobody_said_anything_is_asked_again(
    by_hand, sarah, travel
):
    tried = Tried(Channel.PHONE, Result.BOOKED)
    operations.note_attempt(actor=actor(sarah), recall_id=by_hand.id, tried=tried)
    _came(by_hand, "booked", days=20)
    assert _nights(travel, 22, 24) == [0, 1]


def test_who_was_asked_by_hand_and_came_is_not_asked_again(by_hand, sarah, travel):
    tried = Tried(Channel.PHONE, Result.BOOKED)
    operations.note_attempt(actor=actor(sarah), recall_id=by_hand.id, tried=tried)
    _came(by_hand, days=20)
    assert Recall.objects.filter(closed_at=None).count() == 0
    _nights(travel, 21)
    assert not Recall.objects.filter(rule=None, closed_at=None).exists()


def test_nobody_who_left_or_may_not_be_contacted_is_asked_again_by_hand(by_hand, sarah, travel):
    tried = Tried(Channel.PHONE, Result.BOOKED)
    operations.note_attempt(actor=actor(sarah), recall_id=by_hand.id, tried=tried)
    type(by_hand.patient).objects.update(do_not_contact=True)
    assert _nights(travel, 21) == [0]
    type(by_hand.patient).objects.update(do_not_contact=False)
    travel(NOW + timedelta(days=36 * 31))
    operations.plan()
    assert not Recall.objects.filter(rule=None, closed_at=None).exists()


def test_taking_off_the_list_is_taken_back(recall, sarah):
    operations.drop(actor=actor(sarah), recall_id=recall.id)
    with pytest.raises(operations.AlreadyClosed):
        operations.drop(actor=actor(sarah), recall_id=recall.id)
    operations.reopen(actor=actor(sarah), recall_id=recall.id)
    with pytest.raises(operations.NotClosed):
        operations.reopen(actor=actor(sarah), recall_id=recall.id)


def test_what_is_on_the_list_is_not_put_back_twice(recall, sarah):
    operations.drop(actor=actor(sarah), recall_id=recall.id)
    Recall.objects.create(
        practice=recall.practice, patient=recall.patient, rule=recall.rule, due_on=recall.due_on
    )
    with pytest.raises(operations.AlreadyOnList):
        operations.reopen(actor=actor(sarah), recall_id=recall.id)


def test_a_patient_is_asked_back_by_hand_once(practice, sarah):
    patient = PatientFactory.create(practice=practice)
    facts: dict[str, Any] = {
        "patient_id": patient.id, "reason": " Revoir la 36 ", "due_on": date(2026, 4, 1)
    }  # fmt: skip
    operations.ask_back(actor=actor(sarah), **facts)
    with pytest.raises(operations.AlreadyOnList):
        operations.ask_back(actor=actor(sarah), **facts)
    other = PatientFactory.create(practice=practice, do_not_contact=True)
    with pytest.raises(operations.LetAlone):
        operations.ask_back(actor=actor(sarah), **{**facts, "patient_id": other.id})
    assert Recall.objects.get().reason == "Revoir la 36"


def test_what_was_agreed_with_a_patient_goes_before_the_rule(practice, recall, sarah):
    facts: dict[str, Any] = {
        "actor": actor(sarah),
        "patient_id": recall.patient_id,
        "rule_id": recall.rule_id,
    }
    operations.agree(**facts, months=0)
    recall.refresh_from_db()
    assert (recall.closed_as, operations.plan()) == ("declined", 0)
    operations.agree(**facts, months=None)
    assert not RecallChoice.objects.exists()


def test_records_united_keep_one_interval_for_each_rule(practice, alice, recall):
    other = PatientFactory.create(practice=practice)
    for patient, months in ((recall.patient, 6), (other, 9)):
        operations.agree(
            actor=actor(alice), patient_id=patient.id, rule_id=recall.rule_id, months=months
        )
    merging.merge_patients(
        actor=actor(alice), survivor_id=recall.patient_id, absorbed_id=other.id, taken=()
    )
    assert queries.choices_of(recall.patient_id) == {recall.rule_id: 6}


def test_letters_are_printed_and_noted_and_say_nothing_of_health(practice, recall, sarah):
    practice.phone = "+33199001122"
    practice.save()
    nowhere = _seen(practice)
    operations.plan()
    ids = list(Recall.objects.values_list("id", flat=True))
    content = letters.print_letters(actor=actor(sarah), recall_ids=ids)
    text = reading.text_of(content)
    assert recall.patient.full_name in text
    assert nowhere.full_name not in text
    assert "Visite" not in text
    attempt = RecallAttempt.objects.get()
    assert (attempt.recall_id, attempt.channel, attempt.result) == (recall.id, "letter", "written")


def test_no_letter_when_nobody_has_an_address(practice, sarah):
    _seen(practice)
    operations.plan()
    with pytest.raises(letters.NobodyToWriteTo):
        letters.print_letters(actor=actor(sarah), recall_ids=[Recall.objects.get().id])
    assert not RecallAttempt.objects.exists()


def test_a_door_for_those_who_call_alone(recall, marc):
    with pytest.raises(PermissionDenied):
        access.recall_for(actor(marc), recall.id)


def test_who_may_not_be_contacted_stands_last_however_long_due(practice):
    today = timezone.localdate()
    fields: tuple[dict[str, Any], ...] = ({"do_not_contact": True}, {"died_on": today}, {}, {})
    people = [PatientFactory.create(practice=practice, **one) for one in fields]
    for age, patient in enumerate(people):
        RecallFactory.create(
            patient=patient, practice=practice, due_on=today - timedelta(100 - age)
        )
    shown = [line.patient_id for line in queries.to_call(practice.id, until=today).lines]
    first, second = people[2:]
    assert shown[:2] == [first.id, second.id]
    assert set(shown[2:]) == {one.id for one in people[:2]}
