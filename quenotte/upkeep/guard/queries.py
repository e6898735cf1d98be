"""Reading what the guard saw."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone

from quenotte.base.audit import queries as audit
from quenotte.upkeep.guard import rules
from quenotte.upkeep.guard.facts import Compared
from quenotte.upkeep.guard.models import Anomaly, Declaration, Look

#: Good copies whose counts are remembered, and nights whose growth is.
_REMEMBERED = 30
#: Good copies of each place that stay remembered, however old.
_LASTING: Final = 12
#: What claims to be later than that is of a clock that was ahead: nothing is compared with it.
_LENIENCE: Final = timedelta(minutes=5)
#: What an anomaly is called in the journal of accesses.
KIND: Final = "anomaly"
_PURPOSE: Final = b"quenotte guard declaration 1"


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


def closed_anomalies() -> QuerySet[Anomaly]:
    """Return the anomalies that are closed, the newest first."""
    return Anomaly.objects.filter(closed_at__isnull=False)


def is_closing_told(anomaly: Anomaly) -> bool:
    """Tell whether the journal of accesses, whose lines nobody can forge, knows of a closing.

    By whom it was closed and how it ended are held against the line.
    """
    return any(
        (line.person_id, line.detail.get("state")) == (anomaly.closed_by_id, anomaly.ending)
        for line in audit.changes_by_people(KIND, str(anomaly.id))[:1]
    )


def is_released(anomaly: Anomaly | None) -> bool:
    """Tell whether a person said that the copies of an anomaly are good."""
    if anomaly is None or anomaly.ending != Anomaly.Ending.EXPECTED:
        return False
    return is_closing_told(anomaly)


def accepted_elsewhere(look: Look) -> Look | None:
    """Return the newest copy of another place that a person accepted after a good copy was made.

    What she said of the rows is true of all places: the database is the same.
    """
    others = all_good_looks().exclude(destination_id=look.destination_id)
    meant = others.filter(at__gt=look.at, anomaly__ending=Anomaly.Ending.EXPECTED)
    newest = meant.select_related("anomaly").first()
    return newest if newest is not None and is_released(newest.anomaly) else None


def erased_anomalies() -> dict[UUID, datetime]:
    """Return the open anomalies that the database lost, with the moment at which each was raised.

    The journal of accesses saw them raised, and nobody close them.
    """
    there = {str(one) for one in Anomaly.objects.order_by().values_list("pk", flat=True)}
    found: dict[UUID, datetime] = {}
    for line in audit.made_unasked(KIND).exclude(object_id__in=there):
        if audit.is_sealed(line) and not audit.changes_by_people(KIND, line.object_id):
            found.setdefault(UUID(line.object_id), line.at)
    return found


def looks_since(moment: datetime) -> list[UUID]:
    """Return the looks from a moment on, and of each place the last one before it."""
    later = Look.objects.filter(at__gte=moment).values_list("pk", flat=True)
    before = Look.objects.filter(at__lt=moment).order_by("destination_id", "at")
    last = dict(before.values_list("destination_id", "pk"))
    return [*later, *last.values()]


def last_good(destination_id: UUID) -> Look | None:
    """Return the last good copy of a destination."""
    return good_looks(destination_id).first()


def good_looks(destination_id: UUID) -> QuerySet[Look]:
    """Return the good copies of a destination, the newest first; none of the future."""
    return all_good_looks().filter(destination_id=destination_id)


def all_good_looks() -> QuerySet[Look]:
    """Return the good copies of all destinations, the newest first; none of the future."""
    return Look.objects.filter(is_good=True, at__lte=timezone.now() + _LENIENCE)


def old_looks(before: datetime) -> QuerySet[Look]:
    """Return the looks that are of no use any more, from before a moment (aware).

    The last good ones of each place stay: a clock that jumped must not make the guard forget.
    """
    places = all_good_looks().order_by().values_list("destination_id", flat=True).distinct()
    lasting = [
        look_id
        for place in places
        for look_id in good_looks(place).values_list("pk", flat=True)[:_LASTING]
    ]
    return Look.objects.filter(at__lt=before, anomaly=None).exclude(pk__in=lasting)


def compared() -> Compared:
    """Return which rows of the newest good copy were compared one by one; all before there is one.

    Copies of a former release said nothing of it.
    """
    newest = all_good_looks().first()
    told = newest.picture.get("compared") if newest else None
    return Compared(told) if told else Compared.ALL


def canaries_remembered() -> set[str]:
    """Return what the newest copies of all places remember of canaries (`planting.mark`)."""
    pictures = Look.objects.values_list("picture", flat=True)[:_REMEMBERED]
    return {str(one) for picture in pictures for one in picture.get("canaries", ())}


def known(destination_id: UUID, declared: Sequence[rules.Declared]) -> rules.Known:
    """Return what is known of a destination besides two copies.

    What a person accepted is not held against the copies that follow: counts from before it are
    forgotten. So are those of a table from before it was emptied on purpose.
    """
    looks = good_looks(destination_id)
    since = _accepted_at(destination_id)
    recent = looks.filter(at__gte=since) if since else looks
    counts = [(one.at, one.picture.get("rows", {})) for one in recent[:_REMEMBERED]]
    nights = looks.filter(is_night=True).values_list("added_bytes", flat=True)[:_REMEMBERED]
    purges = notes(counts[-1][0], counts[0][0]) if counts else []
    return rules.Known(
        peaks=rules.peaks_of(rules.without_purged(counts, purges)),
        breathing=rules.BREATHING,
        nights=list(nights),
        declared=declared,
    )


def notes(since: datetime, until: datetime) -> list[rules.Declared]:
    """Return the genuine notes of what changed much at any moment between two (aware)."""
    found = Declaration.objects.filter(begun_at__lte=until, ended_at__gt=since)
    return rules.genuine((one.facts for one in found), signing_key())


def announced(now: datetime) -> QuerySet[Declaration]:
    """Return what people announced and that is not over, the next one first."""
    found = Declaration.objects.filter(person__isnull=False, ended_at__gt=now)
    return found.select_related("person").order_by("begun_at")


def declaration(declaration_id: UUID) -> Declaration | None:
    """Return something that a person announced."""
    return Declaration.objects.filter(pk=declaration_id, person__isnull=False).first()


def doubted(destination_id: UUID) -> QuerySet[Look, str]:
    """Return the snapshots of a destination that wait in quarantine."""
    looks = Look.objects.filter(destination_id=destination_id, is_good=False)
    return looks.order_by().values_list("snapshot_id", flat=True)


def set_aside(*, limit: int = 10) -> list[Look]:
    """Return the copies that wait in quarantine, the newest first."""
    return list(Look.objects.filter(is_good=False).select_related("destination")[:limit])


def signing_key() -> bytes:
    """Return the key that signs the notes: it does not lie in the database that they explain."""
    return hmac.digest(settings.AUDIT_KEY.encode("ascii"), _PURPOSE, hashlib.sha256)


def _accepted_at(destination_id: UUID) -> datetime | None:
    accepted = Look.objects.filter(
        destination_id=destination_id,
        anomaly__ending=Anomaly.Ending.EXPECTED,
        at__lte=timezone.now() + _LENIENCE,
    )
    found: datetime | None = accepted.aggregate(last=Max("at"))["last"]
    return found
