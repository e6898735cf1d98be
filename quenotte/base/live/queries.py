"""What a page that comes back has missed."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.utils import timezone

from quenotte.base.live.models import Event

if TYPE_CHECKING:
    from quenotte.base.live.access import Listener

#: More than this is not replayed: the page redraws itself once instead.
REPLAY_LIMIT: Final = 200
#: A stream that opens for the first time gets what happened while its page was drawn.
WHILE_DRAWING: Final = timedelta(seconds=10)
#: PostgreSQL may commit a lower number later; hearing an event twice does no harm.
_LATE: Final = timedelta(seconds=30)


def missed(listener: "Listener", last_id: int | None) -> list[Event] | None:
    """Return the events since ``last_id`` that concern a person, in order.

    None when they cannot be told any more: too many, or ``last_id`` is unknown by now.
    """
    if last_id is None:
        rows = Event.objects.filter(created_at__gte=timezone.now() - WHILE_DRAWING)
    else:
        last = Event.objects.filter(id=last_id).first()
        if last is None:
            return None
        rows = Event.objects.filter(id__gt=last_id)
        if connection.vendor == "postgresql":
            rows = Event.objects.filter(created_at__gte=last.created_at - _LATE)
    found = list(rows.order_by("id")[: REPLAY_LIMIT + 1])
    if len(found) > REPLAY_LIMIT:
        return None
    return [event for event in found if event.id != last_id and listener.hears(event)]


def newest_id() -> int:
    """Return the number of the newest event; 0 when there is none."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
