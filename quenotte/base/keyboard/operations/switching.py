"""A locked keyboard: taken back by the same person, or taken over by another one."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.keyboard.models import Sitting
from quenotte.base.keyboard.operations.pins import renew_tries
from quenotte.base.keyboard.operations.sittings import stepped, traced
from quenotte.base.keyboard.queries import Login, has_day_ended, is_off_hours
from quenotte.base.keyboard.rules import LOGIN_LENGTH_S, State, Step
from quenotte.kernel.errors import Refusal


class NotAtThisWorkstation(Refusal):
    """Nobody has logged in here in full today under this tile."""

    message = _(
        "Cette personne ne s’est pas encore connectée à ce poste aujourd’hui, ou sa journée est "
        "finie. Rien n’est perdu : choisissez « Autre personne » et connectez-vous."
    )


@transaction.atomic
def unlock(*, actor: Actor, login: Login, role: str, how: str) -> bool:
    """Open a locked login again for the same person. ``how``: « pin », « password », « passkey ».

    What is more than a PIN is a fresh proof, and gives the PIN its tries back.
    """
    now = timezone.now()
    fields: dict[str, object] = {"last_input_at": now, "locked_at": None}
    if how != "pin":
        fields["proven_at"] = now
        renew_tries(person_id=login.person_id, workstation_id=login.workstation_id)
    if not login.reason and is_off_hours(actor.own_practice_id, role):
        fields["needs_reason"] = True
    if not stepped(login.id, Step.UNLOCK, **fields):
        return False
    traced(actor, Action.UNLOCK, login.id, how=how)
    return True


def swapped_sitting(login: Login, sitting_id: object) -> Sitting:
    """Return the login that a colleague left at this workstation today.

    Raises: NotAtThisWorkstation.
    """
    if login.workstation_id is None:
        raise NotAtThisWorkstation
    try:
        wanted = UUID(str(sitting_id))
    except ValueError:
        raise NotAtThisWorkstation from None
    since = timezone.now() - timedelta(seconds=LOGIN_LENGTH_S)
    found = Sitting.objects.filter(
        id=wanted,
        workstation_id=login.workstation_id,
        state=State.SWAPPED.value,
        opened_at__gt=since,
        person__is_active=True,
    ).select_related("person")
    sitting = found.first()
    if sitting is None or has_day_ended(sitting.person.practice_id, sitting.person.role):
        raise NotAtThisWorkstation
    return sitting


@transaction.atomic
def take_back(*, actor: Actor, login: Login) -> bool:
    """Leave a locked keyboard to somebody else; the login waits for its person's PIN."""
    if not stepped(login.id, Step.SWAP):
        return False
    traced(actor, Action.SWITCH, login.id, state="left")
    return True


@transaction.atomic
def resume(*, actor: Actor, login: Login, sitting: Sitting) -> None:
    """Give the keyboard to a colleague whose PIN was right: one leaves, the other is back.

    ``actor`` is the colleague. Raises: NotAtThisWorkstation when another request was faster.
    """
    now = timezone.now()
    person = sitting.person
    fields: dict[str, object] = {"last_input_at": now, "locked_at": None}
    if not sitting.reason and is_off_hours(person.practice_id, person.role):
        fields["needs_reason"] = True
    if not stepped(login.id, Step.SWAP) or not stepped(sitting.id, Step.RESUME, **fields):
        # Nothing of the exchange may stay when one half of it came too late.
        transaction.set_rollback(True)
        raise NotAtThisWorkstation
    _switched(actor, login.id, sitting.id)


def _switched(actor: Actor, left: UUID, taken: UUID) -> None:
    traced(actor, Action.SWITCH, left, state="left")
    record(
        action=Action.SWITCH,
        actor=actor,
        object_kind="session",
        object_id=str(taken),
        detail={"state": "taken", "how": "pin"},
    )
