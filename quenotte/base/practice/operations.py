"""What changes about a practice."""

from uuid import UUID

from django.db.models import F

from quenotte.base.practice.models import Practice


def draw_file_number(practice_id: UUID) -> int:
    """Return the next file number; never the same twice. Call inside a transaction.

    The row of the practice stays locked until the transaction ends, so that a patient who
    is not saved after all gives her number back.
    """
    Practice.objects.filter(id=practice_id).update(last_file_number=F("last_file_number") + 1)
    return Practice.objects.values_list("last_file_number", flat=True).get(id=practice_id)
