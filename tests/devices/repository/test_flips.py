"""One flipped bit anywhere: always found, always named, never a traceback."""

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from quenotte.devices.repository import indexes, snapshots
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.errors import Damaged, Missing
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import check, read_file, tree_of
from quenotte.devices.repository.store import NAMED_KINDS
from quenotte.devices.repository.writing import Source, save
from tests.devices.repository.conftest import AT, PASSPHRASE

_FLIPS_EACH = 2


@contextmanager
def flipped(path: Path, at: int, bit: int = 1) -> Iterator[None]:
    content = path.read_bytes()
    changed = bytearray(content)
    changed[at % len(content)] ^= bit
    path.write_bytes(changed)
    try:
        yield
    finally:
        path.write_bytes(content)


def stored(folder: Path) -> list[tuple[str, Path]]:
    """Return each stored file with its kind."""
    found = [("config", folder / "config")]
    for kind in NAMED_KINDS:
        found += [(kind, path) for path in (folder / kind).rglob("*") if path.is_file()]
    return found


@pytest.fixture
def kept(repository: Repository, files: Path) -> Repository:
    sources = [Source("files", files), Source("db", bytes(range(256)) * 400, Chunking.PAGES)]
    save(repository, sources, time=AT, host="srv")
    return repository


def read_all(store: FolderStore) -> dict[str, bytes]:
    opened = Repository.open(store, PASSPHRASE)
    [snapshot] = opened.snapshots()
    return {
        entry.path: read_file(opened, snapshot, entry.path)
        for entry in tree_of(opened, snapshot)
        if entry.is_file
    }


def outcome(store: FolderStore) -> object:
    """Return the content of all files, or the file that is to blame; anything else fails."""
    try:
        return read_all(store)
    except (Damaged, Missing) as trouble:
        return trouble.kind, trouble.name


def test_check_names_the_file_of_each_flip(kept: Repository, store: FolderStore) -> None:
    chance = random.Random(7)
    for kind, path in stored(store.path):
        size = path.stat().st_size
        for at in [0, size - 1, *(chance.randrange(size) for _ in range(_FLIPS_EACH))]:
            with flipped(path, at, 1 << chance.randrange(8)):
                found = check(Repository(store, kept.key, kept.id), read_data=True)
                names = {(one.kind, one.name) for one in found if one.is_error}
                assert (kind, "" if kind == "config" else path.name) in names
    assert check(kept, read_data=True) == []


def test_restore_gives_the_bytes_or_names_the_file(kept: Repository, store: FolderStore) -> None:
    chance, right = random.Random(8), read_all(store)
    for kind, path in stored(store.path):
        size = path.stat().st_size
        for at in [0, size - 1, *(chance.randrange(size) for _ in range(_FLIPS_EACH))]:
            with flipped(path, at, 1 << chance.randrange(8)):
                told = outcome(store)
                assert told in (right, (kind, "" if kind == "config" else path.name))


@pytest.mark.parametrize("keep", [0, 1, 40, -1])
def test_file_cut_short_is_named(kept: Repository, store: FolderStore, keep: int) -> None:
    for kind, path in stored(store.path):
        content = path.read_bytes()
        path.write_bytes(content[:keep])
        found = check(Repository(store, kept.key, kept.id), read_data=True)
        assert (kind, "" if kind == "config" else path.name) in {(x.kind, x.name) for x in found}
        outcome(store)
        path.write_bytes(content)


def test_quick_check_sees_what_is_gone_or_short(kept: Repository, store: FolderStore) -> None:
    packs = [path for kind, path in stored(store.path) if kind == "data"]
    packs[0].write_bytes(packs[0].read_bytes()[:50])

    found = check(kept, read_data=False)

    assert (packs[0].name, "damaged") in {(one.name, one.what) for one in found}
    assert "data/" in str(found[0])


def test_damaged_snapshot_hides_no_other(kept: Repository, store: FolderStore) -> None:
    made = save(kept, [Source("a", b"b")], time=AT, host="srv")
    with flipped(store.path / "snapshots" / made.id, 50):
        opened = Repository.open(store, PASSPHRASE)
        assert len(opened.snapshots()) == 1
        assert [one.name for one in opened.damages] == [made.id]


def test_junk_of_the_right_name_stops_nothing(kept: Repository, store: FolderStore) -> None:
    """What an append-only place accepts from an attacker: bodies that hash to their names."""
    right = read_all(store)
    junk = [b"", b"junk", bytes(200), kept.seal(b"\x02junk"), kept.seal(b"{}"), kept.seal(b"[1]")]
    names = {hashlib.sha256(body).hexdigest() for body in junk}
    for kind in NAMED_KINDS:
        for body in junk:
            store.put(kind, hashlib.sha256(body).hexdigest(), body)

    assert read_all(store) == right
    found = {one.name for one in check(kept, read_data=True) if one.is_error}
    assert found == names
    save(kept, [Source("a", b"b")], time=AT, host="srv")
    assert len(kept.snapshots()) == 2
    assert {one.name for one in kept.damages} <= names


def _pack(**changed: Any) -> dict[str, Any]:
    blob = {"id": "ab" * 32, "type": "data", "offset": 0, "length": 40} | changed
    return {"packs": [{"id": "cd" * 32, "blobs": [blob]}]}


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"packs": 1},
        {"packs": [{"id": "../x", "blobs": []}]},
        {"packs": [{"id": 5, "blobs": []}]},
        _pack(type="odd"),
        _pack(offset=-1),
        _pack(length="40"),
        _pack(id="zz"),
        _pack(id=7),
    ],
)
def test_impossible_index_is_damage(told: dict[str, Any]) -> None:
    with pytest.raises(Damaged):
        indexes.read(told, "ef" * 32)


def test_index_of_no_pack_is_read() -> None:
    assert indexes.read({"packs": None}, "ef" * 32) == []
    index = indexes.Index()
    index.add("cd" * 32, indexes.read(_pack(), "ef" * 32)[0][1])
    assert len(index) == 1
    assert ("data", bytes.fromhex("ab" * 32)) in index


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"tree": "zz", "time": "2026-03-17T00:00:00Z"},
        {"tree": 5, "time": "2026-03-17T00:00:00Z"},
        {"tree": "ab" * 32, "time": "yesterday"},
        {"tree": "ab" * 32, "time": 5},
        {"tree": "ab" * 32, "time": "2026-13-17T00:00:00Z"},
        {"tree": "ab" * 32, "time": "2026-03-17T00:00:00Z", "tags": 5},
    ],
)
def test_impossible_snapshot_is_damage(told: dict[str, Any]) -> None:
    with pytest.raises(Damaged):
        snapshots.read("ef" * 32, told)
