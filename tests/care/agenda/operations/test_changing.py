from datetime import timedelta
from uuid import uuid4

import pytest

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.agenda import operations, queries
from quenotte.care.agenda.models import Appointment, Pin
from tests.care.agenda.conftest import at
from tests.care.people import actor
from tests.factories import AppointmentTypeFactory, PatientFactory, PinFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def move(sarah):
    def moved(appointment, *, by=sarah, version=1, **to):
        return operations.move(
            actor=actor(by), appointment_id=appointment.id, expected_version=version, **to
        )

    return moved


@pytest.fixture
def resize(sarah):
    def resized(appointment, minutes, *, version=1, **more):
        return operations.resize(
            actor=actor(sarah),
            appointment_id=appointment.id,
            minutes=minutes,
            expected_version=version,
            **more,
        )

    return resized


def test_move_to_another_day(book, move):
    made = book()
    moved = move(made, starts_at=at(14, day=25))
    assert (moved.starts_at, moved.ends_at) == (at(14, day=25), at(14, 30, day=25))
    assert (moved.practitioner_id, moved.chair_id) == (made.practitioner_id, made.chair_id)
    assert moved.version == 2


def test_move_is_one_line_and_tells_both_days(book, move):
    made = book()
    move(made, starts_at=at(14, day=25))
    line = Line.objects.latest("number")
    assert Line.objects.count() == 2
    assert line.detail == {
        "action": "move",
        "fields": "starts_at,ends_at",
        "minutes": 30,
        "from": "2026-03-18 09:00",
        "to": "2026-03-25 14:00",
    }
    assert Event.objects.latest("id").data["days"] == ["2026-03-18", "2026-03-25"]


def test_move_to_another_column(book, move, hugo, other_chair):
    moved = move(book(), practitioner_id=hugo.id, chair_id=other_chair.id)
    assert (moved.practitioner_id, moved.chair_id) == (hugo.id, other_chair.id)
    assert moved.starts_at == at(9)


def test_move_out_of_any_chair(book, move):
    assert move(book(), chair_id=None).chair_id is None


def test_move_by_less_than_its_length(book, move):
    assert move(book(), starts_at=at(9, 15)).starts_at == at(9, 15)


def test_move_to_where_it_is_writes_nothing(book, move):
    made = book()
    assert move(made, starts_at=at(9)).version == 1
    assert Line.objects.count() == 1


def test_move_onto_another_is_refused_and_nothing_moves(book, move, alice):
    made = book()
    book(patient_id=PatientFactory.create(practice=alice.practice).id, starts_at=at(10))
    with pytest.raises(operations.SlotTaken):
        move(made, starts_at=at(9, 45))
    made.refresh_from_db()
    assert (made.starts_at, made.version) == (at(9), 1)


def test_move_out_of_the_hours_is_refused_unless_meant(book, move, opened):
    made = book()
    with pytest.raises(operations.Closed):
        move(made, starts_at=at(20))
    move(made, starts_at=at(20), anyway=True)
    assert Line.objects.latest("number").detail["anyway"] is True


def test_move_that_somebody_else_forestalled_says_who_what_and_when(book, move, alice, bob):
    made = book()
    move(made, by=bob, starts_at=at(14))
    with pytest.raises(operations.ChangedMeanwhile) as refused:
        move(made, by=alice, starts_at=at(16))
    said = str(refused.value)
    assert f"par {bob.full_name} à 9 h 30" in said
    assert "déplacé du 18/03/2026 à 9 h 00 au 18/03/2026 à 14 h 00" in said
    assert "Rien n’a été écrasé" in said
    assert refused.value.version == 2
    made.refresh_from_db()
    assert made.starts_at == at(14)


def test_move_of_what_was_cancelled_meanwhile_is_refused(book, move, sarah):
    made = book()
    operations.cancel(
        actor=actor(sarah), appointment_id=made.id, reason="patient", expected_version=1
    )
    with pytest.raises(operations.ChangedMeanwhile) as refused:
        move(made, starts_at=at(16))
    assert "annulé" in str(refused.value)
    with pytest.raises(operations.NoLongerThere) as over:
        move(made, version=2, starts_at=at(16))
    assert "« Annulé »" in str(over.value)


@pytest.mark.parametrize(
    ("status", "to", "is_moved"),
    [
        ("arrived", at(10, day=17), True),
        ("arrived", at(10), False),
        ("in_chair", at(10), False),
        ("done", at(10, day=17), False),
    ],
)
def test_move_of_what_has_begun_stays_on_its_day(book, move, status, to, is_moved):
    made = book(starts_at=at(9, 30, day=17))
    Appointment.objects.filter(id=made.id).update(status=status)
    if is_moved:
        assert move(made, starts_at=to).starts_at == to
        return
    with pytest.raises(operations.NoLongerThere):
        move(made, starts_at=to)


def test_resize_of_what_is_over_tells_how_long_it_took(book, resize):
    made = book()
    Appointment.objects.filter(id=made.id).update(status="done")
    assert resize(made, 50).minutes == 50


def test_move_whatever_the_version(book, move):
    made = book()
    move(made, starts_at=at(14))
    assert move(made, version=None, starts_at=at(15)).version == 3


@pytest.mark.parametrize("whose", ["stranger", "nobody"])
def test_move_of_an_appointment_from_elsewhere_is_refused(book, move, chloe, whose):
    made = book()
    if whose == "nobody":
        made.id = uuid4()
    with pytest.raises(operations.NoSuchAppointment):
        move(made, by=chloe, starts_at=at(14))


def test_move_drops_the_pin(book, move, sarah):
    made = book()
    PinFactory.create(appointment=made, person=sarah)
    move(made, starts_at=at(14, day=25))
    assert not Pin.objects.exists()


def test_change_of_words_that_nobody_recorded_is_still_told(book, move, sarah):
    made = book()
    Appointment.objects.filter(id=made.id).update(version=5)
    with pytest.raises(operations.ChangedMeanwhile) as refused:
        move(made, starts_at=at(16))
    assert "réservé" in str(refused.value)


def test_change_without_a_line_names_nobody(sarah, alice, patient, move):
    from tests.factories import AppointmentFactory

    imported = AppointmentFactory.create(patient=patient, practitioner=alice, version=3)
    with pytest.raises(operations.ChangedMeanwhile) as refused:
        move(imported, starts_at=at(16))
    assert "par quelqu’un" in str(refused.value)


def test_resize_keeps_the_start(book, resize):
    made = resize(book(assistant_minutes=30), 20)
    assert (made.starts_at, made.minutes, made.assistant_minutes) == (at(9), 20, 20)
    line = Line.objects.latest("number")
    assert (line.detail["action"], line.detail["minutes"]) == ("resize", 20)


def test_resize_does_not_drop_the_pin(book, resize, sarah):
    made = book()
    PinFactory.create(appointment=made, person=sarah)
    resize(made, 45)
    assert Pin.objects.exists()


def test_resize_of_what_was_cancelled_is_refused(book, resize, sarah):
    made = book()
    operations.cancel(
        actor=actor(sarah), appointment_id=made.id, reason="patient", expected_version=1
    )
    with pytest.raises(operations.NoLongerThere):
        resize(made, 45, version=2)


def test_resize_over_the_next_is_refused(book, resize, alice):
    made = book()
    book(patient_id=PatientFactory.create(practice=alice.practice).id, starts_at=at(9, 30))
    with pytest.raises(operations.SlotTaken):
        resize(made, 45)


@pytest.mark.parametrize("minutes", [0, -15, 800])
def test_resize_to_what_nobody_works_is_refused(book, resize, minutes):
    with pytest.raises(operations.BadShape):
        resize(book(), minutes)


def test_resize_past_the_closing_is_refused(book, resize, opened):
    made = book(starts_at=at(12))
    with pytest.raises(operations.Closed):
        resize(made, 45)


def test_details_are_changed_and_traced(book, sarah, alice):
    made = book()
    kind = AppointmentTypeFactory.create(practice=alice.practice)
    changed = operations.change_details(
        actor=actor(sarah),
        appointment_id=made.id,
        expected_version=1,
        values={"title": "Urgence", "note": "Rappeler", "kind_id": kind.id},
    )
    assert (changed.title, changed.note, changed.kind_id) == ("Urgence", "Rappeler", kind.id)
    line = Line.objects.latest("number")
    assert line.detail == {"action": "details", "fields": "kind_id,note,title"}


def test_details_that_do_not_differ_write_nothing(book, sarah):
    made = book(title="Contrôle")
    operations.change_details(
        actor=actor(sarah),
        appointment_id=made.id,
        expected_version=1,
        values={"title": "Contrôle"},
    )
    assert Line.objects.count() == 1


def test_details_keep_a_type_that_is_no_longer_offered(book, sarah, alice):
    kind = AppointmentTypeFactory.create(practice=alice.practice)
    made = book(kind_id=kind.id)
    kind.is_active = False
    kind.save()
    changed = operations.change_details(
        actor=actor(sarah),
        appointment_id=made.id,
        expected_version=1,
        values={"kind_id": kind.id, "note": "Vu"},
    )
    assert changed.note == "Vu"


def test_details_of_a_type_from_elsewhere_are_refused(book, sarah):
    made = book()
    with pytest.raises(operations.NoSuchType):
        operations.change_details(
            actor=actor(sarah),
            appointment_id=made.id,
            expected_version=1,
            values={"kind_id": AppointmentTypeFactory.create().id},
        )


def test_details_never_change_another_field(book, sarah):
    with pytest.raises(ValueError, match="status"):
        operations.change_details(
            actor=actor(sarah),
            appointment_id=book().id,
            expected_version=1,
            values={"status": "done"},
        )


def test_details_of_an_older_version_are_refused(book, move, sarah):
    made = book()
    move(made, starts_at=at(14))
    with pytest.raises(operations.ChangedMeanwhile):
        operations.change_details(
            actor=actor(sarah), appointment_id=made.id, expected_version=1, values={"note": "x"}
        )


def test_history_tells_every_change_in_words(book, move, resize, sarah, patient, hugo):
    made = book()
    move(made, starts_at=at(14))
    move(made, version=2, practitioner_id=hugo.id)
    resize(made, 45, version=3)
    told = queries.history(made.id, patient.id)
    assert [change.words for change in told] == [
        "durée changée à 45 min",
        "changé de colonne",
        "déplacé du 18/03/2026 à 9 h 00 au 18/03/2026 à 14 h 00",
        "réservé",
    ]
    assert {change.who for change in told} == {sarah.full_name}
    assert all(change.at - told[0].at < timedelta(minutes=1) for change in told)
