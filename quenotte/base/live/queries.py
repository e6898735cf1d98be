"""What a page that comes back has missed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from quenotte.base.live.models import Event
from quenotte.base.prepared import prepared

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from quenotte.base.live.access import Listener

#: More than this is not replayed: the page redraws itself once instead.
REPLAY_LIMIT: Final = 200
#: A stream that opens for the first time gets what happened while its page was drawn.
WHILE_DRAWING: Final = timedelta(seconds=10)
#: Events looked back at to find what is new, where they are numbered in the order of their commits.
RECENT: Final = 64
#: PostgreSQL may commit a lower number later; hearing an event twice does no harm.
_LATE: Final = timedelta(seconds=30)


class Told(NamedTuple):
    """What an event says: to which practice (None: to all), what, and about which things."""

    practice_id: UUID | None
    name: str
    data: dict[str, Any]


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


def recent_ids() -> frozenset[int]:
    """Return the numbers of the last events: two of these sets tell what happened between them.

    ``RECENT`` of them on SQLite; on PostgreSQL those of the last ``_LATE``.
    """
    if connection.vendor == "postgresql":
        return frozenset(_ids_since(timezone.now() - _LATE))
    return frozenset(_last_ids())


def told_by(numbers: Collection[int]) -> list[Told]:
    """Return what the events of these numbers say, in order."""
    found = Event.objects.filter(id__in=numbers).order_by("id")
    return [Told(*values) for values in found.values_list("practice_id", "name", "data")]


@prepared
def _last_ids() -> "QuerySet[Event, int]":
    return Event.objects.order_by("-id").values_list("id", flat=True)[:RECENT]


@prepared
def _ids_since(instant: datetime) -> "QuerySet[Event, int]":
    return Event.objects.filter(created_at__gte=instant).values_list("id", flat=True)


def newest_id() -> int:
    """Return the number of the newest event; 0 when there is none."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
