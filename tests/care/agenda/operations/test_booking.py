from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.agenda import operations
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.operations import NewPatient
from quenotte.care.patients import queries as patients
from quenotte.care.patients.models import Patient
from quenotte.care.patients.rules import UNKNOWN_BIRTH
from tests.care.agenda.conftest import at
from tests.factories import (
    AppointmentFactory,
    AppointmentTypeFactory,
    ChairFactory,
    LeaveFactory,
    OpeningPeriodFactory,
    PatientFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


def test_book_keeps_what_was_asked(book, sarah, alice, chair, patient):
    made = Appointment.objects.get(id=book(title="Contrôle", note="Fauteuil roulant").id)
    assert (made.practice_id, made.patient_id) == (alice.practice_id, patient.id)
    assert (made.practitioner_id, made.chair_id) == (alice.id, chair.id)
    assert (made.starts_at, made.ends_at) == (at(9), at(9, 30))
    assert (made.title, made.note) == ("Contrôle", "Fauteuil roulant")
    assert (made.status, made.version, made.created_by_id) == ("booked", 1, sarah.id)


def test_book_is_one_line_and_one_event(book, sarah, patient):
    made = book()
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.object_id) == (
        "create",
        "appointment",
        str(made.id),
    )
    assert (line.person_id, line.patient_id) == (sarah.id, patient.id)
    assert line.detail == {"action": "book", "to": "2026-03-18 09:00", "minutes": 30}
    event = Event.objects.get()
    assert (event.name, event.audience) == ("agenda", "agenda.read")
    assert event.data == {
        "days": ["2026-03-18"],
        "appointment": str(made.id),
        "patient": str(patient.id),
    }


def test_book_with_a_type_takes_its_name_and_its_assistant(book, alice):
    kind = AppointmentTypeFactory.create(
        practice=alice.practice, name="Détartrage", minutes=30, assistant_minutes=20
    )
    made = book(kind_id=kind.id)
    assert (made.title, made.kind_id, made.assistant_minutes) == ("Détartrage", kind.id, 20)
    assert book(starts_at=at(10), kind_id=kind.id, assistant_minutes=45).assistant_minutes == 30


def test_book_without_chair(book):
    assert book(chair_id=None).chair_id is None


def test_book_for_somebody_who_calls_for_the_first_time(book, sarah):
    new = NewPatient(surname="Le Goff", first_name="Yann", phone="+33639980012")
    made = book(new_patient=new)
    patient = Patient.objects.get(id=made.patient_id)
    assert (patient.birth_name, patient.birth_first_names) == ("Le Goff", "Yann")
    assert (patient.identity_status, patient.sex) == ("provisoire", "I")
    assert patient.born_on == UNKNOWN_BIRTH
    assert [line.object_kind for line in Line.objects.order_by("number")] == [
        "patient",
        "appointment",
    ]
    (found,) = patients.with_phone(sarah.practice_id, "06 39 98 00 12")
    assert (found.id, found.birth) == (patient.id, "date de naissance à demander")


def test_book_for_a_new_patient_keeps_the_birth_date_that_was_said(book):
    born_on = at(0).date().replace(year=1990)
    new = NewPatient(surname="Le Goff", first_name="Yann", phone="", born_on=born_on)
    assert book(new_patient=new).patient.born_on == born_on


def test_refused_booking_leaves_no_new_patient(book, patient):
    book()
    new = NewPatient(surname="Le Goff", first_name="Yann", phone="+33639980012")
    with pytest.raises(operations.SlotTaken):
        book(new_patient=new)
    assert list(Patient.objects.values_list("id", flat=True)) == [patient.id]
    assert Line.objects.count() == 1


@pytest.mark.parametrize(("start", "minutes"), [((9, 15), 30), ((8, 45), 20), ((9, 10), 5)])
def test_book_over_an_appointment_of_the_practitioner_is_refused(
    book, alice, other_chair, start, minutes
):
    book()
    with pytest.raises(operations.SlotTaken) as refused:
        book(
            patient_id=PatientFactory.create(practice=alice.practice).id,
            chair_id=other_chair.id,
            starts_at=at(*start),
            minutes=minutes,
        )
    said = str(refused.value)
    assert f"{alice.full_name} : déjà pris le 18/03/2026 de 9 h 00 à 9 h 30" in said
    assert "Rien n’a été enregistré" in said
    assert Appointment.objects.count() == 1
    assert Line.objects.count() == 1


def test_book_over_an_appointment_of_the_chair_names_the_chair_and_nobody(
    book, alice, hugo, patient
):
    book()
    somebody = PatientFactory.create(practice=alice.practice)
    with pytest.raises(operations.SlotTaken) as refused:
        book(patient_id=somebody.id, practitioner_id=hugo.id)
    assert "Salle 1, Fauteuil 1 : déjà pris" in str(refused.value)
    assert patient.birth_name not in str(refused.value)


@pytest.mark.parametrize("start", [(8, 30), (9, 30)])
def test_book_beside_an_appointment(book, start):
    book()
    assert book(starts_at=at(*start)).starts_at == at(*start)


@pytest.mark.parametrize("status", ["cancelled", "missed"])
def test_book_where_nobody_comes_any_more(book, alice, chair, status):
    AppointmentFactory.create(
        patient__practice=alice.practice,
        practitioner=alice,
        chair=chair,
        starts_at=at(9),
        status=status,
    )
    assert book().starts_at == at(9)


def test_book_for_a_patient_of_another_practice_is_refused(book):
    with pytest.raises(operations.UnknownPatient):
        book(patient_id=PatientFactory.create().id)


def test_book_for_nobody_is_refused(book):
    with pytest.raises(operations.UnknownPatient):
        book(patient_id=None)


def test_book_for_a_patient_who_died_is_refused(book, alice):
    dead = PatientFactory.create(practice=alice.practice, died_on=at(0, day=1).date())
    with pytest.raises(operations.PatientDied):
        book(patient_id=dead.id)


@pytest.mark.parametrize("who", ["stranger", "left", "secretary", "nobody"])
def test_book_with_somebody_who_treats_nobody_here_is_refused(book, alice, chloe, sarah, who):
    left = PersonFactory.create(practice=alice.practice, is_active=False)
    ids = {"stranger": chloe.id, "left": left.id, "secretary": sarah.id, "nobody": uuid4()}
    with pytest.raises(operations.NoSuchColumn):
        book(practitioner_id=ids[who])


def test_book_in_a_chair_of_another_practice_is_refused(book):
    with pytest.raises(operations.NoSuchColumn):
        book(chair_id=ChairFactory.create().id)


@pytest.mark.parametrize("whose", ["another practice", "retired"])
def test_book_with_a_type_that_is_not_offered_is_refused(book, alice, whose):
    kind = (
        AppointmentTypeFactory.create(practice=alice.practice, is_active=False)
        if whose == "retired"
        else AppointmentTypeFactory.create()
    )
    with pytest.raises(operations.NoSuchType):
        book(kind_id=kind.id)


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"minutes": 0}, "short"),
        ({"minutes": -30}, "short"),
        ({"minutes": 24 * 60}, "long"),
        ({"starts_at": at(23, 50)}, "night"),
        ({"starts_at": at(9).replace(year=2206)}, "far"),
    ],
)
def test_book_a_shape_that_cannot_be_is_refused(book, asked, fault):
    with pytest.raises(operations.BadShape) as refused:
        book(**asked)
    assert refused.value.fault == fault
    assert not Appointment.objects.exists()


def test_book_begins_on_a_whole_minute(book):
    assert book(starts_at=at(9).replace(second=41, microsecond=7)).starts_at == at(9)


def test_book_until_midnight(book):
    assert book(starts_at=at(23, 30)).ends_at == at(0, day=19)


def test_book_in_the_night_of_autumn_counts_real_minutes(book):
    night = at(2, 30, day=25, month=10).replace(fold=0)
    made = book(starts_at=night, minutes=60)
    assert timezone.localtime(made.ends_at).strftime("%H:%M") == "02:30"
    book(starts_at=made.ends_at, minutes=30)
    with pytest.raises(operations.SlotTaken):
        book(starts_at=night + timedelta(minutes=0), minutes=30)


def test_book_on_the_29th_of_february(book):
    assert book(starts_at=at(9).replace(year=2028, month=2, day=29)).ends_at.day == 29


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ({"starts_at": at(12, 15)}, "closed", "En dehors des horaires d’ouverture"),
        ({"starts_at": at(9, day=21)}, "closed", "En dehors des horaires d’ouverture"),
        ({"starts_at": at(9, day=14, month=7)}, "holiday", "Jour férié : Fête nationale"),
        ({"starts_at": at(9, day=16)}, "past", "Ce jour est passé"),
    ],
)
def test_book_when_nobody_works_is_refused_in_words(book, opened, asked, code, words):
    with pytest.raises(operations.Closed) as refused:
        book(**asked)
    assert [one.code for one in refused.value.obstacles] == [code]
    assert refused.value.can_force
    assert words in str(refused.value)
    assert "quand même" in str(refused.value)


@pytest.mark.parametrize(("whose", "words"), [("hers", "Congés (Dr"), ("all", "Congés.")])
def test_book_during_leave_is_refused(book, alice, whose, words):
    LeaveFactory.create(
        practice=alice.practice,
        practitioner=alice if whose == "hers" else None,
        starts_at=at(9, 15),
        ends_at=at(18),
    )
    with pytest.raises(operations.Closed) as refused:
        book()
    assert words in str(refused.value)
    assert book(starts_at=at(8, 45), minutes=30).starts_at == at(8, 45)


def test_leave_of_somebody_else_is_no_obstacle(book, alice, hugo):
    LeaveFactory.create(practice=alice.practice, practitioner=hugo, starts_at=at(8), ends_at=at(18))
    assert book().status == "booked"


def test_book_follows_the_hours_of_the_practitioner(book, alice, opened):
    OpeningPeriodFactory.create(
        practice=alice.practice,
        practitioner=alice,
        weekday=2,
        opens_minute=20 * 60,
        closes_minute=21 * 60,
    )
    assert book(starts_at=at(20)).starts_at == at(20)
    with pytest.raises(operations.Closed):
        book(starts_at=at(9))


def test_practice_that_works_on_holidays_books_on_them(book, alice, opened):
    from tests.care.people import actor

    operations.save_settings(actor=actor(alice), step_minutes=15, works_on_holidays=True)
    assert book(starts_at=at(9, day=14, month=7)).status == "booked"


def test_book_anyway_is_said_in_the_journal(book, opened):
    made = book(starts_at=at(20), anyway=True)
    line = Line.objects.get(object_id=str(made.id))
    assert line.detail["anyway"] is True


def test_anyway_is_not_said_when_nothing_was_in_the_way(book, opened):
    made = book(anyway=True)
    assert "anyway" not in Line.objects.get(object_id=str(made.id)).detail


def test_book_anyway_is_not_for_the_assistant(book, bob, opened):
    with pytest.raises(operations.Closed) as refused:
        book(by=bob, starts_at=at(20), anyway=True)
    assert not refused.value.can_force
    assert "quand même" not in str(refused.value)


def test_patient_who_is_elsewhere_at_that_hour_is_told(book, hugo, other_chair):
    book()
    elsewhere = {"practitioner_id": hugo.id, "chair_id": other_chair.id}
    with pytest.raises(operations.Closed) as refused:
        book(**elsewhere)
    assert "Ce patient a déjà un rendez-vous à cette heure" in str(refused.value)
    assert book(**elsewhere, anyway=True).practitioner_id == hugo.id
