"""Reading accounts and drafts."""

from uuid import UUID

from django.db.models import QuerySet

from quenotte.base.people.models import Draft, Person, RoleChoices


def is_installed() -> bool:
    """Tell whether somebody can log in: before that, only the installation answers."""
    return Person.objects.exists()


def accounts(practice_id: UUID) -> QuerySet[Person]:
    """Return the accounts of a practice, open ones first."""
    return Person.objects.filter(practice_id=practice_id).order_by(
        "-is_active", "last_name", "first_name"
    )


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
    return Draft.objects.filter(person_id=person_id, key=key).first()


def role_choices() -> list[tuple[str, str]]:
    """Return the roles that a task or a call may be for, with their words on screen."""
    return [(choice.value, str(choice.label)) for choice in RoleChoices]
