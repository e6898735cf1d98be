"""Types, opening hours, leave: what decides when an appointment may be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.agenda import operations, queries
from quenotte.care.agenda.models import AppointmentType, Leave, OpeningPeriod
from tests.care.agenda.conftest import at
from tests.care.people import actor
from tests.factories import (
    AppointmentFactory,
    AppointmentTypeFactory,
    LeaveFactory,
    OpeningPeriodFactory,
)

pytestmark = pytest.mark.django_db


def save_type(person, type_id=None, **values):
    return operations.save_type(actor=actor(person), type_id=type_id, values=values)


def test_type_is_added_last_and_traced(alice):
    AppointmentTypeFactory.create(practice=alice.practice)
    kind = save_type(alice, name="Contrôle", minutes=30, assistant_minutes=40, colour="sky")
    assert (kind.position, kind.assistant_minutes) == (1, 30)
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.object_id) == (
        "create",
        "appointment_type",
        str(kind.id),
    )
    assert line.detail == {"fields": "assistant_minutes,colour,minutes,name"}
    assert Event.objects.get().data == {"days": []}


def test_type_is_retired_and_found_by_its_appointments_alone(alice):
    kind = AppointmentTypeFactory.create(practice=alice.practice)
    save_type(alice, kind.id, is_active=False)
    assert Line.objects.get().action == "change"
    assert list(queries.types(alice.practice_id)) == []
    assert list(queries.types(alice.practice_id, also={kind.id})) == [kind]
    assert list(queries.types(alice.practice_id, with_retired=True)) == [kind]


def test_type_of_the_same_name_is_refused(alice):
    AppointmentTypeFactory.create(practice=alice.practice, name="Contrôle")
    with pytest.raises(operations.TypeNameTaken):
        save_type(alice, name="Contrôle")
    assert AppointmentType.objects.count() == 1


def test_type_that_lasts_nothing_is_refused(alice):
    with pytest.raises(operations.BadShape):
        save_type(alice, name="Éclair", minutes=0)


def test_type_from_elsewhere_is_refused(alice):
    with pytest.raises(operations.NoSuchType):
        save_type(alice, AppointmentTypeFactory.create().id, name="À moi")
    with pytest.raises(operations.NoSuchType):
        operations.move_type(actor=actor(alice), type_id=uuid4(), step=1)


def test_type_has_no_other_fields(alice):
    with pytest.raises(ValueError, match="practice"):
        save_type(alice, practice=alice.practice)


def test_type_moves_in_the_list(alice):
    first, second, third = (
        AppointmentTypeFactory.create(practice=alice.practice, position=n) for n in range(3)
    )
    operations.move_type(actor=actor(alice), type_id=third.id, step=-1)
    assert list(queries.types(alice.practice_id)) == [first, third, second]


def hours(person, spans, practitioner_id=None):
    operations.save_hours(actor=actor(person), spans=spans, practitioner_id=practitioner_id)


def test_hours_replace_those_before_and_leave_others_alone(alice, hugo, opened):
    hours(alice, [(0, 480, 720)], hugo.id)
    hours(alice, [(5, 540, 720), (0, 540, 1440)])
    assert queries.hours_of(alice.practice_id) == {
        None: {0: [(540, 1440)], 5: [(540, 720)]},
        hugo.id: {0: [(480, 720)]},
    }
    line = Line.objects.latest("number")
    assert (line.object_kind, line.detail) == ("hours", {"count": 2})


@pytest.mark.parametrize(
    "spans",
    [
        [(7, 540, 720)],
        [(-1, 540, 720)],
        [(0, 720, 540)],
        [(0, 540, 540)],
        [(0, -5, 540)],
        [(0, 540, 1441)],
        [(0, 540, 720), (0, 700, 900)],
    ],
)
def test_hours_that_cannot_be_are_refused_and_the_old_stay(alice, opened, spans):
    with pytest.raises(operations.BadHours):
        hours(alice, spans)
    assert OpeningPeriod.objects.count() == 10


def test_hours_that_touch_are_one_day(alice):
    hours(alice, [(0, 540, 720), (0, 720, 900)])
    assert OpeningPeriod.objects.count() == 2


def test_hours_of_a_stranger_are_refused(alice, chloe):
    with pytest.raises(operations.NoSuchColumn):
        hours(alice, [(0, 540, 720)], chloe.id)


def test_settings_are_kept_and_traced(alice):
    assert queries.settings_of(alice.practice_id).step_minutes == 15
    operations.save_settings(actor=actor(alice), step_minutes=5, works_on_holidays=False)
    operations.save_settings(actor=actor(alice), step_minutes=10, works_on_holidays=True)
    kept = queries.settings_of(alice.practice_id)
    assert (kept.step_minutes, kept.works_on_holidays) == (10, True)
    assert Line.objects.count() == 2
    with pytest.raises(ValueError, match="7"):
        operations.save_settings(actor=actor(alice), step_minutes=7, works_on_holidays=True)


def add_leave(person, **leave):
    usual = {"starts_at": at(0), "ends_at": at(0, day=20), "kind": "holiday"}
    return operations.add_leave(actor=actor(person), **{**usual, **leave})


def test_leave_tells_how_many_appointments_lie_inside(alice, hugo, book, patient):
    book()
    book(starts_at=at(9, day=25))
    AppointmentFactory.create(
        patient=patient, practitioner=hugo, starts_at=at(11), status="cancelled"
    )
    leave, inside = add_leave(alice, practitioner_id=alice.id)
    assert inside == 1
    line = Line.objects.latest("number")
    assert (line.object_kind, line.object_id) == ("leave", str(leave.id))
    assert line.detail == {
        "state": "added",
        "count": 1,
        "from": "2026-03-18 00:00",
        "to": "2026-03-20 00:00",
    }
    assert add_leave(alice)[1] == 1
    assert add_leave(alice, practitioner_id=hugo.id)[1] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": at(0)},
        {"ends_at": at(0) - timedelta(days=1)},
        {"ends_at": at(0).replace(year=2206)},
    ],
)
def test_leave_that_cannot_be_is_refused(alice, wrong):
    with pytest.raises(operations.BadLeave):
        add_leave(alice, **wrong)


def test_leave_of_a_stranger_or_of_no_kind_is_refused(alice, chloe):
    with pytest.raises(operations.NoSuchColumn):
        add_leave(alice, practitioner_id=chloe.id)
    with pytest.raises(ValueError, match="illness"):
        add_leave(alice, kind="illness")
    assert not Leave.objects.exists()


def test_leave_is_taken_back_once(alice):
    leave, _inside = add_leave(alice)
    operations.remove_leave(actor=actor(alice), leave_id=leave.id)
    line = Line.objects.latest("number")
    assert (line.object_id, line.detail["state"]) == (str(leave.id), "removed")
    with pytest.raises(operations.NoSuchLeave):
        operations.remove_leave(actor=actor(alice), leave_id=leave.id)


def test_leave_of_another_practice_is_not_taken_back(alice):
    with pytest.raises(operations.NoSuchLeave):
        operations.remove_leave(actor=actor(alice), leave_id=LeaveFactory.create().id)


@pytest.mark.parametrize(
    ("factory", "wrong"),
    [
        (OpeningPeriodFactory, {"weekday": 7}),
        (OpeningPeriodFactory, {"opens_minute": 1100, "closes_minute": 1000}),
        (OpeningPeriodFactory, {"closes_minute": 1441}),
        (LeaveFactory, {"starts_at": at(9), "ends_at": at(9)}),
        (AppointmentTypeFactory, {"minutes": 0}),
        (AppointmentTypeFactory, {"minutes": 30, "assistant_minutes": 31}),
    ],
)
def test_database_refuses_what_cannot_be(factory, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory.create(**wrong)
