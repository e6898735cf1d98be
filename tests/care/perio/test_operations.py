"""The life of an examination: two people, two tabs, closed for good."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.patients.merging import merge_patients
from quenotte.care.perio import operations, queries
from quenotte.care.perio.models import PerioExam, PerioSite, PerioStatement
from quenotte.care.perio.operations.exams import DraftElsewhere
from quenotte.care.perio.rules.mouths import Presence
from quenotte.care.perio.rules.paths import Order
from quenotte.care.perio.rules.readings import Change
from tests.care.people import actor
from tests.factories import ChartEventFactory, PatientFactory, PerioExamFactory
from tests.support.racing import race

DAY = date(2026, 3, 17)


def begin(person, patient, **more):
    return operations.start(
        actor=actor(person),
        patient_id=patient.id,
        born_on=patient.born_on,
        examined_on=DAY,
        examiner_id=more.pop("examiner", person).id,
        **more,
    )


def key(person, exam, *changes, hand=""):
    return operations.key_in(
        actor=actor(person), patient_id=exam.patient_id, exam_id=exam.id, changes=changes, hand=hand
    )


def closed(person, patient, depth=4):
    exam = begin(person, patient)
    key(person, exam, Change(16, "depth", depth, "MV"), Change(16, "recession", 1, "MV"))
    return operations.close(actor=actor(person), patient_id=patient.id, exam_id=exam.id)


def test_examination_begins_with_the_teeth_of_the_chart(alice, bob, patient):
    for tooth, kind in ((36, "missing"), (46, "implant"), (47, "root")):
        ChartEventFactory.create(patient=patient, tooth=tooth, kind=kind, author=alice)
    exam = begin(bob, patient, examiner=alice)
    charting = queries.charting_of(exam.id)
    assert charting.with_presence(Presence.IMPLANT) == [46]
    assert 36 not in charting.probed
    assert charting.tooth(47).presence == "present"
    assert (exam.examined_by, exam.status) == (alice.full_name, "draft")
    assert Line.objects.get().object_kind == "perio"
    assert Event.objects.get().name == "patient.changed"


def test_teeth_follow_the_age_where_no_room_says_anything(patient, monkeypatch):
    monkeypatch.setattr(queries, "_sources", [])
    known = queries.known_teeth(patient.id, date(2014, 3, 17), DAY)
    assert (known[16], known[18]) == (Presence.PRESENT, Presence.MISSING)


def test_examiner_is_a_dentist_of_the_practice(alice, bob, chloe, patient):
    for stranger in (bob, chloe):
        with pytest.raises(operations.NoSuchExaminer):
            begin(alice, patient, examiner=stranger)
    assert not PerioExam.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_are_in_the_same_examination(alice, bob, patient):
    first, second = race(lambda: begin(alice, patient), lambda: begin(bob, patient, examiner=alice))
    assert first == second == PerioExam.objects.get()


@pytest.mark.django_db(transaction=True)
def test_two_who_type_at_once_lose_nothing(alice, bob, patient):
    exam = begin(alice, patient)
    race(
        lambda: key(alice, exam, Change(16, "depth", 5, "MV"), Change(16, "mobility", 1)),
        lambda: key(bob, exam, Change(16, "bleeding", True, "MV"), Change(16, "furcation", 2, "V")),
    )
    charting = queries.charting_of(exam.id)
    assert (charting.site(16, "MV").depth, charting.site(16, "MV").bleeding) == (5, True)
    assert (charting.tooth(16).mobility, charting.tooth(16).furcation) == (1, {"V": 2})


def test_typing_twice_the_same_changes_nothing_more(alice, patient):
    exam = begin(alice, patient)
    for _ in range(2):
        key(alice, exam, Change(16, "depth", 5, "MV"))
    assert PerioSite.objects.get().depth == 5


def test_impossible_value_comes_back_and_the_others_stay(alice, patient):
    exam = begin(alice, patient)
    bad = Change(16, "depth", 16, "V")
    kept = key(alice, exam, Change(16, "depth", 3, "MV"), bad, Change(16, "depth", 4, "DV"))
    assert (kept.count, kept.refused) == (2, ((bad, "depth"),))
    assert set(PerioSite.objects.values_list("site", "depth")) == {("MV", 3), ("DV", 4)}


def test_journal_has_a_line_each_quarter_of_an_hour_for_each_who_types(
    alice, bob, patient, frozen_clock
):
    exam = begin(alice, patient)
    told = Line.objects.filter(action="change")
    for _ in range(3):
        key(alice, exam, Change(16, "depth", 3, "MV"), hand="tab")
    assert told.count() == 1
    told_pages = Event.objects.filter(name="perio.typed").values_list("data", flat=True)
    assert {data["hand"] for data in told_pages} == {"tab"}
    key(bob, exam, Change(16, "depth", 4, "MV"))
    assert told.count() == 2
    frozen_clock.shift(timedelta(minutes=15))
    key(bob, exam, Change(16, "depth", 5, "MV"))
    assert told.count() == 3


def test_closed_examination_takes_nothing_more(alice, patient):
    exam = closed(alice, patient)
    with pytest.raises(operations.ExamIsClosed):
        key(alice, exam, Change(16, "depth", 9, "MV"))
    assert operations.close(actor=actor(alice), patient_id=patient.id, exam_id=exam.id) == exam
    assert queries.charting_of(exam.id).site(16, "MV").depth == 4


def test_empty_examination_is_not_closed(alice, patient):
    exam = begin(alice, patient)
    key(alice, exam, Change(16, "depth", 3, "MV"), Change(16, "depth", None, "MV"))
    with pytest.raises(operations.NothingMeasured):
        operations.close(actor=actor(alice), patient_id=patient.id, exam_id=exam.id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE care_perioexam SET examined_on = '2020-01-01'",
        "UPDATE care_perioexam SET status = 'given_up', closed_at = NULL",
        "DELETE FROM care_perioexam",
        "UPDATE care_periosite SET depth = 1",
        "DELETE FROM care_periosite",
        (
            "INSERT INTO care_periosite (exam_id, tooth, site, bleeding, plaque, suppuration) "
            "SELECT exam_id, 17, site, bleeding, plaque, suppuration FROM care_periosite"
        ),
        "UPDATE care_periotooth SET mobility = 3",
        "DELETE FROM care_periotooth",
        "UPDATE care_periostatement SET text = 'autre'",
        "DELETE FROM care_periostatement",
    ],
)
def test_database_keeps_what_is_closed(alice, patient, statement):
    ChartEventFactory.create(patient=patient, author=alice)
    exam = closed(alice, patient)
    operations.sign(
        actor=actor(alice), patient_id=patient.id, exam_id=exam.id, kind="addition", text="Vu."
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_draft_put_aside_comes_back_with_its_values(alice, patient):
    exam = begin(alice, patient)
    key(alice, exam, Change(16, "depth", 5, "MV"))
    who = {"actor": actor(alice), "patient_id": patient.id, "exam_id": exam.id}
    operations.give_up(**who)
    operations.give_up(**who)
    with pytest.raises(operations.ExamIsClosed):
        key(alice, exam, Change(16, "depth", 9, "MV"))
    assert queries.exams_of(patient.id) == []
    assert [one.id for one in queries.given_up(patient.id)] == [exam.id]
    other = begin(alice, patient)
    with pytest.raises(DraftElsewhere):
        operations.take_up_again(**who)
    operations.give_up(actor=actor(alice), patient_id=patient.id, exam_id=other.id)
    assert operations.take_up_again(**who).status == "draft"
    assert operations.take_up_again(**who).status == "draft"
    assert queries.charting_of(exam.id).site(16, "MV").depth == 5


def test_correction_begins_with_the_values_and_takes_the_place(alice, patient, frozen_clock):
    old = closed(alice, patient)
    frozen_clock.shift(timedelta(minutes=5))
    new = begin(alice, patient, corrects_id=old.id)
    assert begin(alice, patient, corrects_id=old.id).id == new.id
    with pytest.raises(DraftElsewhere):
        begin(alice, patient)
    assert queries.charting_of(new.id) == queries.charting_of(old.id)
    key(alice, new, Change(16, "depth", 6, "MV"))
    new = operations.close(actor=actor(alice), patient_id=patient.id, exam_id=new.id)
    newest, oldest = queries.lines_of(patient.id)
    assert (newest.exam.id, oldest.is_corrected) == (new.id, True)
    assert queries.corrected_by(old) == new
    assert queries.earlier(new) == []
    assert queries.pairs([newest, oldest]) == {}


def test_correction_of_an_examination_of_another_patient_is_refused(alice, practice, patient):
    other = closed(alice, PatientFactory.create(practice=practice))
    with pytest.raises(PerioExam.DoesNotExist):
        begin(alice, patient, corrects_id=other.id)


def test_margin_is_noted_where_it_is_missing_alone(alice, patient):
    exam = begin(alice, patient)
    key(
        alice, exam,
        Change(16, "depth", 3, "MV"), Change(16, "depth", 3, "V"), Change(16, "recession", 2, "V"),
    )  # fmt: skip
    who = {"actor": actor(alice), "patient_id": patient.id, "exam_id": exam.id}
    assert operations.fill_margin(**who) == 1
    charting = queries.charting_of(exam.id)
    assert [charting.site(16, site).recession for site in ("MV", "V", "DV")] == [0, 2, None]


def test_conclusion_is_signed_once_closed_and_the_newest_holds(alice, patient):
    exam = begin(alice, patient)
    who = {"actor": actor(alice), "patient_id": patient.id, "exam_id": exam.id}
    with pytest.raises(operations.NotClosedYet):
        operations.sign(**who, kind="conclusion", text="Parodontite")
    key(alice, exam, Change(16, "depth", 5, "MV"))
    operations.close(**who)
    with pytest.raises(operations.NothingSaid):
        operations.sign(**who, kind="conclusion", text=" \x00 ", classes={"grade": "B"})
    operations.sign(**who, kind="conclusion", text="", classes={"stage": "III", "grade": ""})
    operations.sign(
        **who,
        kind="conclusion",
        text="Réévaluée\r\n",
        context={"teeth_lost": 2, "factors": ["ridge"]},
    )
    (line,) = queries.lines_of(patient.id)
    assert line.conclusion is not None
    assert (line.conclusion.text, line.conclusion.stage) == ("Réévaluée", "")
    known = queries.context_of(line.conclusion.context, 50)
    assert (known.teeth_lost, known.age, known.factors) == (2, 50, frozenset({"ridge"}))
    assert PerioStatement.objects.count() == 2


def test_examinations_follow_a_united_record_even_with_two_drafts(alice, practice, patient):
    other = PatientFactory.create(practice=practice)
    done = closed(alice, other)
    begin(alice, patient)
    begin(alice, other)
    merge_patients(actor=actor(alice), survivor_id=patient.id, absorbed_id=other.id, taken=())
    assert PerioExam.objects.filter(patient=patient).count() == 3
    assert queries.exam_of(patient.id, done.id) is not None


def test_habit_is_hers_alone(alice, bob):
    operations.keep_habit(actor=actor(alice), habit=queries.Habit(Order.BY_TOOTH, True, True))
    operations.keep_habit(actor=actor(alice), habit=queries.Habit(Order.BY_TOOTH, False, True))
    assert queries.habit_of(alice.id) == queries.Habit(Order.BY_TOOTH, False, True)
    assert queries.habit_of(bob.id) == queries.Habit()


def test_timeline_reads_by_pages(alice, patient):
    exam = closed(alice, patient)
    assert [one.id for one in queries.closed_of(patient.id, 5)] == [exam.id]
    assert queries.closed_of(patient.id, 5, timezone.now()) == []
    assert queries.exam_of(patient.id, uuid4()) is None
    PerioExamFactory.create(patient=patient, examiner=alice)
    assert len(queries.closed_of(patient.id, 5)) == 1


def test_value_that_waited_does_not_overwrite_a_newer_one(alice, bob, patient):
    exam = begin(alice, patient)
    key(bob, exam, Change(17, "depth", 3, "V", was=(None,)), Change(17, "bleeding", True, "V"))
    late = Change(17, "depth", 9, "V", was=(None,))
    kept = key(alice, exam, late, Change(17, "depth", 4, "MV", was=(None,)))
    assert (kept.count, kept.refused, kept.overtaken) == (1, (), ((late, 3),))
    assert queries.charting_of(exam.id).site(17, "V").depth == 3
    # Seen, then typed over: the examiner decides.
    assert key(alice, exam, Change(17, "depth", 9, "V", was=(3,))).overtaken == ()
    assert queries.charting_of(exam.id).site(17, "V").depth == 9


def test_value_that_arrived_without_an_answer_is_nobody_elses(alice, patient):
    exam = begin(alice, patient)
    for _ in range(2):
        assert key(alice, exam, Change(17, "depth", 9, "V", was=(None,))).overtaken == ()
    assert key(alice, exam, Change(17, "depth", 8, "V", was=(None, 9))).overtaken == ()


@pytest.mark.parametrize(
    "late",
    [
        Change(16, "presence", "missing", was=("implant",)),
        Change(16, "mobility", 2, was=(0,)),
        Change(16, "furcation", 2, "V", was=(3,)),
    ],
)
def test_what_is_noted_of_a_tooth_is_overtaken_too(alice, patient, late):
    exam = begin(alice, patient)
    key(alice, exam, Change(16, "mobility", 1), Change(16, "furcation", 1, "V"))
    assert [change for change, _held in key(alice, exam, late).overtaken] == [late]
