"""What a browser sends and hears when something of the agenda changes."""

import html
import json
from typing import Any, cast

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.care.agenda.models import Appointment


def text_of(response: HttpResponse) -> str:
    """Return what a page says."""
    return html.unescape(response.content.decode())


def heard(response: HttpResponse) -> dict[str, Any]:
    """Return the events that an answer asks the page for."""
    return json.loads(response.get("HX-Trigger", "{}"))


def toast(response: HttpResponse) -> str:
    """Return what is told in the corner."""
    return str(heard(response).get("toast", {}).get("text", ""))


def told(kind: str) -> list[tuple[str, str, str]]:
    """Return (action, object, result) of the journal's lines about a kind of thing."""
    rows = Line.objects.filter(object_kind=kind).order_by("number")
    return list(rows.values_list("action", "object_id", "result"))


def refusals() -> list[tuple[str, str, str, Any]]:
    """Return (action, object, reason, patient) of the lines about what the agenda refused."""
    kinds = ("appointment", "short_notice")
    rows = Line.objects.filter(object_kind__in=kinds, result="refused").order_by("number")
    return list(rows.values_list("action", "object_id", "detail__reason", "patient_id"))


def change(client: Client, name: str, appointment: Appointment, **values: Any) -> HttpResponse:
    """Send a change as the grid does."""
    address = reverse(f"agenda:{name}", args=[appointment.id])
    return cast("HttpResponse", client.post(address, values, headers={"HX-Request": "true"}))


@pytest.fixture
def desk(sarah: Any, client_of: Any) -> Client:
    """Sarah's browser."""
    return client_of(sarah)
