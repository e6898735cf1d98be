"""The doors of this room: the list of the practice, and the pages that need no login."""

from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor

#: Requests of one address in a minute before it has to wait.
PER_MINUTE: Final = 40
_MINUTE_S: Final = 60


def open_list(actor: Actor) -> None:
    """Open the list of messages, which names patients: one line in the journal."""
    audit.record(action=Action.READ, actor=actor, object_kind="messages")


def is_within_rate(request: HttpRequest) -> bool:
    """Count a visit of a stranger; tell whether her address may go on this minute."""
    key = f"reminders.visits.{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, _MINUTE_S)
    try:
        return cache.incr(key) <= PER_MINUTE
    except ValueError:
        # The minute ended between the two.
        return True


def note_unknown_link(kind: str) -> None:
    """Leave a line for a link that leads nowhere; at most one a minute for each kind."""
    if not cache.add(f"reminders.unknown.{kind}", 1, _MINUTE_S):
        return
    stranger = Actor(None, "", None, "", "link")
    audit.record(
        action=Action.READ,
        actor=stranger,
        object_kind=kind,
        result="refused",
        detail={"reason": "unknown_link"},
    )
