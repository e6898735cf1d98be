"""Media by the programs that everybody has: a loop device, xorriso, par2, rclone, tar, restic."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from quenotte.devices.media import depots
from quenotte.devices.media.disks.fake import FakeSystem
from quenotte.devices.media.disks.markers import NotOurs
from quenotte.devices.media.disks.system import Device, Linux, System
from quenotte.devices.media.disks.visits import Disks
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.mirroring import mirror
from tests.devices.media.files import a_repository
from tests.support.programs import program

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]


def ran(*words: object) -> str:
    name, *rest = map(str, words)
    done = subprocess.run([program(name), *rest], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@dataclass
class Plugged:
    """Two disks in a machine that can mount them."""

    system: System
    ours: Device
    other: Device


def may_mount() -> bool:
    """Tell whether this account may make a loop device and mount it."""
    if os.geteuid() != 0:
        return False
    done = subprocess.run([program("losetup"), "-f"], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture
def plugged(tmp_path: Path) -> Iterator[Plugged]:
    """Loop devices with ext4 where the machine lets us, else folders that obey the same rules."""
    if not may_mount():
        fake = FakeSystem(tmp_path / "machine")
        yield Plugged(fake, fake.plug("1111"), fake.plug("2222"))
        return
    with contextlib.ExitStack() as unplugged:
        nodes = []
        for name in ("ours", "other"):
            image = tmp_path / f"{name}.img"
            with image.open("wb") as file:
                file.truncate(8 << 20)
            ran("mkfs.ext4", "-q", image)
            node = ran("losetup", "-f", "--show", image)
            unplugged.callback(ran, "losetup", "-d", node)
            nodes.append(node)
        system = Linux()
        known = {device.node: device for device in system.devices()}
        yield Plugged(system, *(known[node] for node in nodes))


def test_a_disk_is_written_and_read_back_after_a_remount(plugged, tmp_path):
    source = a_repository(tmp_path / "source", packs=3)
    disks = Disks(plugged.system, bytes(32))
    disks.enrol(plugged.ours, "A", "Cabinet des Lilas", made_on=date(2026, 3, 17))

    def work(folder: Path) -> None:
        mirror(source, FolderStore(folder / depots.FOLDER))

    seen = []

    def look(folder: Path):
        seen.append(folder)
        # Not even an administrator writes on what is mounted to be read.
        if isinstance(plugged.system, Linux):
            with pytest.raises(OSError, match="Read-only"):
                (folder / "written").touch()
        return depots.look(FolderStore(folder / depots.FOLDER), source)

    visit = disks.visit(plugged.ours, work, look)
    assert visit.marker.letter == "A"
    assert not any(folder.exists() for folder in seen)
    assert disks.look(plugged.ours, look)[1] == []
    with pytest.raises(NotOurs):
        disks.visit(plugged.other, work, look)
