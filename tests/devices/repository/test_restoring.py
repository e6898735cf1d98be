"""Restoring: what is asked for, nothing outside of the folder, never through a link."""

import os
from pathlib import Path

import pytest

from quenotte.devices.repository import trees
from quenotte.devices.repository.blobs import BlobWriter
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.errors import CannotRestore, Damaged, UnsafeName
from quenotte.devices.repository.indexes import Index
from quenotte.devices.repository.packs import CONTENT, TREE
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import check, restore
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.devices.repository.trees import FILE, FOLDER, LINK, Node
from quenotte.devices.repository.writing import Source, save
from tests.devices.repository.conftest import AT


def snapshot_of(repository: Repository, tree: bytes) -> Snapshot:
    """Return a snapshot of a tree that somebody else wrote."""
    blobs = BlobWriter(repository.store, repository.key, repository.index)
    snapshot = Snapshot("0" * 64, AT, blobs.put(TREE, tree))
    blobs.finish()
    return snapshot


def test_only_what_is_asked_for(repository: Repository, files: Path, tmp_path: Path) -> None:
    save(repository, [Source("q/files", files), Source("q/db", b"db")], time=AT, host="srv")
    [snapshot] = repository.snapshots()

    done = restore(repository, snapshot, tmp_path / "back", only=["q/db", "/q/files/pictures/"])

    found = sorted(str(path.relative_to(tmp_path / "back")) for path in tmp_path.glob("back/**/*"))
    assert found == ["q", "q/db", "q/files", "q/files/pictures", "q/files/pictures/one.dcm"]
    assert done.files == 2
    assert done.bytes == 200_002


def test_what_is_there_is_replaced_and_links_are_not_followed(
    repository: Repository, files: Path, tmp_path: Path
) -> None:
    save(repository, [Source("files", files)], time=AT, host="srv")
    outside, back = tmp_path / "outside", tmp_path / "back"
    outside.mkdir()
    (outside / "letter.txt").write_text("mine")
    back.mkdir()
    (back / "files").symlink_to(outside)

    restore(repository, repository.snapshots()[0], back)
    restore(repository, repository.snapshots()[0], back)

    assert (outside / "letter.txt").read_text() == "mine"
    assert (back / "files/letter.txt").read_bytes() == (files / "letter.txt").read_bytes()
    assert (back / "files/empty.txt").stat().st_size == 0


def test_blobs_out_of_order_come_back_in_order(repository: Repository, tmp_path: Path) -> None:
    pages = [os.urandom(16384) for _ in range(20)]
    order = [3, 3, 7, 0, 19, 3, 18, 17]
    save(repository, [Source("a", b"".join(pages), Chunking.PAGES)], time=AT, host="srv")
    mixed = b"".join(pages[number] for number in order) + b"end"
    save(repository, [Source("a", mixed, Chunking.PAGES)], time=AT, host="other")

    restore(repository, repository.snapshots()[-1], tmp_path / "1", threads=1)
    restore(repository, repository.snapshots()[0], tmp_path / "2")

    found = {(tmp_path / name / "a").read_bytes() for name in ("1", "2")}
    assert found == {mixed, b"".join(pages)}


@pytest.mark.parametrize("name", [b"", b"..", b"a/b", b"../outside", b"a\0"])
def test_name_that_leads_out_writes_nothing(
    repository: Repository, tmp_path: Path, name: bytes
) -> None:
    snapshot = snapshot_of(repository, trees.encode([Node(name, FILE)]))

    with pytest.raises(UnsafeName):
        restore(repository, snapshot, tmp_path / "back")
    assert list((tmp_path / "back").iterdir()) == []


def test_strangers_are_left_out(repository: Repository, tmp_path: Path) -> None:
    nodes = [Node(b"pipe", "fifo"), Node(b"link", LINK, target=b"../x"), Node(b"odd", FOLDER)]
    snapshot = snapshot_of(repository, trees.encode(nodes))

    assert restore(repository, snapshot, tmp_path / "back").left_out == ["odd", "pipe"]
    assert str((tmp_path / "back/link").readlink()) == "../x"


def test_blob_that_is_no_tree_is_damage(repository: Repository, tmp_path: Path) -> None:
    snapshot = snapshot_of(repository, b"{}")
    with pytest.raises(Damaged):
        restore(repository, snapshot, tmp_path / "back")


def test_folder_that_cannot_be_written_says_so(
    repository: Repository, files: Path, tmp_path: Path
) -> None:
    save(repository, [Source("files", files)], time=AT, host="srv")
    (tmp_path / "back").write_text("a file")
    with pytest.raises(CannotRestore):
        restore(repository, repository.snapshots()[0], tmp_path / "back")


def test_second_copy_stands_in_for_a_damaged_one(
    repository: Repository, files: Path, tmp_path: Path
) -> None:
    save(repository, [Source("files", files)], time=AT, host="srv")
    first = {path.name for path in Path(str(repository.store)).glob("data/*/*")}
    # Written by somebody who did not know the first: the same blobs, in packs of their own.
    copies = BlobWriter(repository.store, repository.key, Index())
    for kind in (CONTENT, TREE):
        for blob_id in repository.index.known(kind):
            copies.put(kind, repository.blob(kind, blob_id))
    copies.finish()
    for path in Path(str(repository.store)).glob("data/*/*"):
        if path.name in first:
            content = bytearray(path.read_bytes())
            content[20] ^= 1
            path.write_bytes(content)
    repository.refresh()

    restore(repository, repository.snapshots()[0], tmp_path / "back")

    assert (tmp_path / "back/files/letter.txt").read_bytes() == (files / "letter.txt").read_bytes()
    assert {one.name for one in check(repository, read_data=True)} == first


def test_more_files_than_may_wait(repository: Repository, tmp_path: Path) -> None:
    texts = {str(number): os.urandom(50) for number in range(150)}
    sources = [Source(f"files/{name}", text) for name, text in texts.items()]
    save(repository, sources, time=AT, host="srv")

    restore(repository, repository.snapshots()[0], tmp_path / "back", threads=1)

    found = {path.name: path.read_bytes() for path in (tmp_path / "back/files").iterdir()}
    assert found == texts
