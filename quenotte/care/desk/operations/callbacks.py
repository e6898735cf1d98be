"""Whom to telephone, and how it went."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.operations import discard_draft
from quenotte.care.desk import queries
from quenotte.care.desk.models import Callback
from quenotte.care.desk.operations.tasks import NotDone, PatientElsewhere
from quenotte.care.desk.operations.telling import tell
from quenotte.care.desk.rules.tasks import tidy
from quenotte.care.patients import queries as patients
from quenotte.kernel.errors import Refusal


class AlreadyCalledBack(Refusal):
    """A colleague telephoned meanwhile."""

    message = _("Cette personne a déjà été rappelée : une autre personne vient de le noter.")


class CallbackChanged(Refusal):
    """Somebody else saved while this form was open."""

    message = _(
        "Une autre personne a modifié ce rappel entre-temps. Rien n’a été écrasé : "
        "relisez-le, puis reprenez votre modification."
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to telephone: a patient or a name, a number (E.164), why, by when."""

    phone: str
    due_on: date
    name: str = ""
    reason: str = ""
    patient_id: UUID | None = None


@transaction.atomic
def ask_callback(*, actor: Actor, asked: Asked) -> Callback:
    """Put somebody on the list of those to telephone. Raises: PatientElsewhere."""
    callback = Callback(
        practice_id=actor.own_practice_id,
        author_id=actor.own_person_id,
        created_at=timezone.now(),
    )
    _fill(actor, callback, asked)
    callback.save()
    for about in {None, asked.patient_id}:
        discard_draft(person_id=actor.own_person_id, key=queries.new_callback_key(about))
    tell(actor, Action.CREATE, "callback", callback.id, callback.patient_id)
    return callback


@transaction.atomic
def change_callback(*, actor: Actor, callback_id: UUID, asked: Asked, seen: int) -> Callback:
    """Save a callback again; ``seen`` is the version that the form was filled from.

    Raises: CallbackChanged, PatientElsewhere.
    """
    callback = _locked(actor, callback_id)
    if callback.version != seen:
        raise CallbackChanged
    _fill(actor, callback, asked)
    _save(callback)
    tell(actor, Action.CHANGE, "callback", callback.id, callback.patient_id)
    return callback


@transaction.atomic
def note_try(*, actor: Actor, callback_id: UUID) -> Callback:
    """Note that nobody answered; the person stays on the list. Raises: AlreadyCalledBack."""
    callback = _to_do(actor, callback_id)
    callback.tries += 1
    callback.tried_at = timezone.now()
    _save(callback)
    tell(actor, Action.CHANGE, "callback", callback.id, callback.patient_id, state="no_answer")
    return callback


@transaction.atomic
def finish_callback(*, actor: Actor, callback_id: UUID) -> Callback:
    """Note that the person was reached. Raises: AlreadyCalledBack."""
    callback = _to_do(actor, callback_id)
    callback.done_at, callback.done_by_id = timezone.now(), actor.own_person_id
    _save(callback)
    tell(actor, Action.CHANGE, "callback", callback.id, callback.patient_id, state="done")
    return callback


@transaction.atomic
def reopen_callback(*, actor: Actor, callback_id: UUID) -> Callback:
    """Put somebody back on the list. Raises: NotDone."""
    callback = _locked(actor, callback_id)
    if callback.done_at is None:
        raise NotDone
    callback.done_at = callback.done_by_id = None
    _save(callback)
    tell(actor, Action.CHANGE, "callback", callback.id, callback.patient_id, state="reopened")
    return callback


def _to_do(actor: Actor, callback_id: UUID) -> Callback:
    callback = _locked(actor, callback_id)
    if callback.done_at is not None:
        raise AlreadyCalledBack
    return callback


def _save(callback: Callback) -> None:
    callback.version += 1
    callback.save()


def _locked(actor: Actor, callback_id: UUID) -> Callback:
    return Callback.objects.select_for_update(of=("self",)).get(
        id=callback_id, practice_id=actor.own_practice_id
    )


def _fill(actor: Actor, callback: Callback, asked: Asked) -> None:
    if asked.patient_id is not None and asked.patient_id != callback.patient_id:
        known = patients.of_practice(actor.own_practice_id).filter(id=asked.patient_id)
        if not known.exists():
            raise PatientElsewhere
    callback.patient_id, callback.name = asked.patient_id, tidy(asked.name)
    callback.phone, callback.reason = asked.phone, tidy(asked.reason)
    callback.due_on = asked.due_on
