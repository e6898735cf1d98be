"""The door of every page."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from quenotte.base.audit import access
from quenotte.base.audit.access import actor_of, public, requires
from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person

pytestmark = pytest.mark.django_db


@requires("audit.read")
def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("journal")


def _request(person: Person, method: str = "GET") -> HttpRequest:
    request = RequestFactory().generic(method, "/essai/")
    request.user = person
    return request


def test_requires_lets_the_allowed_in(alice: Person) -> None:
    answer = _page(_request(alice))

    assert isinstance(answer, HttpResponse)
    assert answer.content == b"journal"
    assert not Line.objects.exists()


@pytest.mark.parametrize(("method", "action"), [("GET", "read"), ("POST", "change")])
def test_requires_refuses_others_with_a_line(bob: Person, method: str, action: str) -> None:
    with pytest.raises(PermissionDenied):
        _page(_request(bob, method))

    line = Line.objects.get()
    assert (line.action, line.result, line.object_id) == (action, "refused", "audit.read")
    assert line.person_id == bob.id


def test_requires_leads_a_temporary_password_to_its_change(alice: Person) -> None:
    alice.password_is_temporary = True

    answer = _page(_request(alice))

    assert answer.status_code == 302
    assert answer["Location"] == "/mot-de-passe/"


def test_requires_marks_the_view() -> None:
    assert getattr(_page, "required_action", "") == "audit.read"
    assert getattr(_page, "__name__", "") == "_page"


def test_public_marks_the_view() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert getattr(public(view), "required_action", "") is None


def test_actor_of_a_person_tells_everything(
    alice: Person, client_of: Callable[[Person], Client]
) -> None:
    actor = actor_of(_request(alice))

    assert (actor.person_id, actor.person_label) == (alice.id, alice.full_name)
    assert actor.practice_id == alice.practice_id
    assert actor.roles == alice.roles
    assert (actor.workstation, actor.source) == ("", "web")


def test_actor_follows_who_is_at_the_keyboard_within_one_request(
    alice: Person, bob: Person
) -> None:
    request = _request(alice)
    first = actor_of(request)
    assert actor_of(request) is first

    request.extra_roles = frozenset({"praticien"})  # type: ignore[attr-defined]
    assert "praticien" in actor_of(request).roles
    request.user = bob
    assert (actor_of(request).person_id, "praticien" in actor_of(request).roles) == (bob.id, True)
    request.extra_roles = frozenset()  # type: ignore[attr-defined]
    assert actor_of(request).roles == bob.roles
    request.workstation = SimpleNamespace(name="Accueil", practice_id=None)  # type: ignore[attr-defined]
    assert actor_of(request).workstation == "Accueil"
    request.user = AnonymousUser()
    assert actor_of(request).person_id is None


def test_without_anybody_to_ask_no_fresh_proof_is_taken_for_granted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(access, "_provers", [])
    with pytest.raises(PermissionDenied):
        access._asked_again(HttpRequest())
