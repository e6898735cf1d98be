"""The power fails, or the disk is full, at any step: what was there before stays whole."""

from pathlib import Path

import pytest

from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.errors import Full, RepositoryError
from quenotte.devices.repository.fake import FaultyDisk, PowerCut, cut, full
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import check, read_file
from quenotte.devices.repository.store import SNAPSHOTS
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
