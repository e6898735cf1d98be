"""Bearing a fault for a while: a person decides, says why and until when; it changes no truth."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.posture import exemptions
from quenotte.kernel.posture.terms import State
from quenotte.upkeep.workstations.models import Exemption, MachineFinding
from quenotte.upkeep.workstations.operations.refusals import NoReasonGiven, NothingToBear


def bear(
    *,
    practice_id: UUID,
    machine_id: UUID,
    rule: str,
    reason: str,
    why: str,
    ends_at: datetime,
    actor: Actor,
) -> Exemption:
    """Bear one fault of one machine until an aware instant. ``reason``: the code that was read.

    Raises: NothingToBear, NoReasonGiven.
    """
    now = timezone.now()
    try:
        exemptions.Exemption(rule, why, now, ends_at)
    except ValueError as error:
        raise NoReasonGiven from error
    with transaction.atomic():
        found = MachineFinding.objects.select_for_update().filter(
            machine_id=machine_id, machine__practice_id=practice_id, rule=rule
        )
        finding = found.filter(state=State.BAD, reason=reason).first()
        if finding is None:
            raise NothingToBear
        made = Exemption.objects.create(
            machine_id=machine_id,
            rule=rule,
            reason=reason,
            things=sorted(exemptions.things_of(finding.values)),
            why=why.strip(),
            granted_at=now,
            ends_at=ends_at,
            granted_by_id=actor.own_person_id,
        )
        _line(Action.CREATE, actor, made)
    return made


def end(*, exemption: Exemption, actor: Actor) -> None:
    """Bear a fault no longer; what ended already stays as it is."""
    with transaction.atomic():
        found = Exemption.objects.select_for_update().get(pk=exemption.pk)
        if found.ended_at is None:
            found.ended_at = timezone.now()
            found.save(update_fields=["ended_at"])
            _line(Action.CHANGE, actor, found)


def _line(action: Action, actor: Actor, one: Exemption) -> None:
    record(
        action=action,
        actor=actor,
        object_kind="exemption",
        object_id=str(one.id),
        detail={"reason": one.rule},
    )
