"""A support is a thing apart: folders of one disk count once, the practice's own not at all."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.people.models import Person
from quenotte.upkeep.backups import disks, operations, queries
from quenotte.upkeep.backups.disks import Seen
from quenotte.upkeep.backups.models import Copy, Destination
from quenotte.upkeep.backups.rules import Reason
from tests.factories import CopyFactory, DestinationFactory, ProofFactory
from tests.upkeep.conftest import PASSPHRASE

pytestmark = pytest.mark.django_db

OURS, USB, BOX = 1, 2, 3


@pytest.fixture
def lying(monkeypatch: pytest.MonkeyPatch, folder: Path) -> dict[Path, int]:
    """What lies on which disk: the data on one, all the rest on another unless a test says."""
    found: dict[Path, int] = {folder: OURS}

    def disk_of(path: Path) -> int:
        path.stat()
        return next((found[one] for one in (path, *path.parents) if one in found), USB)

    monkeypatch.setattr(disks, "disk_of", disk_of)
    return found


@pytest.fixture
def second(place: str, tmp_path: Path) -> str:
    """Another place that was prepared."""
    operations.init(str(tmp_path / "more"), PASSPHRASE)
    return str(tmp_path / "more")


def media() -> str:
    return queries.status().sentence.partition(", ")[2]


def test_two_folders_of_one_disk_are_one_support(place: str, second: str, lying: dict[Path, int]):
    operations.run(place)
    operations.run(second)
    assert media() == "pas encore prouvé, sur 1 support, aucun hors ligne."
    assert Reason.ALONE in queries.status().reasons


def test_two_folders_of_two_disks_are_two(place: str, second: str, lying: dict[Path, int]):
    lying[Path(second)] = BOX
    operations.run(place)
    operations.run(second)
    assert media() == "pas encore prouvé, sur 2 supports, aucun hors ligne."
    assert Reason.NOTHING_OFFSITE in queries.status().reasons


def test_one_disk_stays_one_when_it_is_unplugged(place: str, second: str, lying: dict[Path, int]):
    operations.run(place)
    operations.run(second)
    Path(place).rename(Path(place).with_name("drawer"))
    assert "sur 1 support," in media()


def test_folder_that_moved_to_another_disk_counts_from_its_next_copy_on(
    place: str, second: str, lying: dict[Path, int], frozen_clock: Any
):
    operations.run(place)
    operations.run(second)
    lying[Path(second)] = BOX
    assert "sur 1 support," in media()
    frozen_clock.shift(3600)
    operations.run(place)
    operations.run(second)
    assert "sur 2 supports," in media()


def test_folder_on_the_disk_of_the_practice_is_no_support(
    place: str, second: str, lying: dict[Path, int]
):
    lying[Path(second)] = OURS
    operations.run(second)
    assert media() == "pas encore prouvé, sur le seul disque du cabinet, aucun hors ligne."
    operations.run(place)
    found = queries.status()
    assert "sur 1 support et sur le disque du cabinet," in found.sentence
    assert Reason.ALONE in found.reasons


def test_disk_is_that_of_the_system(place: str, folder: Path):
    """Folders of a test lie on one disk, beside the data."""
    assert disks.is_ours(Path(place)) == (Path(place).stat().st_dev == folder.stat().st_dev)
    one = Destination.objects.get()
    assert disks.look(one, [one]) == Seen(is_ours=disks.is_ours(Path(place)))
    assert operations.run(place).summary[disks.NOTED] == disks.look(one, []).noted()  # type: ignore[union-attr]


def test_partition_is_of_its_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    disk = tmp_path / "devices" / "sdb"
    for name, number in (("sdb1", "8:17"), ("sdb2", "8:18")):
        (disk / name).mkdir(parents=True)
        (disk / name / "partition").write_text("1\n")
        (tmp_path / "block").mkdir(exist_ok=True)
        (tmp_path / "block" / number).symlink_to(disk / name)
    (disk / "dev").write_text("8:16\n")
    monkeypatch.setattr(disks, "_BLOCKS", tmp_path / "block")

    class On:
        def __init__(self, minor: int) -> None:
            self.device = os.makedev(8, minor)

        def stat(self) -> Any:
            return os.stat_result((0, 0, self.device, *[0] * 7))

    found = [disks.disk_of(On(minor)) for minor in (17, 18, 33)]  # type: ignore[arg-type]
    assert found == [os.makedev(8, 16), os.makedev(8, 16), os.makedev(8, 33)]


def test_what_is_out_of_reach_or_no_folder_is_not_looked_at(lying: dict[Path, int]):
    away, vault = DestinationFactory.create(), DestinationFactory.create(kind="vault")
    assert disks.look(away, [vault]) is None
    assert disks.look(vault, [away]) is None


def test_repositories_of_one_server_are_one_support() -> None:
    for path in ("lilas", "roses"):
        one = DestinationFactory.create(
            kind="vault", place=f"https://cabinet:secret@coffre.example:8443/{path}"
        )
        CopyFactory.create(destination=one)
    assert "sur 1 support," in media()
    assert Reason.ALONE_OFFSITE in queries.status().reasons
    other = DestinationFactory.create(kind="vault", place="https://ailleurs.example/lilas")
    CopyFactory.create(destination=other)
    assert "sur 2 supports," in media()


def test_page_marks_places_of_one_support(
    alice: Person, client_of: Callable[[Person], Client], folder: Path
) -> None:
    first, second = DestinationFactory.create(), DestinationFactory.create()
    for one, other in ((first, second), (second, first)):
        noted = {disks.NOTED: Seen(beside=(str(other.id),)).noted()}
        CopyFactory.create(destination=one, summary=noted)
        ProofFactory.create(destination=one, asked_at=timezone.now())
    client, page = client_of(alice), "/protection/sauvegardes/"
    told = client.get(page)
    assertContains(told, "même support qu’un autre", count=2)
    for one in (first, second):
        assertContains(told, f'<span class="backup-beside">{one.label}</span>', count=1)
    Copy.objects.update(summary={})
    assertNotContains(client.get(page), "même support qu’un autre")
