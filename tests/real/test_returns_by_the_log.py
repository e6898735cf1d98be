"""A PostgreSQL practice comes back to the minute: its copy, then its own log gone through again."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quenotte.devices.journal.carriers import Shelf, sealed_by
from quenotte.devices.journal.pieces import opened
from quenotte.devices.journal.postgres import PostgresShipper
from quenotte.devices.journal.spool import Courier
from quenotte.devices.phoenix import marker, messages, opening, rerunning, returning, servers
from quenotte.devices.phoenix.choosing import QUARANTINE, Wish
from quenotte.devices.phoenix.marker import Marker
from quenotte.devices.phoenix.returning import Told
from quenotte.devices.repository.sources import Source
from quenotte.devices.repository.writing import save
from tests.devices.phoenix import conftest as phoenix
from tests.devices.phoenix.conftest import PASSPHRASE, Killed, Practice
from tests.real import test_returns_on_postgres as returns
from tests.real.test_journal_of_postgres import Cluster, _turn
from tests.support import postgres

pytestmark = [pytest.mark.one_engine, pytest.mark.real_clock]

target, killed_at, server, new = (
    phoenix.target, phoenix.killed_at, returns.server, returns.new,
)  # fmt: skip


class Followed(Practice):
    """A practice in a cluster that is followed as it is written."""

    def __init__(self, folder: Path, place: Path, cluster: Cluster) -> None:
        super().__init__(folder, place)
        self.cluster = cluster
        self.shipper = PostgresShipper(
            cluster.dsn, folder / "state", sealed_by(self.repository.key)
        )
        self.courier = Courier(
            Shelf(self.repository.store), self.shipper.spool, sealed_by(self.repository.key), opened
        )

    def note(self, words: str) -> datetime:
        """Write a note and follow it; return a moment after it."""
        self.cluster.do("CREATE TABLE IF NOT EXISTS notes (words text)")
        self.cluster.do(f"INSERT INTO notes VALUES ('{words}')")
        _turn(self.shipper, self.courier)
        time.sleep(0.02)
        return datetime.now(UTC)

    def copy(self, words: str, at: datetime | None = None, *, tags: tuple[str, ...] = ()) -> str:
        """Write a note, then copy the practice."""
        self.note(words)
        dump = self.folder / "postgres"
        shutil.rmtree(dump, ignore_errors=True)
        command = ["pg_dump", "--format=directory", "--compress=0", "--no-owner", f"--file={dump}"]
        subprocess.run([*command, self.cluster.dsn], check=True)
        sources = [Source("postgres", dump), Source("keys", self.folder / "keys")]
        now = at or datetime.now(UTC)
        return save(self.repository, sources, time=now, host="srv", tags=tags).id

    def back_to(self, target: Path, url: str, wish: Wish | None = None) -> Marker:
        """Come back from the copy into a database."""
        repository, secret = opening.opened(str(self.place), PASSPHRASE)
        secret = marker.Secret(secret.place, secret.master, database=url)
        told = Told(self.said.append)
        return returning.bring_back(
            target, repository, secret, wish or Wish(), told, now=datetime.now(UTC)
        )


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Followed]:
    folder = Path("/tmp") / f"qrl-{os.getpid()}"
    folder.mkdir(mode=0o755)
    cluster = Cluster(folder)
    postgres.make_cluster(cluster.data, "--wal-segsize=1")
    cluster.start()
    found = Followed(tmp_path / "followed", tmp_path / "its-copies", cluster)
    yield found
    found.shipper.close()
    cluster.stop()
    shutil.rmtree(folder)


def test_log_goes_further_than_the_copy_to_its_end_or_to_a_moment(
    there: Followed, new: Callable[[], str], tmp_path: Path
):
    there.copy("one")
    middle = there.note("two")
    end = there.note("three")
    # The old server is gone, and whatever else was there.
    there.shipper.close()
    there.cluster.stop()
    for number, (wish, expected) in enumerate(
        [
            (Wish(), ["one", "two", "three"]),
            (Wish(as_of=middle), ["one", "two"]),
            # Nothing was written after it: that moment is the end.
            (Wish(as_of=end), ["one", "two", "three"]),
        ]
    ):
        url = new()
        found = there.back_to(tmp_path / f"back-{number}", url, wish)
        assert returns.rows_of(url) == expected
        assert returns.tables_of(url) == ["notes"]
        assert found.notes == ()
        assert abs((datetime.fromisoformat(found.data_at) - end).total_seconds()) < 20
        assert messages.LOG in there.said
    assert not list(Path("/tmp").glob("qnt-*"))


def test_doubted_copy_and_a_named_copy_keep_the_log_away(
    there: Followed, new: Callable[[], str], tmp_path: Path
):
    first = there.copy("one")
    there.copy("poisoned", tags=(QUARANTINE,))
    for number, wish in enumerate([Wish(), Wish(first)]):
        url = new()
        there.back_to(tmp_path / f"back-{number}", url, wish)
        assert returns.rows_of(url) == ["one"]
    assert messages.LOG not in there.said


def test_machine_without_that_version_takes_the_copy_and_says_so(
    there: Followed, new: Callable[[], str], target: Path, monkeypatch: pytest.MonkeyPatch
):
    there.copy("one")
    there.note("two")
    url = new()
    monkeypatch.setattr(rerunning, "_PLACES", str(target))
    monkeypatch.setenv("PATH", os.defpath)
    found = there.back_to(target, url)
    assert found.notes == (messages.NO_SAME_SERVER,)
    assert returns.rows_of(url) == ["one"]


def test_log_that_does_not_start_takes_the_copy_and_says_why(
    there: Followed, new: Callable[[], str], target: Path, monkeypatch: pytest.MonkeyPatch
):
    there.copy("one")
    there.note("two")
    url = new()
    monkeypatch.setattr(rerunning, "_FIRM", ("shared_buffers=1kB",))
    found = there.back_to(target, url)
    assert len(found.notes) == 1
    assert "la copie elle-même a été prise" in found.notes[0]
    assert returns.rows_of(url) == ["one"]


def test_return_killed_after_the_log_finds_its_own_work(
    there: Followed, new: Callable[[], str], target: Path, monkeypatch: pytest.MonkeyPatch
):
    there.copy("one")
    there.note("two")
    url = new()
    monkeypatch.setattr(servers, "forget", _killed)
    with pytest.raises(Killed):
        there.back_to(target, url)
    monkeypatch.undo()
    there.shipper.close()
    there.cluster.stop()
    said = len(there.said)
    found = there.back_to(target, url)
    assert returns.rows_of(url) == ["one", "two"]
    assert datetime.fromisoformat(found.data_at) > datetime.fromisoformat(found.copy_at)
    assert messages.LOG not in there.said[said:]


def _killed(_url: str) -> None:
    raise Killed
