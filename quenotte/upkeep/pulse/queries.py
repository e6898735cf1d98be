"""Reading how the copies stand as it is told, whom it is told, and what was opened there."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from quenotte.upkeep.backups import queries as backups
from quenotte.upkeep.backups import rules as copies
from quenotte.upkeep.guard import queries as guard
from quenotte.upkeep.media import queries as media
from quenotte.upkeep.pulse import rules
from quenotte.upkeep.pulse.models import Opening, Pairing
from quenotte.wire.pulses import Pulse


def current(*, now: datetime | None = None) -> Pulse:
    """Return how the copies stand now: a light, codes and moments, and nothing else.

    What is doubted brings nothing back, and is not told as if it did.
    """
    now = timezone.localtime(now)
    status = backups.status(now=now)
    places = [*(one.facts for one in status.standings), *media.told(now).places]
    believed = [copies.believed(place, now) for place in places]
    held = [place for place in believed if not place.is_doubted]
    offline = [place for place in held if place.kind in copies.OFFLINE_KINDS]
    medium, medium_at = media.medium(now)
    return Pulse(
        sent_at=now,
        light=status.light.value,
        reasons=tuple(reason.value for reason in status.reasons),
        restorable_until=copies.newest(place.copied_to for place in held),
        proven_at=copies.newest(place.proven_at for place in held),
        offline_copied_at=copies.newest(place.copied_to for place in offline),
        medium=medium,
        medium_at=medium_at,
        has_anomaly=guard.is_alarmed(),
    )


def pairings() -> QuerySet[Pairing]:
    """Return every pairing that is in force."""
    return Pairing.objects.filter(ended_at=None)


def pairing(practice_id: UUID) -> Pairing | None:
    """Return the provider of a practice, None when nobody is told."""
    return pairings().filter(practice_id=practice_id).select_related("paired_by").first()


def openings(practice_id: UUID) -> QuerySet[Opening]:
    """Return what was opened of a practice by any provider it ever had, the newest first."""
    return Opening.objects.filter(pairing__practice_id=practice_id).select_related("pairing")


def openings_asked_after(one: Pairing) -> int:
    """Return the provider's number after which openings are asked for: the last ones come again.

    Two that came together may have been written in another order than they were numbered.
    """
    numbers = one.openings.order_by("-number").values_list("number", flat=True)
    return next(iter(numbers[rules.OVERLAP : rules.OVERLAP + 1]), 0)


def is_late(one: Pairing, now: datetime) -> bool:
    """Tell whether the provider has heard nothing for too long."""
    return rules.is_late(one.told_at, one.paired_at, now)
