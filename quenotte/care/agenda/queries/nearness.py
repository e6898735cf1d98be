"""Patients by how soon somebody will open their record."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from quenotte.care.agenda.models import Appointment


def patients_by_nearness(now: datetime) -> Iterator[UUID]:
    """Yield patients with appointments: today's and later ones in order, then the past ones.

    A patient may come twice.
    """
    rows = Appointment.objects.values_list("patient_id", flat=True)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    yield from rows.filter(starts_at__gte=midnight).order_by("starts_at").iterator()
    yield from rows.filter(starts_at__lt=midnight).order_by("-starts_at").iterator()
