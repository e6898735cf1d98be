"""Reading what the guard saw."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from quenotte.upkeep.guard import rules
from quenotte.upkeep.guard.models import Anomaly, Look

#: Good copies whose counts are remembered, and nights whose growth is.
_REMEMBERED = 30


def open_anomalies() -> QuerySet[Anomaly]:
    """Return the anomalies that nobody has closed yet, the newest first."""
    return Anomaly.objects.filter(closed_at__isnull=True)


def is_alarmed() -> bool:
    """Tell whether disks must stay unplugged and nothing may be taken away from any copy."""
    return open_anomalies().exists()


def state() -> rules.State:
    """Return how the practice stands."""
    return rules.worst(rules.State(one.state) for one in open_anomalies())


def anomaly(anomaly_id: UUID) -> Anomaly | None:
    """Return one anomaly."""
    return Anomaly.objects.select_related("closed_by").filter(pk=anomaly_id).first()


def last_good(destination_id: UUID) -> Look | None:
    """Return the last good copy of a destination."""
    return good_looks(destination_id).first()


def good_looks(destination_id: UUID) -> QuerySet[Look]:
    """Return the good copies of a destination, the newest first."""
    return Look.objects.filter(destination_id=destination_id, is_good=True)


def known(destination_id: UUID, declared: Sequence[rules.Declared]) -> rules.Known:
    """Return what is known of a destination besides two copies.

    What a person accepted is not held against the copies that follow: counts from before it are
    forgotten.
    """
    looks = good_looks(destination_id)
    since = _accepted_at(destination_id)
    recent = looks.filter(at__gte=since) if since else looks
    nights = looks.filter(is_night=True).values_list("added_bytes", flat=True)[:_REMEMBERED]
    return rules.Known(
        peaks=rules.peaks_of([one.picture.get("rows", {}) for one in recent[:_REMEMBERED]]),
        breathing=rules.BREATHING,
        nights=list(nights),
        declared=declared,
    )


def _accepted_at(destination_id: UUID) -> datetime | None:
    accepted = Look.objects.filter(
        destination_id=destination_id, anomaly__ending=Anomaly.Ending.EXPECTED
    )
    found: datetime | None = accepted.aggregate(last=Max("at"))["last"]
    return found
