"""One practice at which a part of the look fails does not keep the others: noted, and gone around.

What fails is tried again later; until it succeeds the page of the morning says so.
"""

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from quenotte.provider.fleet.models import Stumble

logger = logging.getLogger(__name__)

T = TypeVar("T")
#: Whoever failed is left in peace for so long.
_REST: Final = timedelta(minutes=5)


class Part(StrEnum):
    """Which part of the look failed. Values are stored."""

    RULES = "rules"
    SILENCE = "silence"
    COPIES = "copies"
    #: Copies of which nobody tells.
    UNTOLD = "untold"
    #: Licences that it bought.
    PAPERS = "papers"
    WINDOW = "window"
    INCIDENTS = "incidents"
    STORM = "storm"


def apart(
    ids: Collection[UUID],
    work: Callable[[Collection[UUID]], list[T]],
    failed: Callable[[UUID, Exception], None],
) -> list[T]:
    """Do a work on all together; where it fails, on ever smaller parts, and go around who fails.

    Each part is done whole or not at all. Raises: OperationalError, InterfaceError, for then the
    database itself does not answer.
    """
    if not ids:
        return []
    try:
        with transaction.atomic():
            return work(ids)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - one practice must not keep the others
        ordered = sorted(ids)
        if len(ordered) == 1:
            failed(ordered[0], error)
            return []
    half = len(ordered) // 2
    return [*apart(ordered[:half], work, failed), *apart(ordered[half:], work, failed)]


def stumbled(
    part: Part, customer_id: UUID, error: Exception, *, now: datetime, subject: UUID | None = None
) -> None:
    """Note that a part of the look failed at a practice, or at one machine of it (``subject``)."""
    # What was found is not logged: which machine or practice it is, and the kind of the error.
    where = f"machine {subject}" if subject else f"practice {customer_id}"
    logger.error("%s fail on %s: %s", part, where, type(error).__name__)
    Stumble.objects.bulk_create(
        [
            Stumble(
                customer_id=customer_id, part=part, subject=str(subject or ""), since=now, at=now,
                error=type(error).__name__[:60],
            )
        ],
        update_conflicts=True,
        unique_fields=["customer", "part", "subject"],
        update_fields=["at", "error"],
    )  # fmt: skip


def went_well(
    part: Part, *, customer_ids: Iterable[UUID] = (), subjects: Iterable[UUID] = ()
) -> None:
    """Forget that a part failed at practices, or at machines: it succeeded."""
    noted = Stumble.objects.filter(part=part)
    if not noted.exists():
        return
    noted.filter(customer_id__in=list(customer_ids), subject="").delete()
    noted.filter(subject__in=list(map(str, subjects))).delete()


def forget_stumbles(subjects: Iterable[UUID]) -> None:
    """Forget all that failed at machines that are believed no more: nobody looks at them again."""
    Stumble.objects.filter(subject__in=list(map(str, subjects))).delete()


def nothing_left(part: Part, *, but: Collection[UUID]) -> None:
    """Forget that a part failed at practices where it has nothing to do any more, all ``but``."""
    noted = Stumble.objects.filter(part=part, subject="").values_list("customer_id", flat=True)
    went_well(part, customer_ids=set(noted) - set(but))


def resting(part: Part, now: datetime) -> set[UUID]:
    """Return the practices at which a part failed so lately that it is not tried again yet."""
    found = Stumble.objects.filter(part=part, at__gt=now - _REST)
    return set(found.values_list("customer_id", flat=True))
