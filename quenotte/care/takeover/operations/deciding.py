"""What the person decides of the lines that look like existing records."""

from uuid import UUID

from django.db import transaction

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.takeover.models import Import, StagedRow
from quenotte.care.takeover.operations import steps
from quenotte.care.takeover.operations.checking import counts_of


@transaction.atomic
def decide(*, actor: Actor, import_id: UUID, decision: str, line: int | None = None) -> Import:
    """Keep a decision for one line, or for all that still wait for one.

    Raises: NoSuchImport, NotNow; ValueError for a decision that is none.
    """
    source = steps.locked(actor, import_id, "decide")
    rows = StagedRow.objects.filter(source=source, state=StagedRow.State.DOUBLE)
    rows = rows.filter(decision="") if line is None else rows.filter(line=line)
    count = rows.update(decision=StagedRow.Decision(decision))
    source.counts = counts_of(source)
    source.save(update_fields=["counts"])
    steps.trace(actor, source, Action.CHANGE, state=f"decided {decision}", count=count)
    return source
