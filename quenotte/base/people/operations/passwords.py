"""Passwords: chosen by their owner, or given once by the gestionnaire."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.keyboard import operations as keyboard
from quenotte.base.people.models import Person
from quenotte.base.practice.operations import end_logins
from quenotte.kernel.errors import Refusal
from quenotte.kernel.legible import legible_code


class NoSuchAccount(Refusal):
    """The account is of another practice, or its state does not allow this."""

    message = _("Ce compte n’est pas disponible pour cette action. Rien n’a été modifié.")


#: Signs of a given password: 16 of 31, about 79 bits.
_GROUPS: Final = 4


def set_temporary_password(person: Person) -> str:
    """Give ``person`` (not saved here) a password good for one login; return it."""
    password = legible_code(groups=_GROUPS)
    person.set_password(password)
    person.password_is_temporary = True
    return password


@transaction.atomic
def give_password(*, actor: Actor, person_id: UUID) -> str:
    """Replace a forgotten password by one good for one login, and end her open logins.

    Raises: NoSuchAccount when the account is of another practice, or closed.
    """
    people = Person.objects.select_for_update()
    person = people.filter(id=person_id, practice_id=actor.own_practice_id, is_active=True).first()
    if person is None:
        raise NoSuchAccount
    password = set_temporary_password(person)
    person.save(update_fields=["password", "password_is_temporary"])
    end_logins(person.id)
    keyboard.close_all(person_id=person.id)
    _traced(actor, person, state="given")
    return password


@transaction.atomic
def choose_password(
    *, actor: Actor, person: Person, password: str, keep: UUID | None = None
) -> None:
    """Save the password a person chose; her logins but ``keep`` end with the old one."""
    person.set_password(password)
    person.password_is_temporary = False
    person.save(update_fields=["password", "password_is_temporary"])
    keyboard.close_all(person_id=person.id, keep=keep)
    _traced(actor, person, state="chosen")


def _traced(actor: Actor, person: Person, *, state: str) -> None:
    record(
        action=Action.CHANGE,
        actor=actor,
        object_kind="password",
        object_id=str(person.id),
        detail={"state": state},
    )
