"""The pinned words at the top of Aujourd’hui."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.desk import queries


def pinned(request: HttpRequest, _subject: object = None) -> str:
    """Draw the words pinned today; those that one has read stay, quieter."""
    actor = actor_of(request)
    if not may(actor.roles, "board.use"):
        return ""
    return render_to_string("care/desk/_board.html", {"words": queries.board(actor)}, request)
