from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.care.agenda import operations, queries, rules
from quenotte.care.agenda.queries import Search
from tests.care.agenda.conftest import at
from tests.care.people import actor
from tests.factories import AppointmentFactory, LeaveFactory, PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def free(alice, chair, opened):
    def found(*, since=None, limit=3, **search):
        slots = queries.free_slots(
            alice.practice_id,
            Search(**{"minutes": 60} | search),
            since=since or timezone.now(),
            limit=limit,
        )
        return [timezone.localtime(slot.starts_at).strftime("%d %H:%M") for slot in slots]

    return found


def test_next_slots_follow_each_other(free):
    """It is 9:30 on Tuesday; nobody starts at 12:00 for an hour when the door closes at 12:30."""
    assert free() == ["17 09:30", "17 10:30", "17 11:30"]
    assert free(limit=5)[3:] == ["17 14:00", "17 15:00"]


def test_slots_leave_out_what_is_taken(free, book, alice, hugo, chair):
    book(starts_at=at(9, 30, day=17))
    assert free()[0] == "17 10:00"


def test_slots_of_the_cancelled_are_free(free, alice, chair):
    AppointmentFactory.create(
        patient__practice=alice.practice,
        practitioner=alice,
        chair=chair,
        starts_at=at(9, 30, day=17),
        status="cancelled",
    )
    assert free()[0] == "17 09:30"


def test_slots_of_a_part_of_the_day_and_of_a_weekday(free):
    thursday = rules.weekdays_from([3])
    assert free(day_part="afternoon")[0] == "17 14:00"
    assert free(weekdays=thursday, day_part="morning", limit=2) == ["19 09:00", "19 10:00"]


def test_slots_jump_over_weekends_leave_and_holidays(free, alice):
    LeaveFactory.create(
        practice=alice.practice, starts_at=at(0, day=17), ends_at=at(0, day=6, month=4)
    )
    assert free(limit=1, since=at(0, day=17)) == ["07 09:00"]


def test_slots_of_one_practitioner(free, alice, hugo, other_chair, book):
    assert free(limit=2) == ["17 09:30", "17 09:30"]
    assert free(limit=2, practitioner_ids=[hugo.id]) == ["17 09:30", "17 10:30"]


def test_slot_needs_a_free_chair(free, alice, hugo, chair, book):
    """One chair: what Dr Hugo occupies is not free for Dr Alice either."""
    book(practitioner_id=hugo.id, starts_at=at(9, 30, day=17), minutes=60)
    assert free(practitioner_ids=[alice.id])[0] == "17 10:30"


def test_slot_takes_the_usual_chair_first(alice, chair, other_chair, opened, book):
    book(chair_id=other_chair.id, starts_at=at(11, day=17))
    (slot,) = queries.free_slots(
        alice.practice_id, Search(minutes=30), since=timezone.now(), limit=1
    )
    assert slot.chair_id == other_chair.id
    assert (slot.practitioner_id, slot.practitioner) == (alice.id, alice.full_name)
    assert slot.ends_at - slot.starts_at == timedelta(minutes=30)


def test_slot_takes_another_chair_when_the_usual_one_is_taken(
    alice, hugo, chair, other_chair, opened, book
):
    book(starts_at=at(15, day=17))
    book(practitioner_id=hugo.id, starts_at=at(9, 30, day=17))
    slots = queries.free_slots(
        alice.practice_id,
        Search(minutes=30, practitioner_ids=[alice.id]),
        since=timezone.now(),
        limit=2,
    )
    assert [slot.chair_id for slot in slots] == [other_chair.id, chair.id]


def test_slot_in_the_chair_that_is_asked(alice, chair, other_chair, opened):
    (slot,) = queries.free_slots(
        alice.practice_id,
        Search(minutes=30, chair_id=other_chair.id),
        since=timezone.now(),
        limit=1,
    )
    assert slot.chair_id == other_chair.id


def test_slot_of_a_practice_without_chairs(alice, opened):
    (slot,) = queries.free_slots(
        alice.practice_id, Search(minutes=30), since=timezone.now(), limit=1
    )
    assert slot.chair_id is None


def test_search_that_finds_nothing_ends(free):
    assert free(minutes=700) == []


def test_every_slot_found_can_be_booked(free, alice, hugo, other_chair, sarah, book):
    book(starts_at=at(10, 10, day=17), minutes=25)
    book(practitioner_id=hugo.id, chair_id=other_chair.id, starts_at=at(14, day=17), minutes=50)
    slots = queries.free_slots(
        alice.practice_id, Search(minutes=40), since=timezone.now(), limit=40
    )
    assert len(slots) == 40
    for slot in slots:
        booking = operations.Booking(
            practitioner_id=slot.practitioner_id,
            chair_id=slot.chair_id,
            starts_at=slot.starts_at,
            minutes=40,
            patient_id=PatientFactory.create(practice=alice.practice).id,
        )
        operations.book(actor=actor(sarah), booking=booking)
