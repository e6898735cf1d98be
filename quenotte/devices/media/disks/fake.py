"""A machine without disks: folders stand for filesystems, and the rules of mounting are held."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from quenotte.devices.media.disks.system import Busy, CannotMount, Device


class FakeSystem:
    """Disks as folders under one root, linked into the place where they are mounted.

    What is on a disk is seen only while it is mounted; mounted to read, it takes no write;
    what is mounted is not mounted again. ``steps`` tells what was asked, in order.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._plugged: dict[str, Device] = {}
        self._mounted: dict[Path, tuple[Device, bool]] = {}
        self.steps: list[str] = []
        #: UUIDs that some other program holds open.
        self.held: set[str] = set()

    def plug(self, uuid: str) -> Device:
        """Plug a disk in; it keeps what it held."""
        device = Device(f"/dev/fake{len(self._plugged)}", uuid, "ext4")
        (self._root / uuid).mkdir(parents=True, exist_ok=True)
        self._plugged[uuid] = device
        return device

    def unplug(self, uuid: str) -> None:
        """Pull a disk out."""
        del self._plugged[uuid]

    def content(self, uuid: str) -> Path:
        """Return what lies on a disk, for whoever tampers with it."""
        return self._root / uuid

    def devices(self) -> Sequence[Device]:
        """Return what is plugged."""
        return [*self._plugged.values()]

    def mount(self, device: Device, place: Path, *, is_writable: bool) -> None:
        """Show the disk at a place."""
        taken = any(one == device for one, _is_writable in self._mounted.values())
        if taken or device.uuid not in self._plugged or any(place.iterdir()):
            raise CannotMount
        self.steps.append("rw" if is_writable else "ro")
        self._mounted[place] = device, is_writable
        place.rmdir()
        place.symlink_to(self.content(device.uuid))
        if not is_writable:
            for path in _below(self.content(device.uuid)):
                path.chmod(path.stat().st_mode & ~0o222)

    def unmount(self, place: Path) -> None:
        """Take it away again."""
        device, is_writable = self._mounted[place]
        if device.uuid in self.held:
            raise Busy
        self.steps.append("unmount")
        del self._mounted[place]
        place.unlink()
        place.mkdir()
        if not is_writable:
            for path in _below(self.content(device.uuid)):
                path.chmod(path.stat().st_mode | 0o200)

    def free(self, device: Device) -> None:
        """Nothing mounts a fake by itself; one that is held stays so."""
        if device.uuid in self.held:
            raise Busy

    def forget(self, uuid: str) -> None:
        """Format a disk."""
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.content(uuid))


def _below(folder: Path) -> Iterator[Path]:
    yield folder
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield Path(where) / name
