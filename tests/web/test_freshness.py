"""What a browser may keep."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from quenotte.base.people.models import Person
from quenotte.kernel.errors import Refusal
from quenotte.web.freshness import never_stored, unless_known


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [("/kit/", 200), ("/nulle-part/", 404), ("/patients/", 302), ("/connexion/", 302)],
)
def test_page_of_a_stranger_is_not_stored(address: str, status: int) -> None:
    answer = Client().get(address)

    assert answer.status_code == status
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_page_that_refuses_its_address_is_not_stored(
    alice: Person, client_of: Callable[[Person], Client], settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    answers = [
        client_of(alice).get("/patients/"),
        client_of(alice).post("/journal/export/", {"since": "rien"}),
        client_of(alice).get("/kit/", headers={"Host": "ailleurs.example"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 400, 400]
    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}


def test_answer_may_say_how_long_it_is_kept() -> None:
    def picture(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "private, no-cache"})

    assert never_stored(picture)(HttpRequest())["Cache-Control"] == "private, no-cache"


def _content() -> HttpResponse:
    return HttpResponse(b"x")


def test_content_is_sent_once_per_tag() -> None:
    factory = RequestFactory()
    new = unless_known(factory.get("/"), "a1", _content)
    same = unless_known(factory.get("/", headers={"If-None-Match": '"b", "a1"'}), "a1", _content)
    other = unless_known(factory.get("/", headers={"If-None-Match": '"a1"'}), "a2", _content)

    assert [answer.status_code for answer in (new, same, other)] == [200, 304, 200]
    assert {answer["Cache-Control"] for answer in (new, same, other)} == {"private, no-cache"}
    assert other["ETag"] == '"a2"'


def test_content_that_is_refused_is_told_without_a_tag() -> None:
    def refuse() -> HttpResponse:
        raise Refusal("Illisible.")

    answer = unless_known(RequestFactory().get("/"), "a1", refuse)

    assert answer.status_code == 422
    assert "ETag" not in answer
