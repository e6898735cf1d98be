"""Telling open pages that something happened."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from quenotte.base import rings
from quenotte.base.live.models import Event


def publish(
    *,
    practice_id: UUID | None,
    name: str,
    data: dict[str, Any],
    audience: str = "",
    person_id: UUID | None = None,
) -> None:
    """Tell the open pages of a practice (None: of all), once the transaction is committed.

    ``data`` holds internal ids only; ``audience`` is the permission a listener needs;
    ``person_id`` limits the event to the pages of one person.
    """
    Event.objects.create(
        practice_id=practice_id,
        person_id=person_id,
        audience=audience,
        name=name,
        data=data,
    )
    rings.ring_on_commit(rings.LIVE)


def purge(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Forget the events that no page can ask for any more; return how many."""
    return Event.objects.filter(created_at__lt=timezone.now() - older_than).delete()[0]
