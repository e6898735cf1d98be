"""Telling open pages that something happened."""

from typing import Any
from uuid import UUID

from quenotte.base.live import rings
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
