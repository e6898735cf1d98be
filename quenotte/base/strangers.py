"""Who comes without a login: how often one address may, and what of it stands in the journal.

Links for patients and practices, calendars, monitors and tablets are open to whoever has their
address; each room says how often, and this counts.
"""

from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor

_MINUTE_S: Final = 60


def is_within(request: HttpRequest, what: str, per_minute: int) -> bool:
    """Count a visit of a stranger; tell whether her address may go on this minute."""
    key = f"strangers.{what}.{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, _MINUTE_S)
    try:
        return cache.incr(key) <= per_minute
    except ValueError:
        # The minute ended between the two.
        return True


def note_unknown(kind: str, source: str = "link") -> None:
    """Leave a line for an address that leads nowhere; at most one a minute for each kind."""
    if cache.add(f"strangers.unknown.{kind}", 1, _MINUTE_S):
        audit.record(
            action=Action.READ,
            actor=Actor(None, "", None, "", source),
            object_kind=kind,
            result="refused",
            detail={"reason": "unknown_link"},
        )
