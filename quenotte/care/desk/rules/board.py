"""Words pinned for the team: who may take one down."""

from collections.abc import Collection
from uuid import UUID

from quenotte.base.people.rules import Role


def may_take_down(author_id: UUID, person_id: UUID, roles: Collection[str]) -> bool:
    """Tell whether a person may take a word down: her own, or any when she runs the practice."""
    return author_id == person_id or Role.MANAGER in roles
