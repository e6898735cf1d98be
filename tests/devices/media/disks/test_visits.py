"""Disks come, are recognised by what they are, and are written only when all is right."""

import json
from datetime import date
from hashlib import sha256

import pytest

from quenotte.devices.media import depots, programs
from quenotte.devices.media.carriers import Finding
from quenotte.devices.media.disks import markers
from quenotte.devices.media.disks.fake import FakeSystem
from quenotte.devices.media.disks.markers import NotOurs, Tampered
from quenotte.devices.media.disks.system import (
    Busy,
    CannotMount,
    Device,
    Linux,
    mounted_at,
    read_devices,
)
from quenotte.devices.media.disks.visits import (
    Disks,
    KeptOut,
    NoDisk,
    NotVerified,
    SeveralDisks,
)
from quenotte.devices.media.errors import MediaError
from quenotte.devices.media.sorts import Sort
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.mirroring import mirror
from tests.devices.media.files import a_repository

DAY = date(2026, 3, 17)


def nothing(_folder) -> list[Finding]:
    return []


@pytest.fixture
def disk(system, disks) -> Device:
    device = system.plug("1111-aaaa")
    disks.enrol(device, "A", "Cabinet des Lilas", made_on=DAY)
    system.steps.clear()
    return device


def test_a_visit_is_the_whole_round(system, disks, disk):
    marker = disks.visit(disk, lambda folder: (folder / "x").write_bytes(b"1") and None, nothing)
    assert marker.letter == "A"
    assert system.steps == ["ro", "unmount", "rw", "unmount", "ro", "unmount"]
    marker, findings = disks.look(disk, nothing)
    assert (marker.practice, findings) == ("Cabinet des Lilas", [])


def test_a_disk_is_not_powered_down_behind_the_alarm(tmp_path, monkeypatch):
    """Powered down it would leave the bus, and no look would find it in its port."""
    asked = []
    fake = FakeSystem(tmp_path / "machine")
    device = fake.plug("1111-aaaa")
    system = Linux()
    monkeypatch.setattr(system, "mount", fake.mount)
    monkeypatch.setattr(system, "unmount", fake.unmount)
    monkeypatch.setattr(programs, "run", lambda *words, **_more: asked.append(words[0]))
    disks = Disks(system, bytes(32))
    disks.enrol(device, "A", "Cabinet des Lilas", made_on=DAY)
    disks.visit(device, lambda _folder: None, nothing)
    disks.look(device, nothing)
    assert asked == []


def test_a_repository_is_mirrored_and_a_flipped_byte_is_found(system, disks, disk, tmp_path):
    source = a_repository(tmp_path / "source")

    def work(folder):
        assert mirror(source, FolderStore(folder / depots.FOLDER)).files == 3

    def look(folder):
        return depots.look(FolderStore(folder / depots.FOLDER), depots.listed(source))

    disks.visit(disk, work, look)
    depot = system.content(disk.uuid) / markers.FOLDER / depots.FOLDER
    victim = next(path for path in (depot / "data").rglob("*") if path.is_file())
    victim.write_bytes(b"!" + victim.read_bytes()[1:])
    (depot / "snapshots" / next(source.names("snapshots"))[0]).unlink()
    _marker, findings = disks.look(disk, look)
    assert [one.sort for one in findings] == [Sort.CHANGED, Sort.ABSENT]
    with pytest.raises(NotVerified) as told:
        disks.visit(disk, work_nothing, look)
    assert told.value.findings == findings
    # A config that was lost, or that of another repository.
    (depot / "config").unlink()
    assert Finding(Sort.ABSENT, "config") in disks.look(disk, look)[1]
    (depot / "config").write_bytes(b"other")
    assert Finding(Sort.CHANGED, "config") in disks.look(disk, look)[1]


def test_copy_that_comes_while_a_disk_is_written_and_read_condemns_none(
    disks, disk, tmp_path, monkeypatch
):
    source = a_repository(tmp_path / "source")
    wanted = depots.listed(source)
    names = FolderStore.names

    def growing(store, kind):
        found = list(names(store, kind))
        if kind == "data" and store.path == source.path:
            # A whole copy arrives once the packs were listed.
            source.put("data", sha256(b"pack").hexdigest(), b"pack")
            source.put("snapshots", sha256(b"later").hexdigest(), b"later")
        return iter(found)

    def work(folder):
        with monkeypatch.context() as patched:
            patched.setattr(FolderStore, "names", growing)
            mirror(source, FolderStore(folder / depots.FOLDER))
        there = {name for name, _size in FolderStore(folder / depots.FOLDER).names("snapshots")}
        # No snapshot goes to a disk without what it needs.
        assert sha256(b"later").hexdigest() not in there

    def look(folder):
        return depots.look(FolderStore(folder / depots.FOLDER), wanted)

    assert disks.visit(disk, work, look).letter == "A"
    (_marker, findings) = disks.look(
        disk, lambda folder: depots.look(FolderStore(folder / "depot"), depots.listed(source))
    )
    assert {one.sort for one in findings} == {Sort.ABSENT}


def work_nothing(_folder) -> None:
    return None


def test_files_gathered_from_media_are_a_repository(tmp_path):
    a_repository(tmp_path / "source")
    files = depots.files_of(tmp_path / "source")
    assert [name.split("/")[0] for name, _path in files] == [
        "config", "keys", "data", "index", "snapshots",
    ]  # fmt: skip
    given = dict(files)

    def get(name, target):
        target.write_bytes(given[name].read_bytes())

    back = tmp_path / "back"
    assert depots.gather([*given], get, back) == 5
    assert depots.gather([*given], get, back) == 0
    assert depots.look(FolderStore(back), depots.listed(FolderStore(tmp_path / "source"))) == []


class TestRecognised:
    def test_never_by_letter(self, system, disks, disk):
        assert disks.only({disk.uuid}) == disk
        with pytest.raises(NoDisk, match="disque B"):
            disks.only({"another"}, "B")
        other = system.plug("2222-bbbb")
        with pytest.raises(SeveralDisks):
            disks.only({disk.uuid, other.uuid})
        # A stranger's disk under a letter of ours is a stranger's.
        with pytest.raises(NotOurs):
            disks.visit(other, work_nothing, nothing)

    def test_a_copied_or_rewritten_marker_is_refused(self, system, disks, disk):
        marker = system.content(disk.uuid) / markers.FOLDER / markers.NAME
        other = system.plug("2222-bbbb")
        copy = system.content(other.uuid) / markers.FOLDER / markers.NAME
        copy.parent.mkdir()
        copy.write_bytes(marker.read_bytes())
        with pytest.raises(Tampered):
            disks.look(other, nothing)
        said = json.loads(marker.read_bytes())
        for change in ({"letter": "B"}, {"signature": "00"}, {"practice": None}):
            marker.write_text(json.dumps(said | change))
            with pytest.raises(Tampered):
                disks.look(disk, nothing)
        marker.write_bytes(b"junk")
        with pytest.raises(Tampered):
            disks.visit(disk, work_nothing, nothing)

    def test_another_installation(self, system, disk):
        with pytest.raises(NotOurs):
            Disks(system, bytes(32)).look(disk, nothing)


class TestRefused:
    def test_while_an_anomaly_is_open_it_is_not_even_mounted(self, system, disks, disk):
        with pytest.raises(KeptOut, match="ne branchez pas"):
            disks.visit(disk, work_nothing, nothing, is_anomaly_open=True)
        assert system.steps == []

    def test_a_busy_or_vanished_disk(self, system, disks, disk):
        system.held.add(disk.uuid)
        with pytest.raises(Busy):
            disks.visit(disk, work_nothing, nothing)
        system.held.clear()
        system.unplug(disk.uuid)
        with pytest.raises(CannotMount):
            disks.visit(disk, work_nothing, nothing)

    def test_a_full_disk_ends_unmounted(self, system, disks, disk):
        def full(_folder):
            raise OSError(28, "no room")

        with pytest.raises(MediaError, match="plein"):
            disks.visit(disk, full, nothing)
        assert system.steps == ["ro", "unmount", "rw", "unmount"]


def test_what_blkid_and_the_table_of_mounts_say():
    said = (
        "DEVNAME=/dev/sdb1\nLABEL=QUENOTTE=A\nUUID=1111-aaaa\nTYPE=ext4\n\n"
        "DEVNAME=/dev/sdc1\nTYPE=ext4\n\nDEVNAME=/dev/sr0\nUUID=2026\nTYPE=iso9660\n"
    )
    assert [*read_devices(said)] == [Device("/dev/sdb1", "1111-aaaa", "ext4")]
    table = "/dev/sdb1 /media/mon\\040disque ext4 rw 0 0\nproc /proc proc rw 0 0\n"
    assert [str(one) for one in mounted_at(table, "/dev/sdb1")] == ["/media/mon disque"]
    assert mounted_at(table, "/dev/sdz1") == []
