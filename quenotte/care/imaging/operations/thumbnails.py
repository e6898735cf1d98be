"""Thumbnails: drawn right after the device was answered, caught up by a job otherwise.

A device is never kept waiting for a drawing, and a dentist is never kept waiting for the
worker: the process that received the picture draws it at once in a thread of its own
(10 to 40 ms), because a trip through the job queue costs a poll and a start. What that
thread could not do (killed, disk full, database away) the job `catch_up` does later.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone

from quenotte.base.files import operations as files
from quenotte.care.imaging import queries
from quenotte.care.imaging.models import Picture
from quenotte.care.imaging.operations.registering import announce

logger = logging.getLogger(__name__)

#: Longest side of a thumbnail, in pixels.
SIDE_PX = 240
MEDIA_TYPE = "image/webp"
#: The receiving process has this long before the job does its work for it.
PATIENCE = timedelta(seconds=30)
_BATCH = 100


def draw_thumbnail(picture_id: UUID) -> bool:
    """Draw, keep and announce the thumbnail of a picture; tell whether it has one now.

    What cannot be drawn (a report, damaged pixels) is remembered and not tried again.

    Raises: NoRoom, DatabaseError: the job tries again later.
    """
    picture = Picture.objects.select_related("blob").get(id=picture_id)
    if picture.thumbnail_id or picture.is_thumbnail_impossible:
        return picture.thumbnail_id is not None
    drawing = _drawing(picture)
    kept = files.keep(drawing, media_type=MEDIA_TYPE) if drawing else None
    with transaction.atomic():
        Picture.objects.filter(id=picture_id).update(
            thumbnail=kept, is_thumbnail_impossible=kept is None
        )
        picture.refresh_from_db()
        announce(picture)
    return kept is not None


def catch_up() -> int:
    """Draw what is missing since more than ``PATIENCE``; return how many were drawn."""
    missing = queries.without_thumbnail(before=timezone.now() - PATIENCE, limit=_BATCH)
    return sum(draw_thumbnail(picture_id) for picture_id in missing)


def draw_soon(picture_id: UUID) -> None:
    """Draw a thumbnail without ever failing: the job catches up what did not work."""
    try:
        draw_thumbnail(picture_id)
    except (files.NoRoom, DatabaseError, OSError) as error:
        logger.warning("thumbnail left to the job: %s", type(error).__name__)


def _drawing(picture: Picture) -> bytes | None:
    # Decoders are heavy: a process loads them for its first picture, not at its start.
    from quenotte.devices.dicom.frames import thumbnail

    path = files.local_path(picture.blob)
    try:
        return thumbnail(path, side_px=SIDE_PX)
    except (MemoryError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - decoders of foreign bytes fail in many ways
        logger.info("picture that cannot be drawn: %s", type(error).__name__)
        return None
