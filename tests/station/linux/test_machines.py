"""Which machine it is, its disks and what is plugged: files of a folder."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from quenotte.kernel.posture.facts import Unknown
from quenotte.station.collectors.linux import (
    disks,
    media,
    system,
)
from quenotte.station.collectors.machines import Said
from tests.station.fakes import FakeMachine, counts, gathered

pytestmark = pytest.mark.one_engine


def test_machine_is_told_by_its_board(machine: FakeMachine) -> None:
    machine.write("/sys/class/dmi/id/product_uuid", "4C4C4544-0042-3510-8056-B4C04F4E4A33\n")
    machine.write("/sys/class/dmi/id/product_serial", "B5V8NJ3\n")
    machine.write("/sys/class/dmi/id/sys_vendor", "LENOVO\n")
    machine.write("/sys/class/dmi/id/product_name", "ThinkCentre M70q\n")
    found = gathered(system.look_at_machine, machine)
    assert found["machine.uuid"] == "4c4c4544-0042-3510-8056-b4c04f4e4a33"
    assert found["machine.serial"] == "B5V8NJ3"
    assert found["machine.model"] == "LENOVO ThinkCentre M70q"
    assert found["machine.memory_mib"] == 8192


def test_machine_without_a_board_has_no_such_thing(machine: FakeMachine) -> None:
    found = gathered(system.look_at_machine, machine)
    assert found["machine.serial"] is Unknown.NO_SUCH_THING
    assert found["machine.model"] is Unknown.NO_SUCH_THING


def test_serial_that_is_for_root_alone_is_not_readable(
    machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def text(path: str) -> str | None:
        if path.endswith("serial"):
            raise PermissionError
        return None

    monkeypatch.setattr(machine, "text", text)
    found = gathered(system.look_at_machine, machine)
    assert found["machine.serial"] is Unknown.NOT_READABLE


@pytest.mark.parametrize(
    ("case", "is_server"), [("17", True), ("3", False), ("2", Unknown.NO_SUCH_THING)]
)
def test_case_says_whether_it_is_a_server(
    machine: FakeMachine, case: str, is_server: object
) -> None:
    machine.write("/etc/os-release", 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n')
    machine.write("/sys/class/dmi/id/chassis_type", f"{case}\n")
    found = gathered(system.look_at_system, machine)
    assert (found["os.name"], found["os.version"]) == ("Debian GNU/Linux", "12")
    assert found["machine.is_server"] == is_server


def _disk(machine: FakeMachine, name: str, where: str, **files: str) -> None:
    """Lay a whole disk as the kernel shows one: its folder by its bus, and a link to it."""
    folder = machine.place(f"/sys/devices/{where}/block/{name}")
    folder.mkdir(parents=True)
    machine.place("/sys/block").mkdir(parents=True, exist_ok=True)
    machine.place("/sys/class/block").mkdir(parents=True, exist_ok=True)
    machine.place(f"/sys/block/{name}").symlink_to(folder)
    machine.place(f"/sys/class/block/{name}").symlink_to(folder)
    (folder.parent.parent / "here").mkdir(exist_ok=True)
    (folder / "device").symlink_to(folder.parent.parent / "here")
    machine.write(f"/sys/block/{name}/size", "1000\n")
    for path, text in files.items():
        machine.write(f"/sys/block/{name}/{path.replace('__', '/')}", f"{text}\n")


def _part(machine: FakeMachine, disk: str, name: str) -> None:
    folder = machine.place(f"/sys/block/{disk}").resolve() / name
    folder.mkdir()
    (folder / "partition").write_text("1\n")
    machine.place(f"/sys/class/block/{name}").symlink_to(folder)


def _mapping(machine: FakeMachine, name: str, uuid: str, *slaves: str) -> None:
    machine.write(f"/sys/class/block/{name}/dm/uuid", f"{uuid}\n")
    for one in slaves:
        machine.place(f"/sys/class/block/{name}/slaves/{one}").mkdir(parents=True)


def _mounted(*rows: tuple[str, str, str]) -> Any:
    found = [
        SimpleNamespace(device=device, mountpoint=mount, fstype=fstype)
        for device, mount, fstype in rows
    ]
    return counts(disk_partitions=lambda all: found)  # noqa: A006


@pytest.fixture
def laptop(machine: FakeMachine) -> FakeMachine:
    """A laptop: LUKS under LVM on NVMe, a plain disk beside it, a stick, a disk on USB, a card."""
    _disk(machine, "nvme0n1", "pci0000:00/nvme/nvme0", device__model="Samsung SSD 980")
    _part(machine, "nvme0n1", "nvme0n1p1")
    _part(machine, "nvme0n1", "nvme0n1p3")
    _mapping(machine, "dm-0", "CRYPT-LUKS2-aa-luks-dupont", "nvme0n1p3")
    _mapping(machine, "dm-1", "LVM-bb", "dm-0")
    _disk(machine, "sda", "pci0000:00/ata1", device__model="ST1000DM010", device__vendor="ATA")
    _part(machine, "sda", "sda1")
    _disk(machine, "sdb", "pci0000:00/usb2/2-1/2-1:1.0", device__model="Elements 25A2",
          device__vendor="WD", dev="8:16", removable="0")  # fmt: skip
    _part(machine, "sdb", "sdb1")
    _disk(machine, "sdc", "pci0000:00/usb2/2-2/2-2:1.0", removable="1",
          device__model="DataTraveler", device__vendor="Kingston")  # fmt: skip
    _disk(machine, "mmcblk0", "platform/sdhci", device__type="SD")
    _disk(machine, "sr0", "pci0000:00/ata2", removable="1")
    for name in ("dm-0", "dm-1", "nvme0n1p1", "sda1", "sdb1"):
        machine.write(f"/dev/{name}", "")
    (machine.place("/dev/mapper")).mkdir()
    machine.place("/dev/mapper/vg-dupont").symlink_to("../dm-1")
    machine.counts = _mounted(
        ("/dev/mapper/vg-dupont", "/", "ext4"),
        ("/dev/nvme0n1p1", "/boot/efi", "vfat"),
        ("/dev/sda1", "/srv/dupont-jeanne", "ext4"),
        ("/dev/sdb1", "/media/jeanne/DUPONT", "ext4"),
        ("/dev/loop3", "/snap/core/1", "squashfs"),
    )
    machine.write("/media/jeanne/DUPONT/QUENOTTE/disque.json", "{}")
    machine.write("/run/udev/data/b8:16", "S:disk/by-id/usb-WD\nI:1800000000\nE:ID_BUS=usb\n")
    return machine


def test_encryption_is_seen_through_what_lies_between(laptop: FakeMachine) -> None:
    rows = {row["name"]: row for row in gathered(disks.look_at_disks, laptop)["disks"]}
    assert set(rows) == {"dm-1", "sda1"}
    assert (rows["dm-1"]["is_encrypted"], rows["dm-1"]["is_system"]) == (True, True)
    assert (rows["sda1"]["is_encrypted"], rows["sda1"]["mount"]) == (False, "/srv/…")
    assert rows["sda1"]["free_mib"] == 40960


def test_nothing_of_people_is_in_the_names_of_disks(laptop: FakeMachine) -> None:
    told = json.dumps(
        [gathered(one, laptop) for one in (disks.look_at_disks, media.look_at_media)]
    ).lower()
    assert "dupont" not in told
    assert "jeanne" not in told


def test_what_is_plugged_is_told_by_its_maker_and_ours_by_its_mark(laptop: FakeMachine) -> None:
    rows = {row["name"]: row for row in gathered(media.look_at_media, laptop)["media.plugged"]}
    assert {name: row["kind"] for name, row in rows.items()} == {
        "Quenotte (WD Elements 25A2)": "disk",
        "Kingston DataTraveler": "stick",
        "usb": "card",
    }
    # An hour since the start, of which udev had counted half.
    assert rows["Quenotte (WD Elements 25A2)"]["since"] == "2026-11-18T09:00:00Z"
    assert rows["Kingston DataTraveler"]["since"] is None


def test_machine_without_a_disk_of_its_own(machine: FakeMachine) -> None:
    assert gathered(disks.look_at_disks, machine)["disks"] is Unknown.NO_SUCH_THING
    assert gathered(disks.look_at_health, machine)["disks.health"] is Unknown.NO_SUCH_THING


@pytest.mark.parametrize(
    ("said", "is_healthy"),
    [
        ('{"smart_status":{"passed":true}}', True),
        ('{"smart_status":{"passed":false}}', False),
        ('{"smartctl":{"exit_status":2}}', None),
        ("Permission denied", None),
    ],
)
def test_health_is_what_smartctl_says(
    laptop: FakeMachine, said: str, is_healthy: bool | None
) -> None:
    laptop.answers["smartctl"] = Said(0, said)
    rows = {row["name"]: row for row in gathered(disks.look_at_health, laptop)["disks.health"]}
    assert set(rows) == {"Samsung SSD 980", "ST1000DM010"}
    assert rows["ST1000DM010"]["is_healthy"] is is_healthy
