"""Writing down what a practice agreed to: rules find no stranger in it any more."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.posture.agreeing import Agreed
from quenotte.upkeep.workstations import queries
from quenotte.upkeep.workstations.models import Agreement, Machine


def agree(*, practice_id: UUID, agreed: Agreed, actor: Actor) -> None:
    """Write down what is agreed from now on; every machine of the practice is to be looked at.

    What is agreed already is written by nobody a second time.
    """
    with transaction.atomic():
        if queries.agreed_of(practice_id) == agreed:
            return
        Agreement.objects.update_or_create(
            practice_id=practice_id,
            defaults={
                "remote_tools": sorted(agreed.remote_tools),
                "ports": sorted(agreed.ports),
                "decided_at": timezone.now(),
                "decided_by_id": actor.own_person_id,
            },
        )
        Machine.objects.filter(practice_id=practice_id).update(judged_at=None)
        record(
            action=Action.CHANGE,
            actor=actor,
            object_kind="agreement",
            object_id=str(practice_id),
            detail={"count": len(agreed.remote_tools) + len(agreed.ports)},
        )
