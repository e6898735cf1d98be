import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from quenotte.base.audit.models import Line
from quenotte.care.reminders.models import CalendarFeed
from tests.conftest import NOW
from tests.factories import CalendarFeedFactory, PersonFactory

LATER = NOW + timedelta(days=3)
PAGE = "/cabinet/calendriers/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def dentist(practice):
    return PersonFactory.create(practice=practice, role="praticien", is_manager=False)


def opened(client, person, **changes):
    values = {"person": str(person.id), "name": "Mon téléphone", "shown": "busy"} | changes
    return client.post(PAGE, values).content.decode()


def address_in(page):
    found = re.search(r"http://testserver(/flux/[\w-]+\.ics)", page)
    assert found, page
    return found[1]


def test_address_is_shown_once(alice, client_of):
    client = client_of(alice)
    path = address_in(opened(client, alice))
    assert path not in client.get(PAGE).content.decode()
    assert "Mon téléphone" in client.get(PAGE).content.decode()


def test_address_is_the_public_one_where_there_is_one(alice, client_of, settings):
    settings.PUBLIC_URL = "https://rappels.quenottes.example"
    assert "https://rappels.quenottes.example/flux/" in opened(client_of(alice), alice)


def test_telephone_reads_without_login_and_asks_again_cheaply(alice, client_of, book):
    book(LATER, practitioner=alice)
    path = address_in(opened(client_of(alice), alice))
    answer = Client().get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 1
    again = Client().get(path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Line.objects.filter(object_kind="calendar_feed", action="read").count() == 1


def test_closed_address_answers_nothing(alice, client_of):
    client = client_of(alice)
    path = address_in(opened(client, alice))
    feed = CalendarFeed.objects.get()
    answer = client.post(reverse("reminders:close_feed", args=[feed.id]), follow=True)
    assert "elle ne répond plus" in answer.content.decode()
    assert Client().get(path).status_code == 404
    assert Line.objects.filter(result="refused", object_kind="calendar_feed").count() == 1


def test_guessing_is_slowed_down():
    answers = [Client().get(f"/flux/{'a' * 43}.ics").status_code for _turn in range(42)]
    assert answers[39:] == [404, 429, 429]


def test_telephone_changes_nothing(alice, client_of):
    path = address_in(opened(client_of(alice), alice))
    assert Client().post(path).status_code == 405


def test_practitioner_opens_her_own_alone(alice, dentist, client_of):
    client = client_of(dentist)
    page = client.get(PAGE).content.decode()
    assert str(alice.id) not in page
    opened(client, alice)
    assert not CalendarFeed.objects.exists()
    address_in(opened(client, dentist))
    theirs = CalendarFeedFactory.create(person=alice)
    answer = client.post(reverse("reminders:close_feed", args=[theirs.id]), follow=True)
    assert "calendrier est celui d’une autre personne" in answer.content.decode()
    theirs.refresh_from_db()
    assert theirs.closed_at is None


def test_gestionnaire_sees_all(alice, dentist, client_of):
    CalendarFeedFactory.create(person=dentist, name="Tablette du Dr")
    assert "Tablette du Dr" in client_of(alice).get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["sarah", "bob", "marc"])
def test_others_are_turned_away(who, client_of, request):
    client = client_of(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code == 403


def test_bad_input_is_explained(alice, client_of):
    answer = client_of(alice).post(PAGE, {"person": "x", "name": "", "shown": "tout"})
    assert answer.status_code == 422
    assert not CalendarFeed.objects.exists()


def test_refusal_between_form_and_operation_is_told(alice, client_of, monkeypatch):
    from quenotte.care.reminders import operations

    def refuse(**_values):
        raise operations.NotTheirs

    monkeypatch.setattr(operations, "open_feed", refuse)
    assert "calendrier est celui d’une autre personne" in opened(client_of(alice), alice)


def test_other_practice_sees_nothing(alice, chloe, client_of):
    CalendarFeedFactory.create(person=alice, name="Tablette")
    assert "Tablette" not in client_of(chloe).get(PAGE).content.decode()
