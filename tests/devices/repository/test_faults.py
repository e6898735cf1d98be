"""The power fails, or the disk is full, at any step: what was there before stays whole."""

import errno
import os
from pathlib import Path
from unittest.mock import Mock

import pytest

from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.disk import Disk
from quenotte.devices.repository.errors import Damaged, Full, Refused, RepositoryError, Unreachable
from quenotte.devices.repository.fake import FaultyDisk, PowerCut, cut, full
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import check, read_file
from quenotte.devices.repository.store import CONFIG, DATA, KEYS, SNAPSHOTS
from quenotte.devices.repository.writing import Source, save
from tests.devices.repository.conftest import AT, PASSPHRASE

#: Places among all steps of a run; `bench.backup` goes through 500.
_PLACES = [*range(0, 100, 12), 99]


def sources(files: Path, generation: int) -> list[Source]:
    database = bytes([generation]) * 40_000 + bytes(range(256)) * 400
    return [Source("files", files), Source("db", database, Chunking.PAGES)]


@pytest.fixture
def steps(repository: Repository, files: Path) -> int:
    """Save once for good, and count the steps of a second run, made elsewhere."""
    save(repository, sources(files, 0), time=AT, host="srv")
    (files / "new.dcm").write_bytes(bytes(reversed(range(256))) * 900)
    disk = FaultyDisk()
    elsewhere = FolderStore(files.parent / "elsewhere", disk)
    other = Repository.create(elsewhere, PASSPHRASE, host="srv", user="q")
    before = disk.steps
    save(other, sources(files, 1), time=AT, host="srv")
    return disk.steps - before


@pytest.mark.parametrize("fault", [cut, full])
def test_any_step_may_be_the_last(
    repository: Repository, store: FolderStore, files: Path, steps: int, fault: object
) -> None:
    [first] = repository.snapshots()
    letter = (files / "letter.txt").read_bytes()
    for place in _PLACES:
        disk = FaultyDisk(1 + steps * place // 100, cut if fault is cut else full)
        broken = Repository(FolderStore(store.path, disk), repository.key, repository.id)
        with pytest.raises(PowerCut if fault is cut else Full):
            save(broken, sources(files, 2 + place), time=AT, host="srv")
        disk.lose_power()

        opened = Repository.open(FolderStore(store.path), PASSPHRASE)
        assert [one for one in check(opened, read_data=True) if one.is_error] == []
        assert read_file(opened, first, "files/letter.txt") == letter

    made = save(opened, sources(files, 1), time=AT, host="srv")
    assert check(opened, read_data=True) == []
    assert read_file(opened, opened.snapshot(made.id), "db").startswith(b"\x01")


def test_nothing_is_named_before_it_is_durable(files: Path, tmp_path: Path) -> None:
    disk = FaultyDisk()
    store = FolderStore(tmp_path / "traced", disk)
    repository = Repository.create(store, PASSPHRASE, host="srv", user="q")
    begin = len(disk.trace)
    save(repository, sources(files, 0), time=AT, host="srv")
    trace = disk.trace[begin:]
    whats = [what for what, _ in trace]

    renames = [at for at, what in enumerate(whats) if what == "rename"]
    kinds = [Path(trace[at][1]).relative_to(store.path).parts[0] for at in renames]
    assert kinds == [*["data"] * (len(kinds) - 2), "index", "snapshots"]
    # Before the index is begun, each pack is under a name that lasts; so is it for the snapshot.
    for at in renames[-2:]:
        created = max(i for i in range(at) if whats[i] == "create")
        assert whats[:created].count("renamed") == whats[:created].count("settled") - whats[
            :created
        ].count("made")
    assert whats.count("synced") == len(renames)


def test_full_disk_leaves_no_draft(store: FolderStore, repository: Repository) -> None:
    broken = Repository(FolderStore(store.path, FaultyDisk(4, full)), repository.key, repository.id)

    class Emptying(FaultyDisk):
        """Full for what is written; removing always works."""

        def _step(self, what: str, on: object) -> None:
            if what == "write":
                full(0)

    broken = Repository(FolderStore(store.path, Emptying()), repository.key, repository.id)
    with pytest.raises(Full) as caught:
        save(broken, [Source("a", b"b")], time=AT, host="srv")

    assert "plein" in str(caught.value)
    assert list((store.path / "tmp").iterdir()) == []
    assert isinstance(caught.value, RepositoryError)
    assert list(store.names(SNAPSHOTS)) == []


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (errno.EROFS, Refused),
        (errno.EACCES, Refused),
        (errno.ENODEV, Unreachable),
        (errno.EIO, Unreachable),
        (errno.EDQUOT, Full),
    ],
)
def test_what_the_system_says_is_told_in_our_words(
    store: FolderStore, repository: Repository, number: int, trouble: type[RepositoryError]
) -> None:
    def fault(_step: int) -> None:
        raise OSError(number, os.strerror(number))

    broken = FolderStore(store.path, FaultyDisk(1, fault))
    (config,) = [store.get(CONFIG, "")]
    [(name, _)] = store.names(KEYS)
    for ask in (
        lambda: broken.put(DATA, "ab" * 32, b"a"),
        lambda: broken.settle(KEYS, name),
        broken.prepare,
    ):
        with pytest.raises(trouble):
            ask()
    assert store.get(CONFIG, "") == config


@pytest.mark.parametrize(
    ("number", "trouble"),
    [(errno.EIO, Damaged), (errno.EACCES, Refused), (errno.ESTALE, Unreachable)],
)
def test_reading_that_fails_is_told_in_our_words(
    store: FolderStore,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    trouble: type[RepositoryError],
) -> None:
    failing = Mock(side_effect=OSError(number, os.strerror(number)))
    [(name, _)] = store.names(KEYS)
    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(trouble):
        store.get(KEYS, name)
    if trouble is not Damaged:
        monkeypatch.setattr(os, "scandir", failing)
        monkeypatch.setattr(Path, "stat", failing)
        with pytest.raises(trouble):
            store.size(KEYS, name)


def test_share_that_cannot_sync_folders_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", Mock(side_effect=OSError(errno.EINVAL, "no")))
    Disk().sync_folder(tmp_path)
    monkeypatch.setattr(os, "fsync", Mock(side_effect=OSError(errno.EIO, "no")))
    with pytest.raises(OSError, match="no"):
        Disk().sync_folder(tmp_path)


def test_full_disk_ends_a_long_run_at_once(
    store: FolderStore, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quenotte.devices.repository.blobs.AIMED_BYTES", 1000)
    many = tmp_path / "many"
    many.mkdir()
    for number in range(200):
        (many / str(number)).write_bytes(os.urandom(2000))
    disk = FaultyDisk(1, full)
    broken = Repository(FolderStore(store.path, disk), repository.key, repository.id)
    with pytest.raises(Full):
        save(broken, [Source("many", many)], time=AT, host="srv")
    assert disk.steps < 60
