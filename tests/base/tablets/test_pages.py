"""A tablet's pages: who may open one, once, from where; and what is told of anybody."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from quenotte.base.audit.models import Line
from quenotte.base.tablets import access, operations, purposes, queries, rules
from quenotte.base.tablets.models import TabletLink
from quenotte.base.tablets.operations import LinkIsOver, TakenElsewhere
from quenotte.base.tablets.refusals import NoSuchLink
from quenotte.config.proxies import networks
from tests.care.people import actor
from tests.support.racing import race


@pytest.fixture
def given_back(monkeypatch):
    heard: list[UUID] = []
    monkeypatch.setitem(purposes._pages, "essai", "tablets:code_of_nothing")
    monkeypatch.setitem(purposes._givers, "essai", heard.append)
    monkeypatch.setattr(purposes, "page_of", lambda _purpose: "tablets:confirm")
    return heard


def hand_over(person, subject_id=None):
    return operations.hand_over(
        actor=actor(person),
        purpose="essai",
        subject_id=subject_id or uuid4(),
        first_name="Camille",
        birth_year="1985",
    )


def path(link):
    return f"/tablette/{rules.token_of(settings.SEALING_KEY, link.id)}/"


@pytest.fixture
def link(sarah):
    return hand_over(sarah)


def test_page_shows_a_first_name_and_a_year_alone(link):
    answer = Client().get(path(link))
    text = answer.content.decode()
    assert "Camille" in text
    assert "1985" in text
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "Camille" not in str(_raw_rows())


def _raw_rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM base_tabletlink")
        return cursor.fetchall()


def test_code_leads_to_the_link(link):
    code = rules.code_of(settings.SEALING_KEY, link.id, link.attempt)
    browser = Client()
    assert browser.get("/tablette/").status_code == 200
    answer = browser.post("/tablette/", {"code": rules.shown_code(code)})
    assert answer["Location"] == path(link)
    assert code not in str(_raw_rows())


def test_wrong_codes_are_counted_and_leave_one_line(link):
    browser = Client()
    statuses = [browser.post("/tablette/", {"code": "000000"}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert Line.objects.filter(result="refused", object_kind="tablet").count() == 1


def test_visits_are_counted(link, monkeypatch):
    monkeypatch.setattr(access, "PER_MINUTE", 2)
    statuses = [Client().get(path(link)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


@pytest.mark.parametrize("address", ["8.8.8.8", "2a01:e0a::1", ""])
def test_the_internet_is_refused_whatever_it_holds(link, address):
    answer = Client(REMOTE_ADDR=address).get(path(link))
    assert answer.status_code == 403
    assert "Camille" not in answer.content.decode()


def test_server_in_front_must_say_for_whom_it_asks(link, settings):
    settings.TRUSTED_PROXIES = networks("127.0.0.1")
    assert Client(REMOTE_ADDR="127.0.0.1").get(path(link)).status_code == 403
    assert Client(REMOTE_ADDR="192.168.1.20").get(path(link)).status_code == 200


def test_first_browser_takes_it_the_second_is_told(link, given_back):
    first, second = Client(), Client()
    assert first.post(path(link), {"reponse": "moi"}).status_code == 302
    assert first.cookies[access.COOKIE]["samesite"] == "Strict"
    assert second.get(path(link)).status_code == 409
    assert second.post(path(link), {"reponse": "moi"}).status_code == 409
    # Who reloads, or whose tablet was switched off, goes on.
    assert first.get(path(link)).status_code == 302
    assert first.post(path(link), {"reponse": "moi"}).status_code == 302
    link.refresh_from_db()
    assert link.state == "taken"


def test_who_worked_on_that_browser_is_logged_out(link, given_back, sarah, client_of):
    browser = client_of(sarah)
    browser.post(path(link), {"reponse": "moi"})
    assert browser.get("/").status_code == 302


def test_wrong_hands_give_it_back_and_see_nothing_more(link, given_back):
    browser = Client()
    answer = browser.post(path(link), {"reponse": "autre"})
    assert "rendu" in answer["Location"]
    assert "Rien n’a été montré" in browser.get(answer["Location"]).content.decode()
    assert browser.get(path(link)).status_code == 410
    # Nobody had taken it: the room above has nothing to put away.
    assert given_back == []
    link.refresh_from_db()
    assert (link.state, link.greeting) == ("not_me", "")


def test_room_hears_that_it_was_taken_and_given_back(link, given_back):
    browser = Client()
    browser.post(path(link), {"reponse": "moi"})
    browser.post(path(link), {"reponse": "autre"})
    assert given_back == [link.subject_id]


def test_link_expires(link, frozen_clock):
    frozen_clock.shift(timedelta(minutes=30))
    assert Client().get(path(link)).status_code == 410
    code = rules.code_of(settings.SEALING_KEY, link.id, link.attempt)
    assert Client().post("/tablette/", {"code": code}).status_code == 422
    with pytest.raises(LinkIsOver):
        operations.take(link_id=link.id)


@pytest.mark.parametrize("token", ["x", "a" * 22])
def test_guessed_address_leads_nowhere(db, token):
    assert Client().get(f"/tablette/{token}/").status_code == 404


def test_page_of_another_purpose_or_not_yet_taken_is_nowhere(link, rf, given_back):
    token = rules.token_of(settings.SEALING_KEY, link.id)
    for purpose in ("essai", "autre"):
        with pytest.raises(NoSuchLink):
            access.held_link(rf.get("/"), token, purpose)
    operations.take(link_id=link.id)
    with pytest.raises(TakenElsewhere):
        access.held_link(rf.get("/"), token, "essai")
    request = rf.get("/")
    request.COOKIES[access.COOKIE] = "faux"
    assert not access.is_holder(request, link)


def test_new_link_stops_the_old_one(link, sarah):
    again = hand_over(sarah, link.subject_id)
    link.refresh_from_db()
    assert (link.state, link.greeting) == ("replaced", "")
    assert again.state == "open"
    operations.cancel(actor=actor(sarah), purpose="essai", subject_id=link.subject_id)
    again.refresh_from_db()
    assert again.state == "cancelled"


def test_codes_of_open_links_differ(sarah, monkeypatch):
    drawn = iter(["111111", "111111", "222222"])
    monkeypatch.setattr(rules, "code_of", lambda *_: next(drawn))
    one, other = hand_over(sarah), hand_over(sarah)
    assert (one.attempt, other.attempt) == (0, 1)


def test_old_links_are_forgotten(link, sarah, frozen_clock):
    frozen_clock.shift(timedelta(hours=1))
    assert operations.purge() == 0
    link.refresh_from_db()
    assert (link.state, link.greeting) == ("expired", "")
    other = hand_over(sarah)
    frozen_clock.shift(timedelta(days=31))
    hand_over(sarah)
    other.refresh_from_db()
    assert other.state == "expired"
    assert operations.purge() == 1


def test_reception_sees_how_far_it_is(link, rf, sarah):
    request = rf.get("/")
    waiting = queries.handed(request, "essai", link.subject_id)
    assert waiting is not None
    assert waiting.is_waiting
    assert waiting.address.endswith(path(link))
    operations.take(link_id=link.id)
    operations.note_progress(link_id=link.id, done=2, steps=9)
    operations.note_progress(link_id=link.id, done=2, steps=9)
    taken = queries.handed(request, "essai", link.subject_id)
    assert taken is not None
    assert (taken.is_alive, taken.address, taken.code, taken.done) == (True, "", "", 2)
    assert queries.handed(request, "essai", uuid4()) is None


@pytest.mark.django_db(transaction=True)
def test_two_tablets_at_once_are_one(link):
    won = race(lambda: operations.take(link_id=link.id), lambda: operations.take(link_id=link.id))
    assert sorted(type(one).__name__ for one in won) == ["TakenElsewhere", "str"]
    assert TabletLink.objects.get().state == "taken"
