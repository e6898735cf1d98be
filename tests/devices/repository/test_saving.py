"""Saving: only what is new is stored, nothing is followed, what is lost is stored again."""

import os
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from quenotte.devices.repository import indexes, walking
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.errors import (
    Missing,
    NoSuchPath,
    Refused,
    Unreachable,
    UnreadableSource,
)
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.progress import Progress
from quenotte.devices.repository.reading import Reader
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import (
    check,
    find,
    open_file,
    read_file,
    restore,
    tree_of,
)
from quenotte.devices.repository.store import CONFIG, DATA, INDEX, SNAPSHOTS
from quenotte.devices.repository.writing import SavedSnapshot, Source, save
from tests.devices.repository.conftest import AT, PASSPHRASE


def saved(repository: Repository, *sources: Source, **others: Any) -> SavedSnapshot:
    return save(repository, sources, time=AT, host="srv", **others)


def lose(repository: Repository, kind: str) -> None:
    """Remove all files of a kind, as nothing of ours ever does."""
    for path in (Path(str(repository.store)) / kind).rglob("*"):
        if path.is_file():
            path.unlink()


def test_same_again_adds_trees_alone(repository: Repository, files: Path) -> None:
    first = saved(repository, Source("files", files))
    again = saved(repository, Source("files", files))

    assert (first.files, again.files) == (3, 3)
    assert first.bytes_read > 200_000
    assert again.bytes_read == 0
    assert again.bytes_added < 1000
    assert again.blobs_new == 0
    assert len(repository.snapshots()) == 2
    assert repository.snapshots()[0].paths == ("/files",)


def test_database_adds_its_changed_pages_and_is_always_read(
    repository: Repository, tmp_path: Path
) -> None:
    database = tmp_path / "db.sqlite3"
    content = bytearray(os.urandom(16384 * 100))
    database.write_bytes(content)
    saved(repository, Source("db.sqlite3", database, Chunking.PAGES))
    state = database.stat()
    content[16384 * 50] ^= 1
    database.write_bytes(content)
    # Its dates say that nothing happened.
    os.utime(database, ns=(state.st_atime_ns, state.st_mtime_ns))

    again = saved(repository, Source("db.sqlite3", database, Chunking.PAGES))

    assert again.blobs_new == 2  # a page and the tree
    assert again.bytes_read == len(content)
    snapshot = repository.snapshot(again.id)
    assert read_file(repository, snapshot, "db.sqlite3") == content
    assert [*map(len, open_file(repository, snapshot, "/db.sqlite3"))] == [16384] * 100


def test_bytes_and_nested_names(repository: Repository, files: Path) -> None:
    made = saved(
        repository,
        Source("quenotte/notes/manifest.json", b"{}"),
        Source("quenotte/empty", b""),
        Source("quenotte/files", files),
    )
    entries = {entry.path: entry for entry in tree_of(repository, repository.snapshot(made.id))}

    assert entries["quenotte/notes/manifest.json"].size == 2
    assert entries["quenotte/files/empty.txt"].is_file
    assert not entries["quenotte/files"].is_file
    for path in ("quenotte/nothing", "quenotte", "", "quenotte/empty/below"):
        with pytest.raises(NoSuchPath):
            read_file(repository, repository.snapshot(made.id), path)


@pytest.mark.parametrize(
    "names", [["a", "a"], ["a", "a/b"], ["a/b", "a"], [""], ["a/../b"], ["a//b"], ["."]]
)
def test_impossible_names_are_refused(repository: Repository, names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"name|within"):
        saved(repository, *(Source(name, b"") for name in names))
    assert repository.snapshots() == []


def test_source_that_cannot_be_read_makes_no_snapshot(
    repository: Repository, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableSource) as caught:
        saved(repository, Source("a", tmp_path / "nowhere"))
    assert "nowhere" in str(caught.value)
    assert repository.snapshots() == []


def test_links_are_kept_and_strangers_left_out(
    repository: Repository, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "loop").symlink_to(".")
    (files / "raw").symlink_to(os.fsdecode(b"\xffgone"))
    os.mkfifo(files / "pipe")
    monkeypatch.chdir(files)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("door")
        made = saved(repository, Source("files", files))

    assert made.left_out == (str(files / "door"), str(files / "pipe"))
    entries = tree_of(repository, repository.snapshot(made.id))
    targets = {entry.path: entry.node.target for entry in entries if entry.node.target}
    assert targets == {"files/loop": b".", "files/raw": b"\xffgone"}


def test_file_that_vanishes_or_turns_into_a_link_is_left_out(
    repository: Repository, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Reader.begin

    def vanish(self: Reader, path: Path, *others: Any) -> Any:
        if path.name == "letter.txt":
            path.unlink()
        if path.name == "one.dcm":
            path.unlink()
            path.symlink_to("/etc/hostname")
        return begin(self, path, *others)

    monkeypatch.setattr(Reader, "begin", vanish)
    made = saved(repository, Source("files", files))

    assert {Path(one).name for one in made.left_out} == {"letter.txt", "one.dcm"}
    assert made.files == 1


@pytest.mark.parametrize("ending", ["grows", "shrinks", "rests"])
def test_file_that_changes_while_read(
    repository: Repository, files: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    letter, segment = files / "letter.txt", Reader.segment
    turns = iter(range(100))

    def change(self: Reader, path: Path, *others: Any) -> Any:
        read = segment(self, path, *others)
        if path == letter:
            turn = next(turns)
            if ending != "rests" or turn == 0:
                size = 5000 + turn if ending == "grows" else 3000 - turn
                letter.write_bytes(b"x" * size)
        return read

    monkeypatch.setattr(Reader, "segment", change)
    made = saved(repository, Source("files", files))

    content = read_file(repository, repository.snapshot(made.id), "files/letter.txt")
    assert made.changed == (() if ending == "rests" else (str(letter),))
    assert set(content) == {ord("x")}
    assert check(repository, read_data=True) == []


def test_lost_pack_is_stored_again(repository: Repository, files: Path) -> None:
    first = saved(repository, Source("files", files))
    lose(repository, DATA)

    assert {one.what for one in check(repository, read_data=True)} == {"missing"}
    with pytest.raises(Missing):
        read_file(repository, repository.snapshot(first.id), "files/letter.txt")

    again = saved(repository, Source("files", files))

    assert again.blobs_new >= 3
    for made in (first, again):
        content = read_file(repository, repository.snapshot(made.id), "files/letter.txt")
        assert content == (files / "letter.txt").read_bytes()


def test_packs_without_index_are_adopted(repository: Repository, files: Path) -> None:
    saved(repository, Source("files", files))
    lose(repository, INDEX)
    lose(repository, SNAPSHOTS)
    assert {one.what for one in check(repository, read_data=True)} == {"untold"}
    assert not any(one.is_error for one in check(repository, read_data=True))

    again = saved(repository, Source("files", files))

    assert again.blobs_new <= 1
    assert check(repository, read_data=True) == []


def test_lost_index_stops_no_restore(repository: Repository, files: Path, tmp_path: Path) -> None:
    saved(repository, Source("files", files))
    lose(repository, INDEX)
    opened = Repository.open(repository.store, PASSPHRASE)

    restore(opened, opened.snapshots()[0], tmp_path / "back")

    assert (tmp_path / "back/files/letter.txt").read_bytes() == (files / "letter.txt").read_bytes()


def test_index_files_are_cut_by_blobs(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "MOST_BLOBS", 10)
    monkeypatch.setattr("quenotte.devices.repository.blobs.AIMED_BYTES", 40_000)

    saved(repository, Source("db", os.urandom(16384 * 40), Chunking.PAGES))

    assert len(list(repository.store.names(INDEX))) >= 3
    assert check(repository, read_data=True) == []


def test_two_write_at_once(store: FolderStore, repository: Repository, tmp_path: Path) -> None:
    shared = os.urandom(300_000)

    def write(number: int) -> SavedSnapshot:
        opened = Repository.open(FolderStore(store.path), PASSPHRASE)
        return saved(opened, Source("shared", shared), Source("own", bytes([number]) * 9))

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(write, range(3)))

    assert check(repository, read_data=True) == []
    for number, one in enumerate(made):
        snapshot = repository.snapshot(one.id)
        repository.refresh()
        assert read_file(repository, snapshot, "own") == bytes([number]) * 9
        assert read_file(repository, snapshot, "shared") == shared


def test_progress_ends_at_the_total(repository: Repository, files: Path, tmp_path: Path) -> None:
    heard: list[Progress] = []
    made = saved(repository, Source("files", files), progress=heard.append)
    assert heard[-1].done_bytes == heard[-1].total_bytes == made.bytes_read

    restore(repository, repository.snapshots()[0], tmp_path / "back", progress=heard.append)
    assert heard[-1].done_bytes == heard[-1].total_bytes == made.bytes_read


def test_folder_keeps_its_own(store: FolderStore, repository: Repository) -> None:
    body = store.get(CONFIG, "")
    with pytest.raises(Refused):
        store.put(CONFIG, "", b"another")
    store.put(CONFIG, "", body)
    with pytest.raises(Missing):
        store.get(DATA, "../../config")
    assert store.size(DATA, "0" * 64) is None
    (store.path / "tmp" / "0123").write_bytes(b"half")
    os.utime(store.path / "tmp" / "0123", (0, 0))
    saved(Repository.open(FolderStore(store.path), PASSPHRASE), Source("a", b"b"))
    assert list((store.path / "tmp").iterdir()) == []


def test_unplugged_disk_is_not_written_beside(store: FolderStore, repository: Repository) -> None:
    shutil.rmtree(store.path)

    with pytest.raises(Unreachable):
        saved(Repository(store, repository.key, repository.id), Source("a", b"b"))
    with pytest.raises(Unreachable):
        FolderStore(store.path).put(DATA, "0" * 64, b"")
    assert not store.path.exists()


def test_cache_spares_the_reading_and_is_never_believed(
    store: FolderStore, repository: Repository, files: Path, tmp_path: Path
) -> None:
    class Counting(FolderStore):
        """Notes what is read."""

        def get(self, kind: str, name: str, *others: Any) -> bytes:
            read.append(kind)
            return super().get(kind, name, *others)

    read: list[str] = []
    cache = tmp_path / "cache"
    saved(repository, Source("files", files), cache=cache)
    for damage in (b"", b"junk", b""):
        for path in cache.rglob("*") if damage else ():
            if path.is_file():
                path.write_bytes(damage)
        read.clear()
        counted = Repository(Counting(store.path), repository.key, repository.id)
        made = saved(counted, Source("files", files), cache=cache)
        assert made.bytes_read == 0
    assert read == []
    assert [path.name for path in cache.iterdir()] == [repository.id]
    (cache / repository.id / "index").chmod(0o500)
    saved(repository, Source("a", b"new"), cache=cache)
    assert check(repository, read_data=True) == []


def test_deep_folders_are_left_out_and_said(repository: Repository, tmp_path: Path) -> None:
    deep = tmp_path / "files"
    handle = os.open(tmp_path, os.O_RDONLY)
    for _ in range(walking.DEEPEST + 10):
        os.mkdir("d", dir_fd=handle)
        below = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(handle)
    (tmp_path / "d").rename(deep)

    made = saved(repository, Source("files", deep))

    assert len(made.left_out) == 1
    assert check(repository, read_data=True) == []


def test_named_link_is_followed(repository: Repository, files: Path, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(files)
    (tmp_path / "circle").symlink_to(tmp_path / "circle")

    made = saved(repository, Source("data", tmp_path / "data"))

    letter = read_file(repository, repository.snapshot(made.id), "data/letter.txt")
    assert letter == (files / "letter.txt").read_bytes()
    with pytest.raises(UnreadableSource):
        saved(repository, Source("circle", tmp_path / "circle"))


def test_owner_without_a_name(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", Mock(side_effect=ImportError))
    saved(repository, Source("a", b"b"))
    assert repository.snapshots()[0].username == ""
    assert repository.snapshots()[0].short_id == repository.snapshots()[0].id[:8]


def test_folder_that_cannot_be_listed_is_left_out(
    repository: Repository, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def listed(path: Any) -> Any:
        if str(path).endswith("pictures"):
            raise PermissionError
        return scan(path)

    monkeypatch.setattr(os, "scandir", listed)
    made = saved(repository, Source("files", files), progress=lambda _: None)
    assert made.left_out == (str(files / "pictures"),)


def test_files_at_the_borders_of_chunks(repository: Repository, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(os.urandom(1 << 16) * 128 + b"x")
    texts = {str(size): os.urandom(size) for size in (0, 1, 16383, 16384, 16385, 32768)}

    made = saved(
        repository,
        *(Source(f"pages/{name}", text, Chunking.PAGES) for name, text in texts.items()),
        *(Source(f"whole/{name}", text) for name, text in texts.items()),
        Source("large-pages", large, Chunking.PAGES),
        Source("large-whole", large),
    )

    snapshot = repository.snapshot(made.id)
    for name, text in texts.items():
        assert read_file(repository, snapshot, f"pages/{name}") == text
        assert read_file(repository, snapshot, f"whole/{name}") == text
    for name, count in (("large-pages", 513), ("large-whole", 2)):
        assert len(find(repository, snapshot, name).content) == count
        assert read_file(repository, snapshot, name) == large.read_bytes()
