"""What the DICOM listener calls: from the device's last byte to our answer."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import DatabaseError, close_old_connections, connections, transaction
from django.utils import timezone

from quenotte.base.files import operations as files
from quenotte.care.imaging import queries
from quenotte.care.imaging.operations.arrivals import (
    Incoming,
    NoPractice,
    Result,
    receive,
    sweep_pending,
)
from quenotte.care.imaging.operations.equipment import device_seen
from quenotte.care.imaging.operations.refusals import Refusals
from quenotte.care.imaging.operations.thumbnails import draw_soon
from quenotte.devices.dicom.listener import Received, Sender, Status
from quenotte.devices.dicom.parts import Refused
from quenotte.kernel.errors import Refusal

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

#: Objects written at the same time; each thread keeps one connection to the database.
_WRITERS = 4
#: What a thread waits for the others before it leaves, in seconds.
_LEAVE_S = 2.0


class PictureHandler:
    """Receives for every practice of the database.

    The listener starts a thread for each association; a few threads of ours do the writing,
    so that database connections stay few and warm however often a device calls.
    """

    def __init__(self) -> None:
        self._writers = ThreadPoolExecutor(_WRITERS, thread_name_prefix="arrival")
        self._drawers = ThreadPoolExecutor(1, thread_name_prefix="thumbnail")
        self._closing = threading.Event()
        self._refusals = Refusals()
        # What an earlier process was killed over; nothing newer, it may be under way.
        self._in_writer(_sweep, time.time())

    def admit(self, sender: Sender) -> bool:
        """Tell that anybody may send: an unknown device fills the tray, never a record.

        A refused association is a picture that stays in a machine nobody looks at.
        """
        return True

    def has_room(self) -> bool:
        """Tell whether the disk is above its floor."""
        return files.has_room()

    def receive(self, received: Received) -> Status:
        """Keep one whole object; « success » means synchronised bytes and a committed row."""
        incoming = Incoming(
            path=received.path,
            calling_ae=received.sender.calling_ae,
            address=received.sender.address,
            sop_class_uid=received.sop_class_uid,
            sop_instance_uid=received.sop_instance_uid,
            received_at=received.received_at,
        )
        try:
            outcome = self._in_writer(receive, incoming).result()
        except (files.NoRoom, NoPractice, DatabaseError) as error:
            logger.error("object not answered with success: %s", type(error).__name__)
            if isinstance(error, files.NoRoom):
                # What was kept aside for the others leaves its line when it is taken in late.
                self.refused(received.sender, Refused.NO_ROOM)
            return Status.OUT_OF_RESOURCES
        if outcome.result is Result.QUARANTINE:
            return Status.CANNOT_UNDERSTAND
        self._drawers.submit(self._draw, outcome.picture_id)
        return Status.SUCCESS

    def refused(self, sender: Sender, reason: Refused) -> None:
        """Leave a line: somebody must free the disk, or look at what this device sends."""
        self._in_writer(self._refusals.note, sender.calling_ae, reason.name.lower()).result()

    def echoed(self, sender: Sender) -> None:
        """Note that a device asked whether we are there: it then shows on its page."""
        self._in_writer(_note_echo, sender).result()

    def close(self) -> None:
        """Let what is under way finish; thumbnails not begun are left to the job."""
        self._closing.set()
        for pool, size in ((self._writers, _WRITERS), (self._drawers, 1)):
            _close_connections(pool, size)
            pool.shutdown(wait=True)

    def _draw(self, picture_id: UUID) -> None:
        if not self._closing.is_set():
            _with_connection(draw_soon, picture_id)

    def _in_writer(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        return self._writers.submit(lambda: _with_connection(work, *args, **kwargs))


def _with_connection(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()
    try:
        return work(*args, **kwargs)
    finally:
        close_old_connections()


def _close_connections(pool: ThreadPoolExecutor, size: int) -> None:
    """Let each thread of a pool close its own connection: nobody else may."""
    together = threading.Barrier(size)

    def leave() -> None:
        # Waiting for each other is what gives each thread exactly one of these.
        with contextlib.suppress(threading.BrokenBarrierError):
            together.wait(_LEAVE_S)
        connections.close_all()

    for _each in range(size):
        pool.submit(leave)


def _sweep(before: float) -> None:
    try:
        sweep_pending(before=before)
    except (Refusal, DatabaseError, OSError) as error:
        logger.warning("pending objects left to the job: %s", type(error).__name__)


@transaction.atomic
def _note_echo(sender: Sender) -> None:
    practice = queries.practice_of(sender.calling_ae)
    if practice is not None:
        device_seen(practice, sender.calling_ae, address=sender.address, at=timezone.now())
