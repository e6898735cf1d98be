"""Who signed the charter that stands now."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from quenotte.provider.charter.looking import has_signed, signature_of
from quenotte.provider.charter.models import Signature
from quenotte.provider.charter.rules import VERSION, digest

__all__ = ["Signer", "has_signed", "signature_of", "signers"]


@dataclass(frozen=True, slots=True)
class Signer:
    """A person of the provider, and what she signed last; None when she never did."""

    name: str
    role: str
    last: Signature | None

    @property
    def is_current(self) -> bool:
        """Tell whether it is the text that stands now."""
        return self.last is not None and (self.last.version, self.last.digest) == (
            VERSION,
            digest(),
        )


def signers(practice_id: UUID) -> list[Signer]:
    """Return the people who work at the provider, those who have not signed first, by name."""
    people = get_user_model()._default_manager.filter(practice_id=practice_id, is_active=True)
    last: dict[Any, Signature] = {}
    for one in Signature.objects.filter(person__in=people).order_by("at"):
        last[one.person_id] = one
    found = [
        Signer(person.full_name, str(person.get_role_display()), last.get(person.pk))
        for person in people
    ]
    return sorted(found, key=lambda one: (one.is_current, one.name))


def signed_among(people: Collection[UUID]) -> set[UUID]:
    """Return which of these people signed the charter, in whatever version they were shown."""
    found = Signature.objects.filter(person_id__in=people)
    return set(found.values_list("person_id", flat=True))
