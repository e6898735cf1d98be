"""Reading the session and the person of a request."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from quenotte.base.people.backends import Backend
from quenotte.base.people.models import Person
from quenotte.base.people.sessions import SessionStore
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def _kept() -> SessionStore:
    store = SessionStore()
    store["who"] = "alice"
    store.save()
    return store


def test_a_session_is_read_by_its_key() -> None:
    assert SessionStore(_kept().session_key)["who"] == "alice"


def test_an_expired_session_is_empty_and_loses_its_key() -> None:
    key = _kept().session_key
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    store = SessionStore(key)
    assert store.get("who") is None
    assert store.session_key is None


def test_a_key_that_nobody_gave_opens_nothing() -> None:
    store = SessionStore("x" * 32)
    assert store.get("who") is None
    assert store.session_key is None
    assert SessionStore().get("who") is None


def test_a_person_is_read_by_her_id() -> None:
    PersonFactory()
    person = Person.objects.get()
    assert Backend().get_user(person.pk) == person


def test_nobody_is_read_for_a_closed_account_or_a_strange_id() -> None:
    PersonFactory(is_active=False)
    assert Backend().get_user(Person.objects.get().pk) is None
    assert Backend().get_user(uuid4()) is None
    assert Backend().get_user("1") is None
