"""What time alone does: windows begin and end, exemptions end, silences ripen."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.operations import Part
from quenotte.provider.incidents.models import Exemption, Incident, Window


def turn(*, now: datetime) -> None:
    """Have the practices looked at again whose incidents time alone changes."""
    over = Window.objects.filter(settled_at=None, ends_at__lte=now)
    ended = {window.id: window for window in over}
    fleet.nothing_left(Part.WINDOW, but={one.customer_id for one in ended.values()})

    def end(ids: Collection[UUID]) -> list[None]:
        for one in sorted(ids, key=lambda it: ended[it].ends_at):
            _end_window(ended[one], now)
            fleet.went_well(Part.WINDOW, customer_ids=[ended[one].customer_id])
        return []

    def failed(window_id: UUID, error: Exception) -> None:
        fleet.stumbled(Part.WINDOW, ended[window_id].customer_id, error, now=now)

    fleet.apart(ended, end, failed)
    with transaction.atomic():
        begun = Window.objects.filter(begun_at=None, starts_at__lte=now, ends_at__gt=now)
        touched = set(begun.values_list("customer_id", flat=True))
        begun.update(begun_at=now)
        ending = Exemption.objects.filter(ended_at=None, ends_at__lte=now)
        touched |= set(ending.values_list("customer_id", flat=True))
        ending.update(ended_at=now)
        touched |= _ripe(now)
        fleet.touch(touched, now=now)


@transaction.atomic
def _end_window(window: Window, now: datetime) -> None:
    """End a window once: what came within it has to be seen again, nothing of it is told now."""
    rows = Window.objects.filter(pk=window.pk, settled_at=None)
    if rows.update(settled_at=now):
        fleet.look_again(
            customer_id=window.customer_id,
            machine_id=window.machine_id,
            since=window.starts_at,
            now=now,
        )


def _ripe(now: datetime) -> set[UUID]:
    """Return practices whose silence is no part of a storm, or that were unstable and are well.

    Of several silences each has a moment of its own: the first may be told long since.
    """
    standing = Incident.objects.filter(closed_at=None, customer__isnull=False)
    is_ripe = Q(ripens_at__lte=now)
    found = standing.filter(is_ripe | Q(findings=0)).values_list("customer_id", flat=True)
    return {one for one in found if one is not None}
