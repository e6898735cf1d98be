from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.care.agenda import operations as agenda
from quenotte.care.reminders import operations, queries
from quenotte.care.reminders.models import Message, ReminderSettings
from quenotte.care.reminders.operations.planning import plan
from tests.care.people import actor as actor_of
from tests.conftest import NOW
from tests.factories import (
    AppointmentFactory,
    MessageFactory,
    MessageTemplateFactory,
    PatientFactory,
    ReminderSettingsFactory,
)
from tests.support.racing import race

DAY = timedelta(days=1)
#: Thursday week at 10:00.
LATER = NOW.replace(hour=10, minute=0) + 9 * DAY

pytestmark = pytest.mark.django_db


def planned(**filters):
    return sorted(
        (it.channel, it.kind, timezone.localtime(it.due_at).strftime("%d %H:%M"))
        for it in Message.objects.filter(**filters)
    )


def test_reminders_of_the_coming_week_are_planned_by_each_channel(sending, book):
    book(LATER)
    assert plan() == 1
    # The letter leaves three days before; the short message, a day before, is planned later.
    assert planned() == [("mail", "reminder", "23 10:00")]
    assert plan(now=NOW + 2 * DAY) == 1
    assert planned(channel="sms") == [("sms", "reminder", "25 10:00")]


def test_looking_twice_plans_nothing_more(sending, book):
    book(LATER)
    assert plan() == 1
    assert plan() == 0
    assert Message.objects.count() == 1


@pytest.mark.parametrize("status", ["arrived", "in_chair", "done", "missed", "cancelled"])
def test_who_is_not_expected_is_not_reminded(sending, book, status):
    book(LATER, status=status)
    assert plan() == 0


def test_past_is_past(sending, book):
    book(NOW - DAY)
    book(NOW)
    assert plan() == 0


@pytest.mark.parametrize(
    ("changes", "channels"),
    [
        ({"email": ""}, ["sms"]),
        ({"mobile_phone": ""}, ["mail"]),
        ({"refuses_mail": True}, ["sms"]),
        ({"refuses_sms": True}, ["mail"]),
        ({"do_not_contact": True}, []),
        ({"died_on": NOW.date()}, []),
        ({}, ["mail", "sms"]),
    ],
)
def test_patient_decides_how_she_is_reached(sending, book, marie, changes, channels):
    type(marie).objects.filter(id=marie.id).update(**changes)
    book(LATER)
    plan(now=NOW + 2 * DAY)
    assert [channel for channel, *_rest in planned()] == channels


def test_who_booked_after_the_moment_is_not_reminded(sending, book):
    book(NOW + timedelta(hours=20), taken_at=NOW - timedelta(minutes=5))
    assert plan() == 0


def test_turning_on_pours_nothing_out(sending, book):
    sending.turned_on_at = NOW - timedelta(minutes=5)
    sending.save()
    book(NOW + 2 * DAY)
    plan()
    assert planned() == [("sms", "reminder", "18 09:30")]


def test_server_that_slept_catches_up_but_not_too_late(sending, book):
    book(NOW + timedelta(hours=3))
    book(NOW + timedelta(hours=1))
    plan()
    assert {it.about for it in Message.objects.all()} == {NOW + timedelta(hours=3)}


def test_practice_that_sends_nothing_plans_nothing(sending, book):
    book(LATER)
    for changes in ({"is_on": False}, {"is_on": True, "mail_is_on": False, "sms_is_on": False}):
        ReminderSettings.objects.update(**changes)
        assert plan() == 0


def test_kind_switched_off_is_not_planned(sending, book, practice):
    for channel in ("mail", "sms"):
        MessageTemplateFactory.create(practice=practice, channel=channel, is_on=False)
    book(LATER)
    assert plan(now=NOW + 3 * DAY) == 0


def test_each_practice_has_its_own(sending, book, other_practice):
    ReminderSettingsFactory.create(practice=other_practice, turned_on_at=NOW - DAY)
    stranger = PatientFactory.create(practice=other_practice, email="autre@courriel.example")
    visit = AppointmentFactory.create(
        patient=stranger, starts_at=LATER, ends_at=LATER + timedelta(minutes=30)
    )
    type(visit).objects.update(created_at=NOW - 30 * DAY)
    assert plan() == 1
    assert Message.objects.get().practice_id == other_practice.id


class TestConfirmations:
    @pytest.fixture(autouse=True)
    def on(self, practice):
        MessageTemplateFactory.create(practice=practice, kind="confirmation")

    def test_what_somebody_booked_is_confirmed_at_once(self, sending, book, sarah):
        book(LATER + 200 * DAY, taken_at=NOW - timedelta(minutes=2), created_by=sarah)
        plan()
        assert planned() == [("mail", "confirmation", "17 09:30")]

    def test_imports_confirm_nothing(self, sending, marie, sarah):
        starts_at = LATER + 200 * DAY
        visit = agenda.Visit(
            patient_id=marie.id,
            practitioner_id=sarah.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30),
            title="Contrôle",
            status="booked",
        )
        agenda.import_visits(actor=actor_of(sarah), visits=[visit])
        assert plan(now=NOW + timedelta(minutes=2)) == 0

    def test_what_nobody_booked_is_not_confirmed(self, sending, book):
        book(LATER + 200 * DAY, taken_at=NOW - timedelta(minutes=2))
        assert plan() == 0

    def test_old_bookings_are_not_confirmed_any_more(self, sending, book, sarah):
        book(LATER + 200 * DAY, taken_at=NOW - timedelta(hours=13), created_by=sarah)
        assert plan() == 0

    def test_reminder_that_follows_closely_is_spared(self, sending, book, sarah):
        start = NOW + timedelta(days=3, hours=2)
        book(start, taken_at=NOW - timedelta(minutes=2), created_by=sarah)
        plan()
        assert planned(channel="mail") == [("mail", "confirmation", "17 09:30")]

    def test_evening_booking_is_confirmed_in_the_morning(self, sending, book, sarah):
        evening = NOW.replace(hour=21)
        book(LATER + 200 * DAY, taken_at=evening, created_by=sarah)
        plan(now=evening)
        assert planned() == [("mail", "confirmation", "18 08:00")]


class TestNews:
    def told(self, visit, **changes):
        return MessageFactory.create(
            appointment=visit,
            **{"state": "sent", "sent_at": NOW, "due_at": NOW - timedelta(hours=1)} | changes,
        )

    def move(self, visit, starts_at):
        type(visit).objects.filter(id=visit.id).update(
            starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30)
        )

    def news(self):
        return [
            (it.kind, it.about, it.copy)
            for it in Message.objects.filter(state="due").order_by("created_at")
            if it.kind != "reminder"
        ]

    def test_who_was_told_is_told_of_the_new_time(self, sending, book):
        visit = book(LATER)
        self.told(visit)
        self.move(visit, LATER + DAY)
        plan()
        assert self.news() == [("moved", LATER + DAY, 1)]
        plan()
        assert len(self.news()) == 1

    def test_who_was_told_nothing_hears_of_no_move(self, sending, book):
        visit = book(LATER)
        plan()
        self.move(visit, LATER + DAY)
        plan()
        assert self.news() == []
        operations.send_due(now=lambda: NOW + 8 * DAY)

    def test_moved_and_moved_back_is_news_each_time(self, sending, book):
        visit = book(LATER)
        self.told(visit)
        self.told(visit, kind="moved", about=LATER + DAY, due_at=NOW - timedelta(minutes=30))
        plan()
        assert self.news() == [("moved", LATER, 1)]
        Message.objects.filter(state="due").update(state="sent", sent_at=NOW, due_at=NOW)
        self.move(visit, LATER + DAY)
        plan()
        assert self.news() == [("moved", LATER + DAY, 2)]
        plan()
        assert len(self.news()) == 1

    def test_cancelled_is_news_for_who_was_told(self, sending, book):
        visit, other = book(LATER), book(LATER + DAY)
        self.told(visit)
        type(visit).objects.update(status="cancelled")
        plan()
        assert self.news() == [("cancelled", LATER, 1)]
        Message.objects.filter(kind="cancelled").update(state="sent", sent_at=NOW)
        assert plan() == 0
        assert not Message.objects.filter(appointment=other).exists()

    @pytest.fixture
    def sunday(self):
        """The evening before a Monday, in the quiet."""
        return NOW.replace(hour=18, minute=0) + 5 * DAY

    def early(self, sunday, hour=8):
        return (sunday + DAY).replace(hour=hour, minute=30)

    @pytest.mark.parametrize(("hour", "state"), [(8, "failed"), (9, "failed"), (10, "due")])
    def test_cancelled_before_the_quiet_ends_is_to_be_telephoned_at_once(
        self, sending, book, practice, sunday, hour, state
    ):
        visit = book(self.early(sunday, hour))
        self.told(visit)
        type(visit).objects.update(status="cancelled")
        plan(now=sunday)
        message = Message.objects.get(kind="cancelled")
        assert (message.state, message.reason) == (state, "too_late" if state == "failed" else "")
        listed = queries.to_look_at(practice.id, since=sunday, limit=9)
        assert listed == ([message] if state == "failed" else [])
        assert plan(now=sunday + timedelta(minutes=1)) == 0
        assert Line.objects.filter(object_kind="message", result="failed").count() == len(listed)

    def test_moved_away_before_the_quiet_ends_is_to_be_telephoned_too(self, sending, book, sunday):
        visit = book(self.early(sunday))
        self.told(visit)
        self.move(visit, self.early(sunday) + DAY)
        plan(now=sunday)
        assert Message.objects.get(kind="moved").state == "failed"

    def test_nobody_is_called_of_what_is_true_no_more(self, sending, book, practice, sunday):
        visit = book(self.early(sunday))
        self.told(visit)
        rows = type(visit).objects.filter(id=visit.id)
        rows.update(status="cancelled")
        plan(now=sunday)
        rows.update(status="booked")
        plan(now=sunday + timedelta(minutes=5))
        assert Message.objects.get(kind="cancelled").state == "withdrawn"
        assert queries.to_look_at(practice.id, since=sunday, limit=9) == []
        rows.update(status="cancelled")
        plan(now=sunday + timedelta(minutes=9))
        assert Message.objects.get(kind="cancelled").state == "failed"

    def test_who_may_not_be_contacted_is_not_to_be_telephoned(self, sending, book, marie, sunday):
        visit = book(self.early(sunday))
        self.told(visit)
        type(marie).objects.update(do_not_contact=True)
        type(visit).objects.update(status="cancelled")
        plan(now=sunday)
        assert Message.objects.get(kind="cancelled").state == "due"

    def test_told_by_day_a_moment_before_leaves_at_once(self, sending, book):
        visit = book(NOW + timedelta(minutes=30))
        self.told(visit)
        type(visit).objects.update(status="cancelled")
        plan()
        assert self.news() == [("cancelled", visit.starts_at, 1)]

    def test_news_that_failed_again_is_not_told_for_ever(self, sending, book):
        visit = book(LATER)
        self.told(visit)
        self.told(visit, kind="moved", about=LATER + DAY, due_at=NOW - timedelta(minutes=50))
        self.told(visit, kind="moved", about=LATER, due_at=NOW - timedelta(minutes=40))
        self.move(visit, LATER + DAY)
        Message.objects.update(created_at=NOW - timedelta(hours=1))
        plan()
        Message.objects.filter(copy=2).update(state="failed", reason="absent")
        assert plan() == 0

    def test_switched_off_news_are_not_told(self, sending, book, practice):
        MessageTemplateFactory.create(practice=practice, kind="cancelled", is_on=False)
        visit = book(LATER)
        self.told(visit)
        type(visit).objects.update(status="cancelled")
        assert plan() == 0

    def test_what_is_over_is_no_news(self, sending, book):
        visit = book(NOW - timedelta(minutes=10))
        self.told(visit)
        self.move(visit, LATER)
        plan()
        assert self.news() == []

    def test_reminder_of_the_new_time_is_spared_when_the_move_was_just_told(self, sending, book):
        visit = book(NOW + 3 * DAY + timedelta(minutes=30))
        self.told(visit, about=LATER, kind="moved")
        Message.objects.update(about=visit.starts_at)
        plan()
        assert Message.objects.filter(kind="reminder", channel="mail").count() == 0


def test_withdrawn_reminder_comes_back_with_its_appointment(sending, book):
    visit = book(LATER)
    plan()
    message = Message.objects.get()
    message.state, message.reason = "withdrawn", "not_expected"
    message.save()
    plan()
    message.refresh_from_db()
    assert (message.state, message.reason) == ("due", "")
    message.state, message.reason = "withdrawn", "gave_up"
    message.save()
    plan()
    message.refresh_from_db()
    assert message.state == "withdrawn"
    assert Message.objects.filter(appointment=visit).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_plan_each_message_once(sending, book):
    for day in range(5):
        book(LATER + timedelta(hours=day))
    made = race(plan, plan)
    assert sorted(map(str, made)) == ["0", "5"]
    assert Message.objects.count() == 5
