"""The first copy of a year begins its repository; what is in use and proved is always whole."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.devices.phoenix import opening, returning
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.repository import writing
from quenotte.devices.repository.errors import Full, Refused
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.upkeep.backups import (
    following,
    operations,
    places,
    queries,
    saving,
    shipping,
    years,
)
from quenotte.upkeep.backups.models import Copy, Destination
from quenotte.upkeep.backups.operations import destinations
from quenotte.upkeep.backups.shipping import Way
from quenotte.upkeep.guard import operations as guard
from quenotte.upkeep.guard.models import Look
from quenotte.upkeep.kits import queries as kits
from quenotte.upkeep.kits.models import KitKey
from tests.factories import KitFactory
from tests.upkeep.conftest import PASSPHRASE

pytestmark = pytest.mark.django_db
#: Half an hour after midnight in Paris, where it is still the old year in UTC.
NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def night(frozen_clock: Any, place: str, django_capture_on_commit_callbacks: Any) -> str:
    """A place with a copy of the old year, on New Year's night."""
    frozen_clock.move_to(NEW_YEAR - timedelta(hours=2))
    operations.run(place)
    frozen_clock.move_to(NEW_YEAR)
    return place


def destination() -> Destination:
    return Destination.objects.get()


def proved() -> str:
    """Return the copy that a proof takes now."""
    repository = destinations.repository_of(destination())
    return returning.copies(repository, timezone.now())[0].id


def opened(place: str) -> Repository:
    return Repository.open(FolderStore(Path(place)), PASSPHRASE)


def test_new_year_begins_by_itself(night: str, django_capture_on_commit_callbacks: Any):
    kit = KitFactory.create()
    mark = kits.place_of(destination()).mark
    key = KitKey.objects.create(kit=kit, destination=destination(), key_file="x", mark=mark)
    with django_capture_on_commit_callbacks(execute=True):
        copy = operations.run(night)

    assert copy.state == "done"
    assert destination().epoch == 2027
    old, new = opened(night), opened(f"{night}/2027")
    assert (len(old.snapshots()), len(new.snapshots())) == (1, 1)
    assert destination().repository_id == new.id
    # The paper's key and the server's open it, and the paper counts as it did.
    assert places.opened(f"{night}/2027").id == new.id
    key.refresh_from_db()
    assert mark != key.mark == kits.place_of(destination()).mark
    assert kits.place_of(destination()).address == night
    assert [one.place for one in following.told()] == [f"{night}/2027"]
    # A whole copy is no alarm, and the next one adds little.
    assert not Look.objects.filter(is_good=False).exists()
    again = operations.run(night)
    assert again.bytes_added < copy.bytes_added / 5
    assert Line.objects.filter(object_kind="backup", detail__how="year").count() == 1
    # Both are of one moment by this clock; which came later is known all the same.
    assert proved() == again.snapshot_id


def test_old_year_stays_readable(night: str):
    operations.run(night)
    then = Wish(as_of=NEW_YEAR - timedelta(hours=1))
    repository, secret = opening.opened(night, PASSPHRASE, wish=then)
    assert (secret.place, len(repository.snapshots())) == (night, 1)
    assert opening.opened(night, PASSPHRASE)[1].place == f"{night}/2027"


def test_year_that_was_cut_short_is_gone_on_with(night: str, monkeypatch: pytest.MonkeyPatch):
    def cut(*_: Any, **__: Any) -> None:
        raise OSError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(saving, "save", cut)
        with pytest.raises(OSError, match="cut"):
            operations.run(night)
    # It is there and holds nothing: the one before is in use and proved.
    assert opened(f"{night}/2027").snapshots() == []
    assert destination().epoch == 0
    assert proved() == opened(night).snapshots()[-1].id
    assert opening.opened(night, PASSPHRASE)[1].place == night
    begun = opened(f"{night}/2027").id
    operations.run(night)
    assert (destination().epoch, destination().repository_id) == (2027, begun)


@pytest.mark.parametrize("trouble", [None, Full, Refused])
def test_year_that_finds_no_place_costs_no_copy(
    night: str, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception] | None
):
    real = writing.save

    def refused(repository: Repository, *args: Any, **values: Any) -> Any:
        if trouble is not None and repository.earlier is not None:
            raise trouble
        return real(repository, *args, **values)

    monkeypatch.setattr(saving, "save", refused)
    if trouble is None:
        # Somebody else's repository is there already.
        Repository.create(FolderStore(Path(night) / "2027"), "x", host="h", user="u")
    assert operations.run(night).state == "done"
    assert destination().epoch == 0
    assert len(opened(night).snapshots()) == 2


def test_year_does_not_begin_on_a_disk_that_is_too_small(
    night: str, monkeypatch: pytest.MonkeyPatch
):
    usage = shutil.disk_usage(night)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    assert years.begun(destination(), 2027, places.opened(night)) is None
    assert not (Path(night) / "2027").exists()


def test_doubted_copy_of_a_new_year_moves_nobody(night: str, folder: Path):
    # What is no SQLite any more where pages were: the attack came on New Year's night.
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.execute("DELETE FROM notes")
        database.commit()
    operations.run(night)
    (snapshot,) = opened(f"{night}/2027").snapshots()
    assert guard.QUARANTINE in snapshot.tags
    assert destination().epoch == 0
    assert opening.opened(night, PASSPHRASE)[1].place == night


def test_clock_that_jumped_begins_nothing(night: str, frozen_clock: Any):
    frozen_clock.move_to(NEW_YEAR + timedelta(days=400))
    assert years.due(destination(), on=(NEW_YEAR + timedelta(days=400)).date()) is None
    operations.run(night)
    assert destination().epoch == 0


def test_files_on_their_way_follow_the_year(night: str):
    way = Way(NEW_YEAR)
    shipping.ship(destination(), {destination().id: way})
    shipping._send(destination(), way, [])
    operations.run(night)
    shipping._send(destination(), way, [])
    assert way.repository is not None
    assert str(way.repository.store) == f"{night}/2027"


def test_another_server_finds_the_year_in_use(night: str):
    operations.run(night)
    for model in (Look, Copy, Destination):
        model.objects.all().delete()
    assert operations.run(night).destination.epoch == 2027
    assert queries.destinations().count() == 1
