"""Registries start empty in these tests: what the rooms registered is set aside."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory

from quenotte.web import lights, navigation, panels, record_tabs, timeline


@pytest.fixture(autouse=True)
def empty_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test registries of its own."""
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_checks", [])
    monkeypatch.setattr(panels, "_panels", {})
    monkeypatch.setattr(timeline, "_sources", [])
    monkeypatch.setattr(lights, "_sources", {})
    monkeypatch.setattr(record_tabs, "_tabs", {})


class Somebody:
    """A logged-in person, as far as the kit needs to know."""

    is_authenticated = True
    full_name = "Dr Alice Martin"
    get_role_display = "Praticien"


@pytest.fixture
def request_of() -> HttpRequest:
    """A request of a logged-in person."""
    request = RequestFactory().get("/?tri=nom&q=le")
    request.user = Somebody()  # type: ignore[assignment]
    return request


@pytest.fixture
def stranger_request() -> HttpRequest:
    """A request of nobody."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return request


def rendered(source: str, request: HttpRequest | None = None, **context: object) -> str:
    """Render a piece of template with the kit's tags loaded."""
    values = {"request": request, **context} if request else context
    return Template("{% load ui shell %}" + source).render(Context(values)).strip()
