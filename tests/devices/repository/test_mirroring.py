"""A copy of a repository: whole files alone, nothing deleted, and a source for mending."""

import os
from pathlib import Path

import pytest

from quenotte.devices.repository.errors import AlreadyThere, NotThere
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.mirroring import mend, mirror
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import check, read_file
from quenotte.devices.repository.writing import Source, save
from tests.devices.repository.conftest import AT, PASSPHRASE


@pytest.fixture
def second(repository: Repository, store: FolderStore, files: Path) -> FolderStore:
    """A copy of a repository that holds one snapshot."""
    save(repository, [Source("files", files)], time=AT, host="srv")
    second = FolderStore(files.parent / "second")
    mirror(store, second)
    return second


def pack_of(store: FolderStore) -> Path:
    return max(store.path.glob("data/*/*"), key=lambda path: path.stat().st_size)


def rot(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[30] ^= 4
    path.write_bytes(content)


def test_mirror_opens_and_takes_what_is_new(
    repository: Repository, store: FolderStore, second: FolderStore
) -> None:
    save(repository, [Source("more", b"new")], time=AT, host="srv")
    done = mirror(store, second, progress=lambda _: None)

    assert (done.files, done.damaged) == (4, [])
    assert mirror(store, second).files == 0
    opened = Repository.open(second, PASSPHRASE)
    assert len(opened.snapshots()) == 2
    assert check(opened, read_data=True) == []


def test_damage_does_not_spread_and_loss_neither(
    store: FolderStore, second: FolderStore, repository: Repository
) -> None:
    [first] = repository.snapshots()
    save(repository, [Source("more", os.urandom(900_000))], time=AT, host="srv")
    rotten = pack_of(store)
    rot(rotten)
    (store.path / "snapshots" / first.id).unlink()

    done = mirror(store, second)

    assert [one.name for one in done.damaged] == [rotten.name]
    assert not any(one.what == "damaged" for one in check(_opened(second), read_data=True))
    assert len(_opened(second).snapshots()) == 2


def _opened(store: FolderStore) -> Repository:
    return Repository.open(store, PASSPHRASE)


def test_mended_from_the_other_copy(store: FolderStore, second: FolderStore, files: Path) -> None:
    rot(pack_of(store))
    next(store.path.glob("index/*")).unlink()
    found = check(_opened(store), read_data=True)

    mended = mend(store, [FolderStore(files), second], found)

    assert len(mended) >= 1
    mirror(second, store)
    assert check(_opened(store), read_data=True) == []


def test_config_is_not_mended(store: FolderStore, second: FolderStore) -> None:
    repository = _opened(store)
    rot(store.path / "config")
    assert mend(store, [second], check(repository, read_data=False)) == []


def test_distrusted_pack_is_stored_again(
    repository: Repository, store: FolderStore, second: FolderStore, files: Path
) -> None:
    rot(pack_of(store))
    bad = {one.name for one in check(repository, read_data=True)}

    made = save(repository, [Source("files", files)], time=AT, host="srv", distrusted=bad)

    assert made.blobs_new >= 1
    opened = _opened(store)
    for snapshot in opened.snapshots():
        for name in ("letter.txt", "pictures/one.dcm"):
            content = read_file(opened, snapshot, f"files/{name}")
            assert content == (files / name).read_bytes()


def test_another_repository_is_not_written_over(
    repository: Repository, store: FolderStore, tmp_path: Path
) -> None:
    other = FolderStore(tmp_path / "other")
    Repository.create(other, PASSPHRASE, host="srv", user="q")
    with pytest.raises(AlreadyThere):
        mirror(store, other)
    with pytest.raises(NotThere):
        mirror(FolderStore(tmp_path / "nowhere"), other)
