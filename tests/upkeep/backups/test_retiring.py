"""The journal is shortened after a proof, in folders of ours alone, never while in doubt."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.devices.journal.retiring import KEPT
from quenotte.upkeep.backups import forecasts, operations, places, queries, retiring
from quenotte.upkeep.backups.models import Copy, Destination
from quenotte.upkeep.guard import operations as guard
from tests.devices.journal.site import SEAL, Site
from tests.devices.journal.test_retiring import chain

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


@pytest.fixture
def journal(
    real_place: str, tmp_path: Path, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A place that was copied to, with three days of journal that are long over."""
    monkeypatch.setattr(retiring, "sealed_by", lambda _key: SEAL)
    (tmp_path / "site").mkdir()
    site = Site(tmp_path / "site")
    chain(site, frozen_clock, 3)
    folder = Path(real_place) / "journal"
    shutil.copytree(site.carriers[0].path, folder)
    frozen_clock.shift(KEPT * 2)
    yield folder
    site.close()


def steps(folder: Path) -> int:
    return len(list(folder.iterdir()))


def test_proof_lets_old_steps_go(real_place: str, journal: Path):
    before = steps(journal)
    operations.run(real_place)
    assert steps(journal) == before
    assert operations.prove(real_place).state == "done"
    assert 0 < steps(journal) < before
    line = Line.objects.filter(object_kind="backup").latest("number")
    assert (line.detail["how"], line.detail["count"]) == ("journal", before - steps(journal))


def test_copy_of_a_clock_that_was_ahead_covers_no_later_step(
    real_place: str, journal: Path, tmp_path: Path, frozen_clock: Any
):
    aside = journal.rename(tmp_path / "later")
    frozen_clock.shift(timedelta(days=400))
    operations.run(real_place)
    frozen_clock.shift(-timedelta(days=400))
    # What came since is of after that copy, however far ahead it claims to be.
    aside.rename(journal)
    before = steps(journal)
    # It came back, and promises a moment that has not come.
    assert operations.prove(real_place).state == "failed"
    assert steps(journal) == before
    frozen_clock.shift(60)
    operations.run(real_place)
    operations.prove(real_place)
    assert steps(journal) < before


def test_nothing_goes_at_a_vault_nor_while_an_anomaly_is_open(real_place: str, journal: Path):
    operations.run(real_place)
    one, before = Destination.objects.get(), steps(journal)
    covered = Copy.objects.get().summary["steps"]
    assert covered["0"] > 0
    repository = places.opened(real_place)
    for kind in ("vault", "cloud", "disk"):
        one.kind = kind
        assert retiring.retire(one, repository, covered=covered) == 0
    one.kind = "folder"
    guard.raise_alarm([guard.Signal(guard.Sign.CANARY, 1)], one.id)
    assert retiring.retire(one, repository, covered=covered) == 0
    assert steps(journal) == before


def test_journal_of_a_year_that_is_over_goes_whole(
    real_place: str, journal: Path, frozen_clock: Any
):
    operations.run(real_place)
    frozen_clock.move_to(timezone.now() + timedelta(days=330))
    operations.run(real_place)
    operations.run(real_place)
    one = Destination.objects.get()
    assert one.epoch == timezone.localdate().year
    used = places.opened(places.at(one.place, one.epoch))
    covered = Copy.objects.latest("started_at").summary["steps"]
    assert retiring.retire(one, used, covered=covered) > 0
    assert steps(journal) == 0


def test_forecast_knows_what_the_journal_still_takes(
    real_place: str, journal: Path, monkeypatch: pytest.MonkeyPatch
):
    operations.run(real_place)
    asked: dict[str, int] = {}
    monkeypatch.setattr(forecasts, "room", lambda _place, **told: asked.update(told) or None)
    queries.room_of(Destination.objects.get())
    assert asked["each_year"] > 0
    # Steps came just now, by the clock of the disk: days like these are still to come.
    size = sum(path.stat().st_size for path in journal.iterdir())
    monkeypatch.setattr(timezone, "now", _now_of_the_disk(journal))
    assert retiring.still_to_come(real_place) == size * (KEPT.days - 1)
    assert retiring.still_to_come("/nowhere") == 0


def _now_of_the_disk(folder: Path) -> Any:
    from datetime import UTC, datetime

    at = max(path.stat().st_mtime for path in folder.iterdir())
    return lambda: datetime.fromtimestamp(at + 60, UTC)
