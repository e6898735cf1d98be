"""Who assists."""

from uuid import UUID

from quenotte.base.people import queries as people
from quenotte.base.people.rules import Role


def assistants(practice_id: UUID) -> int:
    """Return how many assistants work here now."""
    here = people.accounts(practice_id).filter(role=Role.ASSISTANT.value, is_active=True)
    return here.count()
