"""How a person is found for a login, and again at each request that comes with it."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from quenotte.base.people.models import Person
from quenotte.base.prepared import prepared


class Backend(AuthenticationBackend):
    """allauth's; the person of a request is read by a prepared read."""

    def get_user(self, user_id: Any) -> Person | None:
        """Return an active person by her id, None for anybody else."""
        found = next(iter(_by_id(user_id)), None) if isinstance(user_id, UUID) else None
        return found if found is not None and self.user_can_authenticate(found) else None


@prepared
def _by_id(person_id: UUID) -> QuerySet[Person]:
    return Person.objects.filter(id=person_id)
