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


def last_change(patient_id: UUID) -> tuple[str, datetime] | None:
    """Return who changed this record last, and when."""
    return (
        Line.objects.filter(patient_id=patient_id, action__in=("create", "change"), result="ok")
        .order_by("-at", "-number")
        .values_list("person_label", "at")
        .first()
    )


def identity_changes(patient_id: UUID, limit: int, before: datetime | None = None) -> list[Line]:
    """Return the lines that opened this record or changed its identity, newest first."""
    lines = Line.objects.filter(
        patient_id=patient_id,
        action__in=("create", "change"),
        object_kind__in=("patient", "identity"),
        result="ok",
    )
    if before is not None:
        lines = lines.filter(at__lt=before)
    return list(lines.order_by("-at", "-number")[:limit])


def recently_opened(person_id: UUID, limit: int) -> list[UUID]:
    """Return the patients whose record this person opened last, newest first, each once."""
    lines = Line.objects.filter(
        person_id=person_id, patient_id__isnull=False, action__in=("create", "read"), result="ok"
    )
    # A few hundred lines hold the last ten records even on a busy day.
    opened = lines.order_by("-number").values_list("patient_id", flat=True)[:300]
    return list(dict.fromkeys(opened))[:limit]
