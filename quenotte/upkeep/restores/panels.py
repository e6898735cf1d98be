"""What pages show of a practice that comes back, or came back a few days ago."""

from typing import Any, Protocol
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.upkeep.restores import queries


class Patient(Protocol):
    """What is known here of whose record a page shows."""

    file_number: int


def coming_back(request: HttpRequest, _subject: object = None) -> str:
    """Draw how far the files have come; nothing when everything is there."""
    context = context_of()
    if context["coming"] is None:
        return ""
    return render_to_string("upkeep/restores/_coming_back.html", context, request)


def came_back(request: HttpRequest, _subject: object = None) -> str:
    """Say that the practice came back from a copy, and up to when; nothing after its first days."""
    found = queries.came_back(timezone.now())
    if found is None:
        return ""
    return render_to_string("upkeep/restores/_came_back.html", {"found": found}, request)


def of_patient(request: HttpRequest, patient: "Patient") -> str:
    """Draw the way to a record as it was; nothing for who may not, or where there is no copy."""
    if not may(actor_of(request).roles, "backups.compare"):
        return ""
    named = urlencode({"porte": "patient", "quoi": patient.file_number})
    address = f"{reverse('restores:past')}?{named}"
    return render_to_string("upkeep/restores/_of_patient.html", {"address": address}, request)


def context_of() -> dict[str, Any]:
    """Return what the card shows."""
    found = queries.coming_back()
    return {
        "coming": found.marker if found else None,
        "data_at": found.data_at if found else None,
        "left": found.left if found else "",
    }
