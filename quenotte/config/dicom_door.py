"""Joins the DICOM port of ``devices`` to what ``care`` does with a picture."""

import contextlib
from collections.abc import Iterator

from django.conf import settings

from quenotte.care.imaging.operations.handler import PictureHandler
from quenotte.devices.dicom.listener import Listener

#: What running associations are given to finish, in seconds.
STOP_S = 3.0


@contextlib.contextmanager
def opened(host: str, port: int) -> Iterator[Listener]:
    """Listen on ``host:port`` for as long as the block lasts.

    Raises: OSError when the port is taken.
    """
    handler = PictureHandler()
    listener = Listener(
        handler=handler,
        incoming=settings.DATA_DIR / "incoming" / "dicom",
        ae_title=settings.DICOM_AE_TITLE,
        host=host,
        port=port,
        max_object_bytes=settings.DICOM_MAX_OBJECT_BYTES,
    )
    # A folder of its own: what a killed listener left there is nobody else's.
    listener.sweep()
    listener.start()
    try:
        yield listener
    finally:
        listener.stop(timeout_s=STOP_S)
        handler.close()
