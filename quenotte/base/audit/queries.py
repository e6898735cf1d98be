"""What the journal is asked."""

from datetime import datetime
from uuid import UUID

from quenotte.base.audit.models import Line


def has_opened(*, person_id: UUID | None, patient_id: UUID, since: datetime) -> bool:
    """Return whether this person opened (or created) this record since that instant."""
    if person_id is None:
        return False
    return Line.objects.filter(
        patient_id=patient_id,
        person_id=person_id,
        at__gte=since,
        action__in=("create", "read"),
        result="ok",
    ).exists()
