"""What a technician does about an incident: she takes it, writes what was done, gives it back.

Nobody closes one: it closes by itself, when its rules are well again.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.errors import Refusal
from quenotte.provider.incidents.models import Incident, Reply, Step
from quenotte.provider.incidents.rules import Answer, Kind


class AlreadyTaken(Refusal):
    """Somebody else took it up first."""

    message = _("Quelqu’un d’autre s’en occupe déjà.")
    next_step = _("Rien n’a été changé. Parlez-lui, ou laissez une note.")


class IncidentIsOver(Refusal):
    """It closed meanwhile."""

    message = _("Cet incident s’est refermé entre-temps.")
    next_step = _("Rien n’a été changé : il n’y a plus rien à y faire.")


def take(*, incident_id: UUID, actor: Actor) -> Incident:
    """Say that one looks after an incident.

    Raises: Incident.DoesNotExist, AlreadyTaken, IncidentIsOver.
    """
    with transaction.atomic():
        one = _held(incident_id)
        if one.taken_by_id not in {None, actor.own_person_id}:
            raise AlreadyTaken
        if one.taken_by_id is None:
            one.taken_by_id, one.taken_at = actor.own_person_id, timezone.now()
            one.save(update_fields=["taken_by", "taken_at"])
            _step(one, Kind.TAKEN, actor)
    return one


def release(*, incident_id: UUID, actor: Actor) -> Incident:
    """Give an incident back: anybody may, as its taker may be ill."""
    with transaction.atomic():
        one = _held(incident_id)
        if one.taken_by_id is not None:
            one.taken_by = one.taken_at = None
            one.save(update_fields=["taken_by", "taken_at"])
            _step(one, Kind.RELEASED, actor)
    return one


def write(*, incident_id: UUID, note: str, actor: Actor) -> Step:
    """Write down what was done about an incident, over or not. Raises: Incident.DoesNotExist."""
    with transaction.atomic():
        one = Incident.objects.get(pk=incident_id)
        return _step(one, Kind.NOTED, actor, note.strip())


def called(*, reply_id: UUID, actor: Actor) -> Reply:
    """Note that a practice that asked for it was called. Raises: Reply.DoesNotExist."""
    with transaction.atomic():
        one = Reply.objects.select_for_update().get(pk=reply_id, answer=Answer.CALL)
        if one.done_at is None:
            one.done_at, one.done_by_id = timezone.now(), actor.own_person_id
            one.save(update_fields=["done_at", "done_by"])
            record(action=Action.CHANGE, actor=actor, object_kind="reply", object_id=str(one.id))
    return one


def _held(incident_id: UUID) -> Incident:
    one = Incident.objects.select_for_update().get(pk=incident_id)
    if one.closed_at is not None:
        raise IncidentIsOver
    return one


def _step(one: Incident, kind: Kind, actor: Actor, note: str = "") -> Step:
    made = Step.objects.create(
        incident=one, at=timezone.now(), kind=kind, person_id=actor.own_person_id, note=note
    )
    record(
        action=Action.CHANGE,
        actor=actor,
        object_kind="incident",
        object_id=str(one.id),
        detail={"action": kind.value},
    )
    return made
