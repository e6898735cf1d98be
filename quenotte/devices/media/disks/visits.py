"""One visit of a disk: looked at, written, read back after a remount, and let go.

Read-only and checked, then writable, written, fsynced and unmounted; then read-only again, and
verified: what is read then comes from the disk and not from what the machine remembers. It is not
powered down: one that stays in its port must be seen there, and told.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from pathlib import Path

from quenotte.devices.media import messages
from quenotte.devices.media.carriers import Finding
from quenotte.devices.media.disks import markers
from quenotte.devices.media.disks.markers import Marker
from quenotte.devices.media.disks.system import Device, System
from quenotte.devices.media.errors import MediaError, told

#: What is done with the folder of a mounted disk that is ours.
Work = Callable[[Path], None]
Look = Callable[[Path], Sequence[Finding]]


class NoDisk(MediaError):
    """None of our disks is plugged."""

    message = messages.NO_DISK

    def __init__(self, letter: str) -> None:
        super().__init__(next_step=messages.NO_DISK_NEXT.format(letter=letter or "A"))


class SeveralDisks(MediaError):
    """More than one of our disks is plugged: then none of them is out of reach."""

    message = messages.SEVERAL
    next_step = messages.SEVERAL_NEXT


class KeptOut(MediaError):
    """An anomaly is open: nothing is written on a disk."""

    message = messages.KEPT_OUT
    next_step = messages.KEPT_OUT_NEXT


class NotVerified(MediaError):
    """What was read back is not what was written."""

    message = messages.NOT_VERIFIED
    next_step = messages.NOT_VERIFIED_NEXT

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self.findings = findings


class Disks:
    """The disks of one installation. ``secret``: 32 bytes that sign their markers."""

    def __init__(self, system: System, secret: bytes) -> None:
        self._system, self._secret = system, secret

    def enrol(self, device: Device, letter: str, practice: str, *, made_on: date) -> Marker:
        """Make a disk one of ours: a marker is added, nothing on it is touched.

        Raises: MediaError.
        """
        marker = Marker(letter, device.uuid, practice, made_on.isoformat())
        self._system.free(device)
        with self._mounted(device, is_writable=True) as place, _plainly():
            (place / markers.FOLDER).mkdir(mode=0o700, exist_ok=True)
            _durably(place / markers.FOLDER / markers.NAME, markers.written(marker, self._secret))
        with self._mounted(device, is_writable=False) as place:
            return markers.found(place, device.uuid, self._secret)

    def plugged(self, known: Collection[str]) -> list[Device]:
        """Return the plugged disks whose filesystem is one that we know."""
        return [device for device in self._system.devices() if device.uuid in known]

    def only(self, known: Collection[str], next_letter: str = "") -> Device:
        """Return the one of our disks that is plugged. Raises: NoDisk, SeveralDisks."""
        plugged = self.plugged(known)
        if not plugged:
            raise NoDisk(next_letter)
        if len(plugged) > 1:
            raise SeveralDisks
        return plugged[0]

    def visit(
        self, device: Device, work: Work, look: Look, *, is_anomaly_open: bool = False
    ) -> Marker:
        """Do the whole round; ``look`` judges what is read back after ``work``.

        Raises: KeptOut, NotOurs, Tampered, Busy, CannotMount, NotVerified, and what ``work`` does.
        """
        if is_anomaly_open:
            raise KeptOut
        self._system.free(device)
        with self._mounted(device, is_writable=False) as place:
            marker = self._checked(place, device)
        with self._mounted(device, is_writable=True) as place:
            # It may have been exchanged between two mounts.
            self._checked(place, device)
            with _plainly():
                work(place / markers.FOLDER)
        with self._mounted(device, is_writable=False) as place:
            self._checked(place, device)
            if findings := look(place / markers.FOLDER):
                raise NotVerified(findings)
        return marker

    def look(self, device: Device, look: Look) -> tuple[Marker, Sequence[Finding]]:
        """Read a disk without writing to it. Raises: MediaError."""
        self._system.free(device)
        with self._mounted(device, is_writable=False) as place:
            marker = self._checked(place, device)
            findings = look(place / markers.FOLDER)
        return marker, findings

    def _checked(self, place: Path, device: Device) -> Marker:
        return markers.found(place, device.uuid, self._secret)

    @contextlib.contextmanager
    def _mounted(self, device: Device, *, is_writable: bool) -> Iterator[Path]:
        place = Path(tempfile.mkdtemp(prefix="quenotte-disk-"))
        try:
            self._system.mount(device, place, is_writable=is_writable)
            try:
                yield place
            finally:
                self._system.unmount(place)
        finally:
            # One that could not be unmounted keeps its place.
            with contextlib.suppress(OSError):
                place.rmdir()


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        told(error)


def _durably(path: Path, body: bytes) -> None:
    if path.exists() and path.read_bytes() == body:
        return
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
