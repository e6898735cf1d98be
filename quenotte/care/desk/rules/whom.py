"""Whom something is for, as a word of a form: ``everyone``, ``role:…``, ``person:…``…"""

from typing import Final
from uuid import UUID

EVERYONE: Final = "everyone"


def split(word: str) -> tuple[UUID | None, str]:
    """Return the id (of a person or a room) and the role that a word means.

    Raises: ValueError for a word that is none of ours.
    """
    kind, _, value = word.partition(":")
    if kind == "role" and value:
        return None, value
    if kind in {"person", "room"}:
        return UUID(value), ""
    if word == EVERYONE:
        return None, ""
    raise ValueError(word)


def written(*, role: str = "", person_id: UUID | None = None, room_id: UUID | None = None) -> str:
    """Return the word of a form for whom something is."""
    if role:
        return f"role:{role}"
    if person_id is not None:
        return f"person:{person_id}"
    return f"room:{room_id}" if room_id is not None else EVERYONE
