from datetime import timedelta

import pytest
from icalendar import Calendar

from quenotte.base.audit.models import Line
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import CalendarFeed
from quenotte.care.reminders.operations.feeds import (
    NotTheirs,
    close_feed,
    open_feed,
    read_feed,
)
from quenotte.care.reminders.rules.states import Shown
from tests.care.people import actor
from tests.conftest import NOW
from tests.factories import PersonFactory

LATER = NOW + timedelta(days=3)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dentist(practice):
    return PersonFactory.create(practice=practice, role="praticien", is_manager=False)


def opened(alice, *, shown=Shown.BUSY, person=None):
    return open_feed(
        actor=actor(alice), person_id=(person or alice).id, name="Téléphone", shown=shown
    )


def events(feed, now=NOW):
    return Calendar.from_ical(read_feed(feed, now=now).content).walk("VEVENT")


def test_address_is_shown_once_and_only_its_digest_is_kept(alice):
    made = opened(alice)
    assert queries.feed_of_token(made.token) == made.feed
    assert made.token not in str(CalendarFeed.objects.values().get())
    assert Line.objects.get(object_kind="calendar_feed").action == "create"


def test_calendar_holds_the_appointments_of_its_practitioner(alice, book):
    book(LATER, practitioner=alice, title="Détartrage")
    book(LATER + timedelta(hours=1))
    (event,) = events(opened(alice).feed)
    assert event["summary"] == "Rendez-vous"
    assert event.decoded("dtstart") == LATER


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (Shown.BUSY, "Rendez-vous"),
        (Shown.INITIALS, "Rendez-vous M. D."),
        (Shown.FILE_NUMBER, "Rendez-vous n° {}"),
    ],
)
def test_patient_shows_only_as_asked_and_her_care_never(alice, book, marie, shown, words):
    book(LATER, practitioner=alice, title="Détartrage")
    content = read_feed(opened(alice, shown=shown).feed, now=NOW).content.decode()
    assert f"SUMMARY:{words.format(marie.file_number)}" in content
    for secret in ("Durand", "Marie", "Détartrage", "marie@", "+336"):
        assert secret not in content


def test_cancelled_and_missed_drop_out(alice, book):
    for status in ("cancelled", "missed"):
        book(LATER, practitioner=alice, status=status)
    assert events(opened(alice).feed) == []


def test_same_appointments_have_the_same_tag(alice, book):
    visit = book(LATER, practitioner=alice)
    feed = opened(alice).feed
    first = read_feed(feed, now=NOW).tag
    assert read_feed(feed, now=NOW + timedelta(minutes=10)).tag == first
    type(visit).objects.update(version=2, updated_at=NOW)
    assert read_feed(feed, now=NOW).tag != first


def test_many_readings_share_a_line(alice):
    feed = opened(alice).feed
    for minutes in (0, 15, 30, 12 * 60, 12 * 60 + 15):
        feed.refresh_from_db()
        read_feed(feed, now=NOW + timedelta(minutes=minutes))
    assert Line.objects.filter(object_kind="calendar_feed", action="read").count() == 2
    feed.refresh_from_db()
    assert feed.read_at == NOW + timedelta(minutes=12 * 60 + 15)


def test_two_telephones_at_once_write_one_line(alice):
    feed = opened(alice).feed
    read_feed(feed, now=NOW)
    read_feed(feed, now=NOW)
    assert Line.objects.filter(object_kind="calendar_feed", action="read").count() == 1


def test_closed_calendar_answers_nothing_any_more(alice):
    made = opened(alice)
    close_feed(actor=actor(alice), feed_id=made.feed.id)
    close_feed(actor=actor(alice), feed_id=made.feed.id)
    assert queries.feed_of_token(made.token) is None
    assert queries.feeds(alice.practice_id, None) == []
    assert Line.objects.filter(object_kind="calendar_feed").count() == 2


def test_who_left_has_no_calendar_any_more(alice, dentist):
    made = opened(alice, person=dentist)
    type(dentist).objects.filter(id=dentist.id).update(is_active=False)
    assert queries.feed_of_token(made.token) is None


def test_practitioner_has_her_own_and_no_one_elses(alice, dentist):
    mine = opened(dentist, person=dentist)
    hers = opened(alice)
    assert queries.feeds(alice.practice_id, dentist.id) == [mine.feed]
    with pytest.raises(NotTheirs):
        opened(dentist, person=alice)
    with pytest.raises(NotTheirs):
        close_feed(actor=actor(dentist), feed_id=hers.feed.id)


def test_other_practices_are_out_of_reach(alice, chloe):
    with pytest.raises(NotTheirs):
        opened(alice, person=chloe)
    hers = opened(chloe)
    with pytest.raises(NotTheirs):
        close_feed(actor=actor(alice), feed_id=hers.feed.id)


def test_nonsense_is_no_address():
    assert queries.feed_of_token("../../etc") is None
    assert queries.message_of_token("x") is None
