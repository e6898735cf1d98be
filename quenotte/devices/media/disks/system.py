"""What is asked of the machine about disks: which are there, mount, unmount.

Everything that needs rights of an administrator is behind ``System``.
"""

import contextlib
import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from quenotte.devices.media import messages, programs
from quenotte.devices.media.errors import MediaError, ProgramFailed

#: Filesystems that hold file names of ours and keep what was fsynced.
_USABLE: Final = frozenset({"btrfs", "exfat", "ext3", "ext4", "f2fs", "ntfs", "vfat", "xfs"})
BY_UUID: Final = Path("/dev/disk/by-uuid")
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")


class CannotMount(MediaError):
    """The disk cannot be opened: rights, or damage."""

    message = messages.CANNOT_MOUNT
    next_step = messages.CANNOT_MOUNT_NEXT


class Busy(MediaError):
    """Another program uses the disk."""

    message = messages.BUSY
    next_step = messages.BUSY_NEXT


class NotPlugged(MediaError):
    """No filesystem is seen under that name."""

    message = messages.NOT_PLUGGED
    next_step = messages.NOT_PLUGGED_NEXT


@dataclass(frozen=True, slots=True)
class Device:
    """A filesystem on something plugged. ``node`` is its name of today (``/dev/sdb1``)."""

    node: str
    uuid: str
    kind: str


class System(Protocol):
    """The machine. Each method may raise MediaError."""

    def devices(self) -> Sequence[Device]:
        """Return the filesystems that can be seen, mounted or not."""
        ...

    def mount(self, device: Device, place: Path, *, is_writable: bool) -> None:
        """Mount at an empty folder. Raises: CannotMount."""
        ...

    def unmount(self, place: Path) -> None:
        """Let all reach the disk, and unmount. Raises: Busy."""
        ...

    def free(self, device: Device) -> None:
        """Unmount the device wherever a desktop mounted it by itself. Raises: Busy."""
        ...


def read_devices(said: str) -> Iterator[Device]:
    """Yield the filesystems that ``blkid -o export`` names, those without a UUID left out."""
    for block in said.split("\n\n"):
        facts = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        device = Device(facts.get("DEVNAME", ""), facts.get("UUID", ""), facts.get("TYPE", ""))
        if device.node and device.uuid and device.kind in _USABLE:
            yield device


def mounted_at(table: str, node: str) -> list[Path]:
    """Return where the table of mounts (``/proc/self/mounts``) has a device, newest last."""
    lines = (line.split(" ") for line in table.splitlines())
    return [Path(_unescaped(line[1])) for line in lines if _unescaped(line[0]) == node]


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), text)


def plugged(system: System, known: Collection[str], *, links: Path = BY_UUID) -> set[str] | None:
    """Return which filesystems (UUIDs) are plugged; None when nobody can tell.

    ``links``: where the machine links each of them for everybody. Without these and without the
    rights of an administrator no filesystem is seen, plugged or not.
    """
    devices: Sequence[Device] = ()
    with contextlib.suppress(MediaError):
        devices = system.devices()
    if not devices and not links.is_dir():
        return None
    linked = {uuid for uuid in known if (links / uuid).exists()}
    return linked | ({device.uuid for device in devices} & set(known))


class Linux:
    """A machine with ``blkid``, ``mount`` and ``umount``, asked as an administrator."""

    def devices(self) -> Sequence[Device]:
        """Ask blkid, past its cache: a disk that was unplugged a minute ago is gone."""
        # Code 2: nothing was found.
        done = programs.run("blkid", "-c", os.devnull, "-o", "export", allowed=(0, 2))
        return [*read_devices(done.stdout)]

    def mount(self, device: Device, place: Path, *, is_writable: bool) -> None:
        """Mount without programs, devices or other people's rights on it."""
        how = "rw" if is_writable else "ro"
        options = f"{how},nosuid,nodev,noexec"
        try:
            programs.run("mount", "-o", options, "--", device.node, str(place))
        except ProgramFailed as error:
            raise CannotMount from error

    def unmount(self, place: Path) -> None:
        """Sync, then unmount."""
        try:
            programs.run("umount", "--", str(place))
        except ProgramFailed as error:
            raise Busy from error

    def free(self, device: Device) -> None:
        """Unmount it where it is."""
        table = Path("/proc/self/mounts").read_text("utf-8", "replace")
        for place in reversed(mounted_at(table, device.node)):
            self.unmount(place)
