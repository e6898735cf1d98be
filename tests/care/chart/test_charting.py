from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.chart import operations, queries, rules
from quenotte.care.chart.models import ChartEvent, KeptMouth
from quenotte.care.chart.rules import Kind, Presence
from quenotte.care.patients import merging
from tests.care.chart.charts import tooth_of
from tests.care.people import actor
from tests.factories import ChartEventFactory, PatientFactory
from tests.support.racing import race

pytestmark = pytest.mark.django_db

BORN, TODAY = date(1985, 4, 3), date(2026, 3, 17)
YEAR = timedelta(days=365)


@pytest.fixture
def as_alice(alice, patient):
    return {"actor": actor(alice), "patient_id": patient.id}


@pytest.fixture
def note(as_alice):
    def note(line, **more):
        return operations.chart(**as_alice, findings=rules.parse(line), **more)

    return note


@pytest.fixture
def mouth(patient):
    return lambda day=TODAY: queries.mouth_on(patient.id, BORN, day)


def kinds(mouth, fdi):
    return [mark.finding.kind for mark in tooth_of(mouth, fdi).marks]


def test_chart_is_shown_traced_and_told(alice, patient, note, mouth):
    keys = note("16 MOD composite; 18 absente")
    assert len(keys) == 2
    assert kinds(mouth(), 16) == [Kind.FILLING]
    assert tooth_of(mouth(), 18).presence is Presence.MISSING
    event = ChartEvent.objects.get(key=keys[0])
    assert (event.signed_as, event.author_id, event.on) == (alice.full_name, alice.id, TODAY)
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.object_id) == ("create", "chart", str(event.step))
    assert Event.objects.get().data == {"patient": str(patient.id), "part": "chart"}


def test_what_a_plan_or_a_visit_charted_is_undone_there(as_alice, mouth):
    with pytest.raises(operations.NothingToUndo):
        operations.undo(**as_alice)
    operations.chart(**as_alice, findings=rules.parse("à faire 16 couronne"), source="plan-line:1")
    with pytest.raises(operations.MadeElsewhere):
        operations.undo(**as_alice)
    assert kinds(mouth(), 16) == [Kind.CROWN]
    operations.withdraw(**as_alice, source="plan-line:1")
    assert kinds(mouth(), 16) == []
    operations.chart(**as_alice, findings=rules.parse("26 carie O"), source="entry:1")
    operations.undo(**as_alice)
    assert kinds(mouth(), 26) == []


def test_undo_and_redo_walk_over_what_plans_and_visits_made(as_alice, note, mouth):
    note("16 MOD composite")
    note("26 carie O")
    note("à faire 46 couronne", source="plan-line:1")
    operations.undo(**as_alice)
    note("36 endo faite", source="visit-act:1")
    operations.withdraw(**as_alice, source="plan-line:1")
    operations.undo(**as_alice)
    found = [kinds(mouth(), fdi) for fdi in (16, 26, 36, 46)]
    assert found == [[], [], [Kind.ENDODONTICS], []]
    for _ in range(2):
        operations.redo(**as_alice)
    with pytest.raises(operations.NothingToRedo):
        operations.redo(**as_alice)
    assert [kinds(mouth(), fdi) for fdi in (16, 26)] == [[Kind.FILLING], [Kind.CARIES]]


def test_undo_that_would_strand_what_a_plan_made_says_where_to_take_it_back(as_alice, note, mouth):
    note("36 O composite")
    note("36 absente")
    note("36 implant fait", source="visit-act:1")
    with pytest.raises(rules.Stranded, match=r"36 : implant.*Retirez d’abord l’acte"):
        operations.undo(**as_alice)
    assert tooth_of(mouth(), 36).presence is Presence.IMPLANT
    operations.withdraw(**as_alice, source="visit-act:1")
    operations.undo(**as_alice)
    assert tooth_of(mouth(), 36).presence is Presence.PRESENT


def test_redo_that_contradicts_what_a_visit_made_is_refused(as_alice, note, mouth):
    note("16 absente")
    operations.undo(**as_alice)
    note("16 couronne faite", source="visit-act:1")
    with pytest.raises(rules.Stranded, match=r"16 : couronne, faite.*notée absente"):
        operations.redo(**as_alice)
    assert kinds(mouth(), 16) == [Kind.CROWN]


def test_undo_and_redo_take_a_whole_step_and_stay_in_the_trail(patient, as_alice, note, mouth):
    note("16 MOD composite")
    note("11 12 facette")
    operations.undo(**as_alice)
    assert kinds(mouth(), 11) == kinds(mouth(), 12) == []
    assert [step.is_undone for step in queries.trail(patient.id, 9)] == [False, True, False]
    operations.undo(**as_alice)
    assert kinds(mouth(), 16) == []
    with pytest.raises(operations.NothingToUndo):
        operations.undo(**as_alice)
    operations.redo(**as_alice)
    operations.redo(**as_alice)
    with pytest.raises(operations.NothingToRedo):
        operations.redo(**as_alice)
    assert (kinds(mouth(), 11), kinds(mouth(), 16)) == ([Kind.VENEER], [Kind.FILLING])
    trail = queries.trail(patient.id, 5)
    assert [step.what for step in trail] == ["redo", "redo", "undo", "undo", "find"]
    assert len(trail[-1].findings) == 2
    states = [line.detail.get("state") for line in Line.objects.order_by("number")]
    assert states == [None, None, "undone", "undone", "redone", "redone"]


def test_step_of_another_screen_is_not_undone_nor_redone(as_alice, note, mouth):
    note("16 MOD composite")
    seen = UUID(mouth().undo)
    note("26 carie")
    with pytest.raises(operations.ChartedMeanwhile, match="Quelqu’un vient de modifier"):
        operations.undo(**as_alice, step=seen)
    assert kinds(mouth(), 26) == [Kind.CARIES]
    operations.undo(**as_alice, step=UUID(mouth().undo))
    with pytest.raises(operations.ChartedMeanwhile):
        operations.redo(**as_alice, step=seen)
    operations.redo(**as_alice, step=UUID(mouth().redo))
    assert kinds(mouth(), 26) == [Kind.CARIES]


def test_refused_line_leaves_nothing(patient, note, mouth):
    note("18 absente")
    for line, words in (("16 carie; à faire 18 O composite", "absente"), ("19 carie", "19")):
        with pytest.raises(rules.NotChartable, match=words):
            note(line)
    note("16 carie")
    with pytest.raises(rules.Contradiction, match="contredit"):
        note("16 extraite", on=TODAY - YEAR)
    assert ChartEvent.objects.count() == 2
    with pytest.raises(operations.charting.NotYet):
        note("16 carie", on=TODAY + timedelta(days=1))


def test_mouth_of_any_day_and_the_days_that_changed_it(patient, note, mouth):
    note("à faire 36 endo")
    note("36 O carie", on=TODAY - 3 * YEAR)
    note("36 extraite", on=TODAY)
    assert queries.days_of(patient.id) == (TODAY - 3 * YEAR, TODAY)
    assert kinds(mouth(TODAY - 2 * YEAR), 36) == [Kind.CARIES]
    assert kinds(mouth(TODAY - 4 * YEAR), 36) == []
    assert tooth_of(mouth(), 36).presence is Presence.MISSING
    assert [one.is_moot for one in mouth().aside] == [True]


def test_source_is_withdrawn_and_no_longer_named(patient, as_alice, note, mouth):
    note("à faire 16 MOD composite; à faire 46 endo", source="plan-line:1")
    (key,) = note("26 carie")
    assert queries.sources_of(patient.id) == {"plan-line:1"}
    operations.withdraw(**as_alice, source="plan-line:1")
    operations.withdraw(**as_alice, finding=key)
    assert queries.sources_of(patient.id) == frozenset()
    assert [kinds(mouth(), fdi) for fdi in (16, 46, 26)] == [[], [], []]
    for again in ({"source": "plan-line:1"}, {"finding": key}, {"finding": uuid4()}):
        with pytest.raises(operations.NothingToWithdraw):
            operations.withdraw(**as_alice, **again)
    with pytest.raises(operations.charting.NotYet):
        operations.withdraw(**as_alice, source="plan-line:1", on=TODAY + YEAR)
    operations.undo(**as_alice)
    assert kinds(mouth(), 26) == [Kind.CARIES]


def test_mouth_of_a_stranger_is_that_of_the_age(other_practice, note, mouth):
    note("16 carie")
    stranger = PatientFactory.create(practice=other_practice)
    assert tooth_of(queries.mouth_on(stranger.id, BORN, TODAY), 16).marks == ()
    assert queries.days_of(stranger.id) == ()


@pytest.mark.parametrize("stale", [{"rules_version": 0}, {"last_number": 0}, {"event_count": 9}])
def test_kept_mouth_that_no_longer_fits_is_made_again(patient, note, mouth, stale):
    note("16 carie")
    KeptMouth.objects.filter(patient=patient).update(content={"spoilt": True}, **stale)
    assert kinds(mouth(), 16) == [Kind.CARIES]
    assert "spoilt" not in KeptMouth.objects.get().content


def test_events_follow_two_records_that_are_united_and_parted(
    alice, practice, patient, note, mouth
):
    other = PatientFactory.create(practice=practice)
    ChartEventFactory.create(patient=other, author=alice, tooth=26)
    note("16 carie")
    merge = merging.merge_patients(
        actor=actor(alice), survivor_id=patient.id, absorbed_id=other.id, taken=()
    )
    assert (kinds(mouth(), 16), mouth().missing) == ([Kind.CARIES], (26,))
    merging.undo_merge(actor=actor(alice), merge_id=merge.id)
    assert mouth().missing == ()
    assert queries.mouth_on(other.id, BORN, TODAY).missing == (26,)


_MOVE = """
    UPDATE care_chartevent SET patient_id = (SELECT id FROM care_patient p WHERE p.id <> patient_id)
"""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE care_chartevent SET signed_as = 'X'",
        _MOVE,
        "DELETE FROM care_chartevent",
        "INSERT OR REPLACE INTO care_chartevent SELECT * FROM care_chartevent",
    ],
)
def test_event_is_never_changed_nor_removed(practice, patient, note, statement):
    PatientFactory.create(practice=practice)
    note("16 carie")
    if connection.vendor == "postgresql" and "REPLACE" in statement:
        statement = "TRUNCATE care_chartevent CASCADE"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ChartEvent.objects.get().patient_id == patient.id


@pytest.mark.parametrize(
    "wrong",
    [
        {"finding": None},
        {"what": "undo", "finding": None},
        {"what": "withdraw", "finding": None},
        {"what": "undo", "target": uuid4()},
    ],
)
def test_event_that_says_nothing_is_refused_by_the_database(patient, wrong):
    with pytest.raises(DatabaseError), transaction.atomic():
        ChartEventFactory.create(patient=patient, **wrong)


@pytest.mark.django_db(transaction=True)
def test_two_who_chart_at_once_are_both_kept(alice, bob, patient, mouth):
    def typed(person, line):
        return lambda: operations.chart(
            actor=actor(person), patient_id=patient.id, findings=rules.parse(line)
        )

    race(typed(alice, "16 MOD composite; 17 O carie"), typed(bob, "26 endo; 36 absente"))
    assert [len(kinds(mouth(), fdi)) for fdi in (16, 17, 26)] == [1, 1, 1]
    assert mouth().missing == (36,)
    assert ChartEvent.objects.values("step").distinct().count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_undo_the_same_step_undo_it_once(alice, bob, patient, note, mouth):
    note("16 MOD composite")
    note("26 endo")
    last = UUID(mouth().undo)

    def undone(person):
        return lambda: operations.undo(
            actor=actor(person), patient_id=patient.id, step=last, confirmed=last
        )

    answers = race(undone(alice), undone(bob))
    assert sum(isinstance(one, operations.ChartedMeanwhile) for one in answers) == 1
    assert kinds(mouth(), 16) == [Kind.FILLING]


def test_step_of_another_day_or_person_is_undone_once_it_is_confirmed(
    alice, bob, patient, as_alice, note, mouth, frozen_clock
):
    note("26 couronne", on=TODAY - YEAR)
    last = UUID(mouth().undo)
    as_bob = {"actor": actor(bob), "patient_id": patient.id}
    frozen_clock.move_to("2027-01-05 10:00:00+01:00")
    for who in (as_alice, as_bob):
        with pytest.raises(operations.ToConfirm) as asked:
            operations.undo(**who, step=last, confirmed=uuid4())
        assert "26" in asked.value.question
        assert f"noté le 17/03/2026 par {alice.full_name} ?" in asked.value.question
    assert kinds(mouth(), 26) == [Kind.CROWN]
    operations.undo(**as_bob, step=last, confirmed=last)
    assert kinds(mouth(), 26) == []


def test_what_was_undone_on_another_day_or_by_another_comes_back_once_it_is_confirmed(
    alice, bob, patient, as_alice, note, mouth, frozen_clock
):
    note("36 absente")
    operations.undo(**as_alice)
    last, as_bob = UUID(mouth().redo), {"actor": actor(bob), "patient_id": patient.id}
    with pytest.raises(operations.ToConfirm, match="annulé le 17/03/2026"):
        operations.redo(**as_bob)
    operations.redo(**as_alice)
    operations.undo(**as_alice)
    frozen_clock.move_to("2027-01-05 10:00:00+01:00")
    note("16 endo faite", source="visit-act:1")
    for who in (as_alice, as_bob):
        with pytest.raises(operations.ToConfirmRedo) as asked:
            operations.redo(**who, step=last, confirmed=uuid4())
        assert asked.value.question.startswith("Rétablir « 36")
        assert f"annulé le 17/03/2026 par {alice.full_name} ?" in asked.value.question
        assert str(asked.value).endswith("Rien n’est encore rétabli.")
    assert tooth_of(mouth(), 36).presence is Presence.PRESENT
    operations.redo(**as_bob, step=last, confirmed=last)
    assert tooth_of(mouth(), 36).presence is Presence.MISSING


def test_withdrawal_of_somebody_else_is_named(bob, patient, as_alice, note):
    (key,) = note("26 couronne")
    operations.withdraw(**as_alice, finding=key)
    with pytest.raises(operations.ToConfirm, match="retrait de 26"):
        operations.undo(actor=actor(bob), patient_id=patient.id)
