"""Calling from one room to the others, and answering."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.practice import queries as practices
from quenotte.care.desk import queries
from quenotte.care.desk.models import Bell, Call, CallAnswer, CallKind
from quenotte.care.desk.operations.kinds import NoSuchKind
from quenotte.care.desk.operations.telling import tell
from quenotte.care.desk.rules.calls import Answer, Ear, State, is_trembling
from quenotte.kernel.errors import Refusal


class NoSuchCall(Refusal):
    """The call is not for this person, or was never sent."""

    message = _("Cet appel n’existe plus, ou n’est pas pour ce poste. Rien n’a été envoyé.")


class CallOver(Refusal):
    """Too late: the call was withdrawn, or nobody came in time."""

    message = _("Cet appel est terminé. Rien n’a été envoyé : la salle rappellera si besoin.")


class AlreadyTaken(Refusal):
    """Somebody else is already on her way."""

    message = _("Une autre personne y va déjà. Vous n’avez rien à faire.")


@transaction.atomic
def send(*, actor: Actor, kind_id: UUID, workstation_id: UUID | None) -> Call:
    """Call the other screens; the same call from the same place rings once more instead.

    Raises: NoSuchKind.
    """
    # The kind is locked: two presses at once must not make two calls.
    kinds = CallKind.objects.select_for_update()
    kind = kinds.filter(id=kind_id, practice_id=actor.own_practice_id, is_active=True).first()
    if kind is None:
        raise NoSuchKind
    now = timezone.now()
    ends = now + timedelta(seconds=kind.lasts_s)
    call = queries.open_call(kind.id, actor.own_person_id, workstation_id, now)
    if call is not None:
        if is_trembling(call.rang_at, now):
            return call
        call.rings, call.rang_at, call.expires_at = call.rings + 1, now, ends
        call.save(update_fields=["rings", "rang_at", "expires_at"])
        tell(actor, Action.CHANGE, "call", call.id, state="again")
        return call
    call = Call.objects.create(
        practice_id=kind.practice_id,
        kind=kind,
        label=kind.label,
        place=practices.place_name(workstation_id) or actor.workstation[:60],
        target=kind.target,
        role=kind.role,
        room_id=kind.room_id,
        sound=kind.sound,
        tone=kind.tone,
        caller_id=actor.own_person_id,
        workstation_id=workstation_id,
        sent_at=now,
        rang_at=now,
        expires_at=ends,
    )
    tell(actor, Action.CREATE, "call", call.id)
    return call


@transaction.atomic
def answer(*, actor: Actor, call_id: UUID, said: Answer, ear: Ear) -> Call:
    """Answer « Vu » or « J’arrive »; the first « J’arrive » takes the call off the other screens.

    Raises: NoSuchCall, CallOver, AlreadyTaken.
    """
    call = _locked(actor, call_id)
    if not queries.is_heard_by(call, ear):
        raise NoSuchCall
    now = timezone.now()
    state = queries.state(call, now)
    if state in {State.WITHDRAWN, State.OVER}:
        raise CallOver
    if state == State.TAKEN:
        raise AlreadyTaken
    CallAnswer.objects.update_or_create(
        call=call, person_id=actor.own_person_id, answer=said.value, defaults={"at": now}
    )
    if said == Answer.COMING:
        call.taken_at = now
        call.save(update_fields=["taken_at"])
    tell(actor, Action.CHANGE, "call", call.id, state=said.value)
    return call


@transaction.atomic
def withdraw(*, actor: Actor, call_id: UUID, workstation_id: UUID | None) -> None:
    """Take a call back: it leaves every screen.

    Raises: NoSuchCall when it was sent by another person from another place; CallOver,
    AlreadyTaken.
    """
    call = _sent(actor, call_id, workstation_id)
    now = timezone.now()
    state = queries.state(call, now)
    if state == State.TAKEN:
        raise AlreadyTaken
    if state != State.OPEN:
        raise CallOver
    call.withdrawn_at = call.closed_at = now
    call.save(update_fields=["withdrawn_at", "closed_at"])
    tell(actor, Action.CHANGE, "call", call.id, state="withdrawn")


@transaction.atomic
def put_away(*, actor: Actor, call_id: UUID, workstation_id: UUID | None) -> None:
    """Stop showing its end to the sender of a call. Raises: NoSuchCall."""
    call = _sent(actor, call_id, workstation_id)
    if call.closed_at is None:
        call.closed_at = timezone.now()
        call.save(update_fields=["closed_at"])
        tell(actor, Action.CHANGE, "call", call.id, state="closed")


@transaction.atomic
def mute(*, actor: Actor, workstation_id: UUID, is_muted: bool) -> None:
    """Silence a workstation, or let it sound again; lights stay."""
    Bell.objects.update_or_create(workstation_id=workstation_id, defaults={"is_muted": is_muted})
    audit.record(
        action=Action.CHANGE,
        actor=actor,
        object_kind="workstation",
        object_id=str(workstation_id),
        detail={"state": "muted" if is_muted else "sounding"},
    )


def _locked(actor: Actor, call_id: UUID) -> Call:
    calls = Call.objects.select_for_update()
    call = calls.filter(id=call_id, practice_id=actor.own_practice_id).first()
    if call is None:
        raise NoSuchCall
    return call


def _sent(actor: Actor, call_id: UUID, workstation_id: UUID | None) -> Call:
    call = _locked(actor, call_id)
    here = workstation_id is not None and call.workstation_id == workstation_id
    if call.caller_id != actor.person_id and not here:
        raise NoSuchCall
    return call
