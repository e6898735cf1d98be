"""The very first account: whoever reads the server's console opens the practice."""

import secrets
import uuid
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.models import Person
from quenotte.base.people.rules import Role
from quenotte.base.practice.operations import (
    create_practice,
    installation_code,
    is_installation_code,
)
from quenotte.kernel.errors import Refusal


class WrongCode(Refusal):
    """The installation code is not the one of this server."""

    message = _(
        "Ce code n’est pas celui de ce serveur. Rien n’a été enregistré : "
        "relisez-le dans la fenêtre où Quenotte a démarré."
    )


class AlreadyInstalled(Refusal):
    """Somebody else opened the practice first."""

    message = _("Le cabinet vient d’être créé. Connectez-vous avec le compte du gestionnaire.")


def install(*, actor: Actor, code: str, practice_name: str, account: dict[str, str]) -> Person:
    """Create the practice and the account of its gestionnaire; the code then opens nothing.

    ``account``: username, password, first_name, last_name, title and role.

    Raises: WrongCode; AlreadyInstalled when another browser was faster.
    """
    if not is_installation_code(code):
        raise WrongCode
    with transaction.atomic():
        person = _first_person(actor, practice_name, account)
    installation_code()
    return person


def _first_person(actor: Actor, practice_name: str, account: dict[str, str]) -> Person:
    practice_id, person_id = uuid.uuid4(), uuid.uuid4()
    # The line comes first: it locks the head of the journal, so that of two browsers one
    # waits here, and then finds the account of the other.
    record(
        action=Action.CREATE,
        actor=replace(actor, practice_id=practice_id),
        object_kind="practice",
        object_id=str(practice_id),
    )
    if Person.objects.exists():
        raise AlreadyInstalled
    create_practice(
        practice_id=practice_id,
        name=practice_name,
        dicom_issuer=f"QUENOTTE-{secrets.token_hex(4).upper()}",
    )
    fields = {name: value for name, value in account.items() if name != "password"}
    fields["username"] = fields["username"].strip().lower()
    person = Person(
        id=person_id,
        practice_id=practice_id,
        is_manager=fields["role"] != Role.MANAGER.value,
        **fields,
    )
    person.set_password(account["password"])
    person.save()
    return person
