"""Calls on every page: the buttons in the rail, and what rings here."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.desk import queries
from quenotte.care.desk.rules.calls import ANSWER_KEY
from quenotte.web import kept


def here(request: HttpRequest) -> UUID | None:
    """Return the workstation of a request, None for a browser nobody knows yet."""
    seat = getattr(request, "workstation", None)
    return UUID(seat.id) if seat else None


def call_buttons(request: HttpRequest, _subject: object = None) -> str:
    """Draw the practice's calls in the rail, one button each."""
    actor = actor_of(request)
    if not may(actor.roles, "calls.use"):
        return ""
    found = _shell(request)
    return kept.drawn_form(
        "care/desk/_buttons.html",
        request,
        buttons=tuple(found.buttons),
        is_muted=found.is_muted,
        may_manage=may(actor.roles, "calls.manage"),
    )


def ringing_region(request: HttpRequest, _subject: object = None) -> str:
    """Draw the place in which calls appear, on every page."""
    if not may(actor_of(request).roles, "calls.use"):
        return ""
    if not _shell(request).has_calls:
        return kept.drawn("care/desk/_region.html", heard=(), sent=())
    return render_to_string("care/desk/_region.html", _ringing(request), request)


def ringing(request: HttpRequest) -> str:
    """Draw what rings here and how the calls sent from here stand."""
    return render_to_string("care/desk/_ringing.html", _ringing(request), request)


def calls_part(request: HttpRequest, part: str) -> str:
    """Draw the tab that leads from the cabinet to its calls."""
    if not may(actor_of(request).roles, "calls.manage"):
        return ""
    return render_to_string("care/desk/_calls_part.html", {"part": part})


def _shell(request: HttpRequest) -> queries.Shell:
    """Read once what the buttons and the ringing of one page both need."""
    kept = request.__dict__
    if "_calls" not in kept:
        practice_id = actor_of(request).own_practice_id
        kept["_calls"] = queries.shell(practice_id, here(request), timezone.now())
    found: queries.Shell = kept["_calls"]
    return found


def _ringing(request: HttpRequest) -> dict[str, Any]:
    heard, sent = queries.calls_at(actor_of(request), here(request), timezone.now())
    return {"heard": heard, "sent": sent, "answer_key": ANSWER_KEY}
