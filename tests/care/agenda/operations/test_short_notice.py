from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.agenda import operations, queries
from quenotte.care.agenda.models import Appointment, ShortNotice
from quenotte.care.agenda.operations import Wish
from tests.care.agenda.conftest import at
from tests.care.people import actor
from tests.factories import AppointmentTypeFactory, PatientFactory, ShortNoticeFactory

pytestmark = pytest.mark.django_db

TODAY = at(0, day=17).date()


@pytest.fixture
def wait(sarah, patient):
    def waits(*, appointment_id=None, patient_id=None, **asked):
        wish: dict[str, Any] = {"minutes": 30, "from_day": TODAY, **asked}
        return operations.add_short_notice(
            actor=actor(sarah),
            patient_id=patient_id or patient.id,
            wish=Wish(**wish),
            appointment_id=appointment_id,
        )

    return waits


@pytest.fixture
def place(sarah, alice, chair):
    def placed(entry, starts_at, **more):
        return operations.book_from_short_notice(
            actor=actor(sarah),
            entry_id=entry.id,
            practitioner_id=alice.id,
            chair_id=chair.id,
            starts_at=starts_at,
            **more,
        )

    return placed


def test_patient_who_waits_is_on_the_list(wait, sarah, patient, alice):
    entry = wait(day_part="morning", practitioner_id=alice.id, note="Prévenir la veille")
    (found,) = queries.waiting_list(sarah.practice_id)
    assert (found.id, found.patient_name) == (entry.id, patient.full_name)
    assert (found.practitioner, found.gives_up_at) == (alice.full_name, None)
    assert found.weekdays == list(range(7))
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.patient_id) == (
        "create",
        "short_notice",
        patient.id,
    )
    assert Event.objects.get().data == {"days": [], "short_notice": str(entry.id)}


def test_withdrawn_patient_waits_no_more(wait, sarah):
    entry = wait()
    operations.withdraw_short_notice(actor=actor(sarah), entry_id=entry.id)
    entry.refresh_from_db()
    assert (entry.outcome, entry.closed_at) == ("withdrawn", timezone.now())
    assert queries.waiting_list(sarah.practice_id) == []
    with pytest.raises(operations.NoLongerWaiting):
        operations.withdraw_short_notice(actor=actor(sarah), entry_id=entry.id)


def test_withdrawal_by_a_stranger_is_refused(wait, chloe):
    with pytest.raises(operations.NoLongerWaiting):
        operations.withdraw_short_notice(actor=actor(chloe), entry_id=wait().id)


def test_placed_patient_gets_a_new_appointment(wait, place, patient):
    kind = AppointmentTypeFactory.create(practice=patient.practice, name="Urgence")
    entry = wait(minutes=20, kind_id=kind.id)
    made = place(entry, at(9))
    assert (made.patient_id, made.minutes, made.title) == (patient.id, 20, "Urgence")
    entry.refresh_from_db()
    assert entry.outcome == "booked"


def test_placed_patient_gives_up_her_later_appointment(wait, place, book):
    later = book(starts_at=at(9, day=25))
    made = place(wait(appointment_id=later.id), at(9))
    assert made.id == later.id
    assert Appointment.objects.get().starts_at == at(9)


def test_placed_patient_whose_later_appointment_is_cancelled_gets_a_new_one(
    wait, place, book, sarah
):
    later = book(starts_at=at(9, day=25))
    entry = wait(appointment_id=later.id)
    operations.cancel(
        actor=actor(sarah), appointment_id=later.id, reason="patient", expected_version=1
    )
    assert queries.waiting_list(sarah.practice_id)[0].gives_up_at is None
    assert place(entry, at(9)).id != later.id


def test_refused_place_leaves_the_patient_on_the_list(wait, place, book, sarah, alice):
    book(patient_id=PatientFactory.create(practice=alice.practice).id)
    entry = wait()
    with pytest.raises(operations.SlotTaken):
        place(entry, at(9))
    assert [one.id for one in queries.waiting_list(sarah.practice_id)] == [entry.id]


def test_patient_is_placed_once(wait, place):
    entry = wait()
    place(entry, at(9))
    with pytest.raises(operations.NoLongerWaiting):
        place(entry, at(10))


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"minutes": 0}, operations.BadShape),
        ({"patient_id": "stranger"}, operations.UnknownPatient),
        ({"kind_id": "stranger"}, operations.NoSuchType),
        ({"day_part": "midnight"}, ValueError),
    ],
)
def test_wish_that_makes_no_sense_is_refused(wait, wish, error):
    makers: dict[str, Any] = {"patient_id": PatientFactory, "kind_id": AppointmentTypeFactory}
    wish = {key: makers[key].create().id if key in makers else wish[key] for key in wish}
    with pytest.raises(error):
        wait(**wish)
    assert not ShortNotice.objects.exists()


def test_wish_to_give_up_the_appointment_of_somebody_else_is_refused(wait, book, alice):
    other = book(patient_id=PatientFactory.create(practice=alice.practice).id)
    with pytest.raises(operations.NoSuchAppointment):
        wait(appointment_id=other.id)


def matching(sarah, starts_at, minutes=30, practitioner_id=None):
    found = queries.matches(
        sarah.practice_id, starts_at=starts_at, minutes=minutes, practitioner_id=practitioner_id
    )
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("wish", "is_match"),
    [
        ({}, True),
        ({"minutes": 45}, False),
        ({"day_part": "afternoon"}, False),
        ({"day_part": "morning"}, True),
        ({"weekdays": 0b100}, True),
        ({"weekdays": 0b010}, False),
        ({"from_day": TODAY + timedelta(days=2)}, False),
        ({"until_day": TODAY + timedelta(days=1)}, True),
        ({"until_day": TODAY}, False),
    ],
)
def test_slot_of_wednesday_morning_suits_whom(wait, sarah, wish, is_match):
    entry = wait(**wish)
    assert matching(sarah, at(9)) == ([entry.id] if is_match else [])


def test_slot_suits_those_who_want_this_practitioner_or_any(wait, sarah, alice, hugo, frozen_clock):
    any_of_them = wait()
    # Who waits longest comes first: they must not begin at the same instant.
    frozen_clock.shift(1)
    hers = wait(practitioner_id=alice.id)
    frozen_clock.shift(1)
    his = wait(practitioner_id=hugo.id)
    assert matching(sarah, at(9), practitioner_id=alice.id) == [any_of_them.id, hers.id]
    assert matching(sarah, at(9)) == [any_of_them.id, hers.id, his.id]


def test_slot_after_the_appointment_given_up_suits_nobody(wait, sarah, book):
    later = book(starts_at=at(9, day=25))
    entry = wait(appointment_id=later.id)
    assert matching(sarah, at(9)) == [entry.id]
    assert matching(sarah, at(9, day=26)) == []


def test_wish_whose_last_day_is_over_waits_no_more(sarah, patient):
    ShortNoticeFactory.create(
        patient=patient,
        from_day=TODAY - timedelta(days=9),
        until_day=TODAY - timedelta(days=1),
    )
    assert queries.waiting_list(sarah.practice_id) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": 0},
        {"weekdays": 128},
        {"until_day": TODAY - timedelta(days=1)},
        {"outcome": "booked"},
    ],
)
def test_database_refuses_a_wish_that_cannot_be(patient, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ShortNoticeFactory.create(patient=patient, **wrong)
