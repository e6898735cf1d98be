import uuid
from typing import Any

import pytest
from django.test import Client

from quenotte.base.live.access import Listener, Shown, listener_of, shown_by
from quenotte.base.live.models import Event
from quenotte.base.people.models import Person

PRACTICE, PERSON, OTHER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def may(action: str) -> bool:
    return {"imaging.read": True, "audit.read": False}[action]


@pytest.mark.parametrize(
    ("fields", "is_heard"),
    [
        ({"practice_id": PRACTICE}, True),
        ({"practice_id": None}, True),
        ({"practice_id": OTHER}, False),
        ({"practice_id": PRACTICE, "person_id": PERSON}, True),
        ({"practice_id": PRACTICE, "person_id": OTHER}, False),
        ({"practice_id": PRACTICE, "audience": "imaging.read"}, True),
        ({"practice_id": PRACTICE, "audience": "audit.read"}, False),
        ({"practice_id": PRACTICE, "audience": "nobody.declared"}, False),
    ],
)
def test_listener_hears_what_is_for_her(fields: dict[str, Any], is_heard: bool):
    assert Listener(PRACTICE, PERSON, may).hears(Event(name="x", **fields)) is is_heard


def shown(client: Client) -> Shown:
    found = shown_by(client.cookies.output(header="", sep=";"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("cookies", "found"),
    [
        ("", None),
        ("quenotte_session", None),
        ("quenotte_poste=p", None),
        ("quenotte_session=s", Shown("s", "")),
        # What stands before, a page's parser steps over: so does this one.
        ("bad\x00name=\xff;; {x}=1; quenotte_session=s; quenotte_poste=p", Shown("s", "p")),
    ],
)
def test_cookies_are_read_as_the_pages_read_them(cookies: str, found: Shown | None):
    assert shown_by(cookies) == found


@pytest.mark.django_db
def test_listener_of_a_login(client_of: Any, alice: Person):
    listener = listener_of(shown(client_of(alice)))
    assert listener is not None
    assert (listener.person_id, listener.practice_id) == (alice.pk, alice.practice_id)
    assert listener.may("imaging.read")


@pytest.mark.django_db
def test_nobody_listens_without_a_login():
    assert listener_of(Shown("unknown-session-key-of-nobody", "")) is None


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"login_epoch": 7}, {"is_active": False}])
def test_nobody_listens_once_the_login_is_cut(
    client_of: Any, alice: Person, change: dict[str, Any]
):
    browser = shown(client_of(alice))
    Person.objects.filter(pk=alice.pk).update(**change)
    assert listener_of(browser) is None


@pytest.mark.django_db
def test_nobody_listens_without_the_permission(
    client_of: Any, alice: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Person, "may", lambda _self, _action: False)
    assert listener_of(shown(client_of(alice))) is None
