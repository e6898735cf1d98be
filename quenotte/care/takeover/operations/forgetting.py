"""Erasing the predecessor's lines once they are in the records."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from quenotte.care.takeover.models import StagedRow

#: Lines stay readable for so long after their import was begun.
KEPT: Final = timedelta(days=90)


def forget_lines() -> int:
    """Erase the staged lines of old imports; return how many."""
    rows: Any = StagedRow.objects.filter(source__created_at__lt=timezone.now() - KEPT)
    ids = list(rows.values_list("id", flat=True))
    for start in range(0, len(ids), 500):
        some: Any = StagedRow.objects.filter(id__in=ids[start : start + 500])
        some._raw_delete(some.db)
    return len(ids)
