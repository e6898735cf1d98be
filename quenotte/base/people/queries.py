"""Reading accounts and drafts."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from quenotte.base.keyboard.queries import last_seen
from quenotte.base.keyboard.queries import protected as keyboard_protected
from quenotte.base.people.models import Draft, Person, RoleChoices
from quenotte.base.prepared import prepared


def is_installed() -> bool:
    """Tell whether somebody can log in: before that, only the installation answers."""
    return Person.objects.exists()


def accounts(practice_id: UUID) -> QuerySet[Person]:
    """Return the accounts of a practice, open ones first."""
    return Person.objects.filter(practice_id=practice_id).order_by(
        "-is_active", "last_name", "first_name"
    )


@dataclass(frozen=True)
class Signs:
    """An account with what its gestionnaire wants to see of it at a glance."""

    person: Person
    seen_at: datetime | None
    is_protected: bool


def accounts_with_signs(practice_id: UUID) -> list[Signs]:
    """Return the accounts of a practice, when each was last at a keyboard, who has a factor."""
    people = list(accounts(practice_id))
    ids = [person.id for person in people]
    seen, protected = last_seen(ids), keyboard_protected(ids)
    return [Signs(one, seen.get(one.id, one.last_login), one.id in protected) for one in people]


def account(practice_id: UUID, person_id: UUID) -> Person | None:
    """Return an account of this practice, None for a stranger's."""
    return accounts(practice_id).filter(id=person_id).first()


def account_named(username: str) -> Person | None:
    """Return the account that logs in as ``username``, whatever its case."""
    return Person.objects.filter(username__iexact=username).first()


def demo_accounts() -> QuerySet[Person]:
    """Return the open accounts of the demo practice, which the login page names."""
    return Person.objects.filter(practice__is_demo=True, is_active=True).order_by(
        "created_at", "username"
    )


def draft(person_id: UUID, key: str) -> Draft | None:
    """Return what this person was typing in a field."""
    return next(iter(_drafts(person_id, key)), None)


def typed_before(person_id: UUID, key: str) -> str:
    """Return the text of a draft, nothing when there is none."""
    found = draft(person_id, key)
    return found.text if found else ""


def kept_in(text: str, name: str) -> str:
    """Return what the draft of a whole form says in one field, nothing when it says nothing."""
    try:
        said = json.loads(text)
    except ValueError:
        return ""
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, str) else ""


@prepared
def _drafts(person_id: UUID, key: str) -> QuerySet[Draft]:
    return Draft.objects.filter(person_id=person_id, key=key)


def role_choices() -> list[tuple[str, str]]:
    """Return the roles that people of this site have, with their words on screen."""
    return [(role, str(RoleChoices(role).label)) for role in settings.ROLES]
