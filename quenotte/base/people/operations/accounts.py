"""Personal accounts: who works here, as what, and who has left."""

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.keyboard import operations as keyboard
from quenotte.base.keyboard.queries import is_factor_due
from quenotte.base.live.operations import publish
from quenotte.base.people.models import Person
from quenotte.base.people.operations.passwords import NoSuchAccount, set_temporary_password
from quenotte.base.people.rules import Role
from quenotte.base.practice.operations import end_logins
from quenotte.base.practice.rules import stamp
from quenotte.kernel.errors import Refusal

#: What the gestionnaire may change of an account.
EDITABLE: Final = ("title", "first_name", "last_name", "email", "role", "is_manager", "rpps")


class UsernameTaken(Refusal):
    """Two people cannot share one name to log in with."""

    message = _("Cet identifiant est déjà pris. Rien n’a été enregistré : choisissez-en un autre.")


class LastManager(Refusal):
    """Nobody would be left to open accounts and read the journal."""

    message = _(
        "C’est le dernier compte de gestionnaire du cabinet. Rien n’a été modifié : "
        "nommez d’abord un autre gestionnaire."
    )


class AccountChanged(Refusal):
    """Somebody else saved while this form was open."""

    message = _(
        "Une autre personne a modifié ce compte entre-temps. Rien n’a été écrasé : "
        "ses valeurs sont affichées ci-dessous, reprenez votre modification."
    )


def stamp_of(person: Person) -> str:
    """Return the stamp of what the gestionnaire may change of an account."""
    return stamp({name: getattr(person, name) for name in EDITABLE})


@transaction.atomic
def create_account(
    *, actor: Actor, username: str, values: dict[str, str | bool]
) -> tuple[Person, str]:
    """Open an account; return it with its password, good for one login.

    Raises: UsernameTaken.
    """
    person = Person(practice_id=actor.own_practice_id, username=username.strip().lower(), **values)
    password = set_temporary_password(person)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise UsernameTaken from error
    _traced(actor, Action.CREATE, person, role=person.role)
    return person, password


@transaction.atomic
def change_account(
    *, actor: Actor, person_id: UUID, values: dict[str, str | bool], seen: str
) -> Person:
    """Save names, role and numbers of an account; ``seen``: stamp of what the form had shown.

    Raises: NoSuchAccount; AccountChanged when somebody else saved since; LastManager when
    nobody would be left to run the practice.
    """
    managers = _locked_managers(actor)
    person = _locked(actor, person_id)
    if stamp_of(person) != seen:
        raise AccountChanged
    # What this house has no field for stays as it is.
    told = [name for name in EDITABLE if name in values]
    changed = [name for name in told if getattr(person, name) != values[name]]
    for name in changed:
        setattr(person, name, values[name])
    if Role.MANAGER not in person.roles and managers == {person.id}:
        raise LastManager
    if changed:
        person.save(update_fields=changed)
        keyboard.require_factor(person_id=person.id, is_required=is_factor_due(person))
        _traced(actor, Action.CHANGE, person, role=person.role, fields=",".join(changed))
    return person


@transaction.atomic
def leave(*, actor: Actor, person_id: UUID) -> None:
    """Close the account of somebody who leaves: nothing of hers stays open, on any machine.

    Raises: NoSuchAccount, LastManager.
    """
    managers = _locked_managers(actor)
    person = _locked(actor, person_id)
    if not person.is_active:
        raise NoSuchAccount
    if managers == {person.id}:
        raise LastManager
    Person.objects.filter(id=person.id).update(
        is_active=False, left_at=timezone.now(), login_epoch=F("login_epoch") + 1
    )
    ended = cut_everything(person.id)
    publish(practice_id=person.practice_id, name="session.cut", data={}, person_id=person.id)
    _traced(actor, Action.CHANGE, person, state="left", count=ended)


@transaction.atomic
def come_back(*, actor: Actor, person_id: UUID) -> str:
    """Open the account again; return a new password, good for one login.

    Raises: NoSuchAccount when it is open already.
    """
    person = _locked(actor, person_id)
    if person.is_active:
        raise NoSuchAccount
    person.is_active = True
    person.left_at = None
    password = set_temporary_password(person)
    person.save()
    _traced(actor, Action.CHANGE, person, state="back")
    return password


@transaction.atomic
def reset_factors(*, actor: Actor, person_id: UUID) -> None:
    """Take away the second factors of somebody who lost them; her open logins end.

    She logs in with her password, and sets a new one up. Raises: NoSuchAccount.
    """
    person = _locked(actor, person_id)
    if not person.is_active:
        raise NoSuchAccount
    count = keyboard.reset_factors(person_id=person.id)
    end_logins(person.id)
    keyboard.close_all(person_id=person.id)
    publish(practice_id=person.practice_id, name="session.cut", data={}, person_id=person.id)
    record(
        action=Action.CHANGE,
        actor=actor,
        object_kind="factor",
        object_id=str(person.id),
        detail={"state": "reset", "count": count},
    )


def cut_everything(person_id: UUID) -> int:
    """End sessions, logins, PINs, second factors and grants; return how many sessions there were.

    The caller writes the line.
    """
    ended = end_logins(person_id)
    keyboard.close_all(person_id=person_id)
    keyboard.forget_pins(person_id=person_id)
    keyboard.reset_factors(person_id=person_id)
    keyboard.end_grants(person_id=person_id)
    return ended


def _locked(actor: Actor, person_id: UUID) -> Person:
    people = Person.objects.select_for_update()
    person = people.filter(id=person_id, practice_id=actor.own_practice_id).first()
    if person is None:
        raise NoSuchAccount
    return person


def _locked_managers(actor: Actor) -> set[UUID]:
    # Locked in one order, and before anybody else: of two managers who close each other's
    # account at once, the second finds herself the last.
    managers = (
        Person.objects.select_for_update()
        .order_by("id")
        .filter(
            Q(role=Role.MANAGER.value) | Q(is_manager=True),
            practice_id=actor.own_practice_id,
            is_active=True,
        )
    )
    return {person.id for person in managers}


def _traced(actor: Actor, action: Action, person: Person, **detail: str | int) -> None:
    record(
        action=action,
        actor=actor,
        object_kind="account",
        object_id=str(person.id),
        detail=detail,
    )
