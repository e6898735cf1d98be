"""What our own door says of itself: that it listens. From it is known when nobody did."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from quenotte.kernel.posture.hearing import AFTER
from quenotte.provider.fleet.models import Listening

#: No silence is counted from further back; older stretches go when a new one begins.
_KEPT: Final = timedelta(days=40)


@transaction.atomic
def attend(*, now: datetime) -> None:
    """Note that our door listens at this moment; where it did not for long, a stretch begins.

    What was noted by a clock that was ahead is forgotten.
    """
    Listening.objects.filter(begun_at__gt=now).delete()
    last = Listening.objects.select_for_update().order_by("begun_at", "id").last()
    if last is not None and now - last.last_at < AFTER:
        last.last_at = now
        last.save(update_fields=["last_at"])
        return
    if last is not None:
        # Counted from our own last word: a stop of months is a gap too, and a clock may leap.
        Listening.objects.filter(last_at__lt=last.last_at - _KEPT).delete()
    Listening.objects.create(begun_at=now, last_at=now)
