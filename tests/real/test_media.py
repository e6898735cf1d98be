"""Media by the programs that everybody has: a loop device, xorriso, par2, rclone, tar, restic."""

import contextlib
import os
import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from quenotte.devices.media import depots, programs
from quenotte.devices.media.carriers import Finding
from quenotte.devices.media.disks.fake import FakeSystem
from quenotte.devices.media.disks.markers import NotOurs
from quenotte.devices.media.disks.system import Device, Linux, System
from quenotte.devices.media.disks.visits import Disks
from quenotte.devices.media.errors import Absent, Declined, Otherwise
from quenotte.devices.media.optical import images
from quenotte.devices.media.optical.images import MisreadBurn
from quenotte.devices.media.optical.sets import DiscSets
from quenotte.devices.media.sorts import Sort
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
        return depots.look(FolderStore(folder / depots.FOLDER), depots.listed(source))

    marker = disks.visit(plugged.ours, work, look)
    assert marker.letter == "A"
    # What stays in its port is seen there.
    assert plugged.ours in plugged.system.devices()
    assert not any(folder.exists() for folder in seen)
    assert disks.look(plugged.ours, look)[1] == []
    with pytest.raises(NotOurs):
        disks.visit(plugged.other, work, look)


class TestDiscs:
    @pytest.fixture
    def files(self, tmp_path):
        folder = tmp_path / "given"
        folder.mkdir()
        dice = random.Random(4)
        made = []
        for name, size in [("config", 155), ("data/aa", 800_000), ("data/bb", 1_500_000)]:
            path = folder / name.replace("/", "-")
            path.write_bytes(dice.randbytes(size))
            made.append((name, path))
        return made

    def test_a_set_is_cut_read_back_repaired_and_joined(self, files, tmp_path):
        folder = tmp_path / "discs"
        folder.mkdir()
        sets = DiscSets(folder, capacity_bytes=2 << 20)
        made = sets.write(files, "2026-03")
        assert [path.name for path in made] == [
            "2026-03-01.iso",
            "2026-03-02.iso",
            "2026-03-03.iso",
        ]
        assert sets.verify() == []

        # Forty sectors in the middle of the first disc are gone.
        whole = made[0].read_bytes()
        body = bytearray(whole)
        middle = len(body) // 2 // 2048 * 2048
        body[middle : middle + 40 * 2048] = bytes(40 * 2048)
        made[0].write_bytes(body)
        again = DiscSets(folder)
        assert [str(one) for one in again.verify()] == ["Abîmé : 2026-03-01.iso: contenu/data/aa."]
        for name, path in files:
            target = tmp_path / "back"
            again.get(name, target)
            assert target.read_bytes() == path.read_bytes()
            target.unlink()

        # With a disc that is lost, what was on it is said, and the others still serve.
        made[2].unlink()
        rest = DiscSets(folder)
        assert Finding(Sort.ABSENT, "2026-03-03.iso") in rest.verify()
        assert rest.here() == ["config", "data/aa"]
        with pytest.raises(Absent):
            rest.get("data/bb", tmp_path / "back")
        rest.get("config", tmp_path / "back")

    def test_each_flipped_byte_of_a_disc_is_found(self, files, tmp_path):
        sets = DiscSets(tmp_path, capacity_bytes=2 << 20)
        (image,) = sets.write(files[:1], "S")
        whole = image.read_bytes()
        dice = random.Random(6)
        for place in [
            37_000,
            38_162,
            len(whole) - 1,
            *(dice.randrange(len(whole)) for _ in range(6)),
        ]:
            body = bytearray(whole)
            body[place] ^= 1 << dice.randrange(8)
            image.write_bytes(body)
            assert images.check(image), place

    def test_a_damaged_manifest_is_computed_again(self, files, tmp_path):
        (image,) = DiscSets(tmp_path, capacity_bytes=2 << 20).write(files[:1], "S")
        body = image.read_bytes()
        image.write_bytes(body.replace(b'"made_at"', b'"mode_at"', 1))
        assert [kept.name for kept in DiscSets(tmp_path).list()] == ["config"]
        image.write_bytes(bytes(len(body)))
        assert DiscSets(tmp_path).list() == []

    def test_a_burnt_disc_is_compared_with_its_image(self, files, tmp_path, monkeypatch):
        """The drive is a file: xorriso burns to it as to a drive."""
        folder = tmp_path / "discs"
        folder.mkdir()
        (image,) = DiscSets(folder, capacity_bytes=2 << 20).write(files[:1], "S")
        drive = tmp_path / "drive"
        drive.touch()
        images.burn(image, drive)
        assert images.check(drive) == []
        monkeypatch.setattr(programs, "run", lambda *_words: None)
        drive.write_bytes(b"!" + drive.read_bytes()[1:])
        with pytest.raises(MisreadBurn):
            images.burn(image, drive)
        with pytest.raises(MisreadBurn):
            images.burn(image, tmp_path / "none")

    def test_a_disc_without_checksums_proves_nothing(self, files, tmp_path):
        image = tmp_path / "plain.iso"
        ran("xorriso", "-outdev", f"stdio:{image}", "-map", files[0][1], "/config", "-commit")
        assert images.check(image) == [Finding(Sort.UNPROVEN, images.DISC)]
        # An empty name, or junk, is no disc at all.
        image.write_bytes(b"junk" * 100_000)
        assert [one.sort for one in images.check(image)] == [Sort.UNREADABLE]

    def test_a_set_is_a_carrier(self, files, tmp_path):
        folder = tmp_path / "discs"
        folder.mkdir()
        sets = DiscSets(folder, capacity_bytes=2 << 20)
        name, path = files[0]
        sets.put(name, path)
        sets.put(name, path)
        (kept,) = DiscSets(folder).list()
        assert kept.name == name
        assert sets.as_of(kept.put_at - timedelta(seconds=1)).list() == []
        with pytest.raises(Otherwise):
            sets.put(name, files[1][1])
        with pytest.raises(Declined):
            sets.as_of(kept.put_at).write(files, "T")
