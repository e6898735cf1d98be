"""A finding that was taken back by mistake: charted again, beside its withdrawal, which stays."""

from uuid import UUID

from django.db import transaction

from quenotte.base.audit.rules import Actor
from quenotte.care.chart.models import ChartEvent
from quenotte.care.chart.operations.charting import chart
from quenotte.care.chart.rules.findings import finding_of


@transaction.atomic
def chart_again(*, actor: Actor, patient_id: UUID, withdrawn: UUID) -> list[UUID]:
    """Chart once more the finding that was withdrawn (its key), for its own clinical day.

    Raises: ChartEvent.DoesNotExist; rules.NotChartable when the mouth of today does not allow it.
    """
    was = ChartEvent.objects.get(key=withdrawn, patient_id=patient_id, finding__isnull=False)
    assert was.finding is not None
    return chart(actor=actor, patient_id=patient_id, findings=[finding_of(was.finding)], on=was.on)
