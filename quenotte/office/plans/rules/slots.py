"""A slot as a page sends it back."""

from datetime import datetime
from uuid import UUID


def slot_of(text: str) -> tuple[datetime, UUID | None] | None:
    """Return an instant and a chair: « 2026-03-24T09:00:00+01:00 <uuid> »; None for nothing."""
    first, _space, chair = text.partition(" ")
    try:
        instant = datetime.fromisoformat(first)
        return (instant, UUID(chair) if chair else None) if instant.tzinfo else None
    except ValueError:
        return None
