import errno
import hashlib
import io
import os
import time
from pathlib import Path
from typing import Any

import pytest

from quenotte.base.files import disk
from quenotte.base.files.models import Blob
from quenotte.base.files.operations import (
    Missing,
    NoRoom,
    Presence,
    has_room,
    keep,
    let_go,
    local_path,
    open_blob,
    presence,
    reindex,
    remove_unnamed,
    sweep,
)
from quenotte.base.files.shelves import LocalShelf

pytestmark = pytest.mark.django_db

TEXT = b"une radiographie" * 100_000


def left_in(folder: Path) -> list[str]:
    return [path.name for path in (folder / "incoming").iterdir()]


@pytest.mark.parametrize("kind", ["bytes", "stream", "path"])
def test_keep_stores_under_the_digest(folder: Path, tmp_path: Path, kind: str):
    source = tmp_path / "image.dcm"
    source.write_bytes(TEXT)
    given: Any = {"bytes": TEXT, "stream": io.BytesIO(TEXT), "path": source}[kind]
    blob = keep(given, media_type="application/dicom")
    digest = hashlib.sha256(TEXT).hexdigest()
    assert (blob.sha256, blob.size_bytes) == (digest, len(TEXT))
    kept = folder / "blobs" / digest[:2] / digest[2:4] / digest
    assert kept.read_bytes() == TEXT
    assert kept.stat().st_mode & 0o777 == 0o400
    assert left_in(folder) == []
    assert source.exists()


def test_keep_adopts_a_file_of_the_same_disk_without_a_copy(folder: Path):
    source = folder / "incoming" / "arrived"
    source.write_bytes(TEXT)
    inode = source.stat().st_ino
    blob = keep(source, media_type="application/dicom", move=True)
    assert local_path(blob).stat().st_ino == inode
    assert not source.exists()


def test_keep_copies_and_removes_a_file_of_another_disk(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    source = tmp_path / "elsewhere"
    source.write_bytes(TEXT)
    monkeypatch.setattr(disk, "same_disk", lambda _path, _folder: False)
    blob = keep(source, media_type="application/dicom", move=True)
    assert local_path(blob).read_bytes() == TEXT
    assert not source.exists()


def test_keep_twice_is_one_blob(folder: Path):
    first = keep(TEXT, media_type="image/png")
    assert keep(io.BytesIO(TEXT), media_type="image/jpeg") == first
    assert Blob.objects.get().media_type == "image/png"


def test_keep_again_mends_a_damaged_blob(folder: Path):
    blob = keep(TEXT, media_type="image/png")
    local_path(blob).chmod(0o600)
    local_path(blob).write_bytes(b"rouille")
    keep(TEXT, media_type="image/png")
    with open_blob(blob) as stream:
        assert stream.read() == TEXT


def test_bytes_are_synchronised_before_the_row(folder: Path, monkeypatch: pytest.MonkeyPatch):
    steps = []
    fsync, replace, create = os.fsync, Path.replace, Blob.objects.get_or_create

    def note_fsync(descriptor: int):
        steps.append(
            "fsync folder" if Path(f"/proc/self/fd/{descriptor}").is_dir() else "fsync file"
        )
        fsync(descriptor)

    def note_replace(self: Path, target: Path):
        steps.append("rename")
        return replace(self, target)

    def note_row(**values: Any):
        steps.append("row")
        return create(**values)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    monkeypatch.setattr(Blob.objects, "get_or_create", note_row)
    keep(TEXT, media_type="image/png")
    assert steps == ["fsync file", "rename", *["fsync folder"] * 3, "row"]


class FullDisk(io.BytesIO):
    """A stream that ends on a full disk, as the writer sees it."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 2_000_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().read(size)


def test_keep_refuses_on_a_full_disk_and_leaves_nothing(folder: Path):
    with pytest.raises(NoRoom, match="espace disque"):
        keep(FullDisk(b"x" * 5_000_000), media_type="application/dicom")
    assert left_in(folder) == []
    assert Blob.objects.count() == 0


def test_keep_passes_other_disk_errors_on(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_arguments: Any):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(disk, "put_in_place", broken)
    with pytest.raises(OSError, match="Input/output"):
        keep(TEXT, media_type="image/png")
    assert left_in(folder) == []


def test_keep_refuses_under_the_floor(folder: Path, settings: Any):
    settings.DISK_FLOOR_BYTES = 10**18
    assert not has_room()
    with pytest.raises(NoRoom):
        keep(TEXT, media_type="image/png")
    assert Blob.objects.count() == 0


def test_has_room_counts_what_is_to_come(folder: Path):
    assert has_room(1000)
    assert not has_room(10**18)


def test_open_blob_says_when_bytes_are_missing(folder: Path):
    blob = keep(TEXT, media_type="image/png")
    local_path(blob).unlink()
    with pytest.raises(Missing, match="introuvable"):
        open_blob(blob)


def test_reindex_gives_a_row_to_whole_orphans_only(folder: Path):
    blob = keep(TEXT, media_type="image/png")
    altered = keep(b"autre", media_type="image/png")
    local_path(altered).chmod(0o600)
    local_path(altered).write_bytes(b"rouille")
    Blob.objects.all().delete()
    assert reindex() == 1
    found = Blob.objects.get()
    assert (found.sha256, found.size_bytes) == (blob.sha256, len(TEXT))


def test_sweep_removes_parts_of_dead_processes_and_old_ones(folder: Path):
    incoming = folder / "incoming"
    mine = disk.new_part(incoming)
    dead = incoming / "4194399-abc.part"
    old = incoming / "deadbeef.part"
    young = incoming / "cafecafe.part"
    other = incoming / "image.dcm"
    form, killed_form = incoming / "tmpabc.upload.png", incoming / "tmpdef.upload"
    for path in (mine, dead, old, young, other, form, killed_form):
        path.write_bytes(b"x")
        os.utime(path, (time.time(), time.time()))
    os.utime(old, (time.time() - 90_000,) * 2)
    os.utime(killed_form, (time.time() - 4_000,) * 2)
    assert sweep() == 3
    assert sorted(left_in(folder)) == sorted([mine.name, young.name, other.name, form.name])


def test_shrink_removes_what_was_read_longest_ago(tmp_path: Path):
    for age, name in enumerate(("aa/aa/new", "bb/bb/old")):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * 100)
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    disk.shrink(tmp_path, to_bytes=150)
    assert [path.name for path in tmp_path.glob("??/??/*")] == ["new"]


def test_remove_if_abandoned_when_somebody_was_faster(tmp_path: Path):
    assert not disk.remove_if_abandoned(tmp_path / "1-gone.part", older_than_s=0)


def test_let_go_removes_the_bytes_once_that_is_committed(
    folder: Path, django_capture_on_commit_callbacks: Any
):
    blob, other = keep(TEXT, media_type="image/png"), keep(b"x", media_type="image/png")
    path = local_path(blob)
    with django_capture_on_commit_callbacks(execute=True):
        let_go([blob.sha256])
        assert path.is_file()
    assert not path.exists()
    assert list(Blob.objects.values_list("sha256", flat=True)) == [other.sha256]
    assert local_path(other).is_file()
    # Done again, there is nothing left to do.
    remove_unnamed([blob.sha256])


def test_bytes_that_a_row_names_are_not_removed(folder: Path):
    blob = keep(TEXT, media_type="image/png")
    remove_unnamed([blob.sha256])
    assert local_path(blob).is_file()


def test_bytes_that_cannot_be_removed_are_told_and_left_for_the_next_time(
    folder: Path, caplog: pytest.LogCaptureFixture
):
    blob = keep(TEXT, media_type="image/png")
    path = local_path(blob)
    Blob.objects.all().delete()
    path.unlink()
    path.mkdir()
    remove_unnamed([blob.sha256])
    assert "is still there" in caplog.text
    path.rmdir()


def test_presence_counts_what_is_away_or_cut_short(folder: Path):
    kept, away, short = (keep(TEXT + end, media_type="image/png") for end in (b"1", b"2", b"3"))
    local_path(away).unlink()
    local_path(short).chmod(0o600)
    local_path(short).write_bytes(b"rouille")
    assert presence() == Presence(3, 2)
    assert local_path(kept).is_file()


def test_presence_counts_nothing_absent_that_came_or_went_meanwhile(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    keep(TEXT, media_type="image/png")
    gone = keep(b"une lettre", media_type="text/plain")
    listed = list(LocalShelf(folder / "blobs").sizes())

    def meanwhile(_self: LocalShelf):
        yield from listed
        keep(b"une radiographie de plus", media_type="image/png")

    monkeypatch.setattr(LocalShelf, "sizes", meanwhile)
    assert presence() == Presence(2, 0)
    # Those that the list missed: one put in its place again by a rename, one let go.
    monkeypatch.setattr(LocalShelf, "sizes", lambda _self: iter(listed[:1]))
    assert presence().absent == 0

    def lets_go(_self: LocalShelf):
        Blob.objects.filter(pk=gone.pk).delete()
        remove_unnamed([gone.sha256])
        return iter([one for one in listed if one[0] != gone.sha256])

    monkeypatch.setattr(LocalShelf, "sizes", lets_go)
    assert presence() == Presence(3, 0)
