"""PINs: six digits, good at one workstation, five tries."""

from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.keyboard.models import Pin
from quenotte.base.keyboard.rules import PIN_TRIES, is_pin, is_weak_pin, pin_secret
from quenotte.kernel.errors import Refusal


class PinTooEasy(Refusal):
    """Somebody would try this PIN first."""

    message = _(
        "Ce code est trop facile à deviner, ou n’a pas six chiffres. Rien n’a été modifié : "
        "choisissez-en un autre."
    )


class WrongPin(Refusal):
    """The PIN is not hers."""

    message = _("Ce code n’est pas le bon. Rien n’est perdu : réessayez.")


class PinSpent(Refusal):
    """Five wrong PINs: a full login is needed."""

    message = _(
        "Cinq codes faux : ce code ne sert plus. Rien n’est perdu : "
        "déverrouillez avec votre mot de passe."
    )


@transaction.atomic
def choose_pin(*, actor: Actor, workstation_id: UUID, workstation_key: str, pin: str) -> None:
    """Keep the PIN of a person at the workstation where she sits, and its five tries.

    Raises: PinTooEasy.
    """
    if not is_pin(pin) or is_weak_pin(pin):
        raise PinTooEasy
    person_id = actor.own_person_id
    Pin.objects.update_or_create(
        person_id=person_id,
        workstation_id=workstation_id,
        defaults={"digest": _digest(workstation_key, person_id, pin), "failures": 0},
    )
    _traced(actor, "ok", workstation_id, state="chosen")


@transaction.atomic
def forget_pin(*, actor: Actor, person_id: UUID, workstation_id: UUID) -> None:
    """Take a person's PIN back at one workstation."""
    mine = Pin.objects.filter(
        person_id=person_id,
        person__practice_id=actor.own_practice_id,
        workstation_id=workstation_id,
    )
    if mine.delete()[0]:
        _traced(actor, "ok", workstation_id, state="removed")


def forget_pins(*, person_id: UUID) -> int:
    """Take all the PINs of a person back; the caller writes the line."""
    return Pin.objects.filter(person_id=person_id).delete()[0]


def verify_pin(
    *, actor: Actor, person_id: UUID, workstation_id: UUID, workstation_key: str, pin: str
) -> None:
    """Check a PIN; a success gives its five tries back. Call outside a transaction.

    A try is taken before it is checked, in one statement: of a hundred at once, five are
    checked. A wrong one is a line of the journal; those after the fifth are refused unread.

    Raises: WrongPin, PinSpent.
    """
    mine = Pin.objects.filter(person_id=person_id, workstation_id=workstation_id)
    if not mine.filter(failures__lt=PIN_TRIES).update(failures=F("failures") + 1):
        raise PinSpent
    kept = mine.get()
    secret = pin_secret(workstation_key=workstation_key, person_id=str(person_id), pin=pin)
    if is_pin(pin) and check_password(secret, kept.digest):
        mine.update(failures=0, used_at=timezone.now())
        return
    is_last = kept.failures >= PIN_TRIES
    _failed(actor, person_id, is_last=is_last)
    raise PinSpent if is_last else WrongPin


def renew_tries(*, person_id: UUID, workstation_id: UUID | None) -> None:
    """Give a PIN its five tries back, after a full login."""
    if workstation_id is not None:
        Pin.objects.filter(person_id=person_id, workstation_id=workstation_id).update(failures=0)


def _digest(workstation_key: str, person_id: UUID, pin: str) -> str:
    secret = pin_secret(workstation_key=workstation_key, person_id=str(person_id), pin=pin)
    return make_password(secret)


def _failed(actor: Actor, person_id: UUID, *, is_last: bool) -> None:
    record(
        action=Action.FAILURE,
        actor=actor,
        object_kind="pin",
        object_id=str(person_id),
        result="locked" if is_last else "failed",
    )


def _traced(actor: Actor, result: str, workstation_id: UUID, *, state: str) -> None:
    record(
        action=Action.CHANGE,
        actor=actor,
        object_kind="pin",
        object_id=str(workstation_id),
        result=result,
        detail={"state": state},
    )
