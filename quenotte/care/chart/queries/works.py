"""When something was last made in each mouth of a practice."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from quenotte.care.chart.models import ChartEvent
from quenotte.care.chart.queries.mouths import told_by
from quenotte.care.chart.rules import Status, What


def last_made(practice_id: UUID, kinds: Collection[str]) -> dict[UUID, date]:
    """Return the last day on which a work of these kinds was made, for each patient who has one.

    What was undone or withdrawn does not count. Slow (each such mouth is told again): for the
    night, not for a page.
    """
    rows = ChartEvent.objects.filter(
        patient__practice_id=practice_id,
        what=What.FIND.value,
        finding__kind__in=list(kinds),
        finding__status=Status.DONE.value,
    )
    found: dict[UUID, date] = {}
    for patient_id in rows.order_by().values_list("patient_id", flat=True).distinct():
        days = [
            act.entry.on
            for act in told_by(patient_id).acts
            if act.entry.finding
            and act.entry.finding.kind in kinds
            and act.entry.finding.status is Status.DONE
        ]
        if days:
            found[patient_id] = max(days)
    return found
