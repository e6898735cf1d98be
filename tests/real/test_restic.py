"""Stock restic judges what we write, and we read what it writes."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quenotte.devices.repository import keyfiles
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import check, read_file, restore
from quenotte.devices.repository.writing import Source, save
from tests.support.programs import program

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]

PASSPHRASE = "carte postale d’un été à Brive"
AT = datetime(2026, 3, 17, 20, 30, tzinfo=UTC)


def restic(place: object, *words: object) -> str:
    """Run stock restic without cache and return what it said; it must succeed."""
    done = subprocess.run(
        [program("restic"), "-r", str(place), "--no-cache", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "RESTIC_PASSWORD": PASSPHRASE},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_files(folder: Path) -> Path:
    """Fill a folder with what a practice has, and with what nobody should have."""
    folder.mkdir()
    (folder / "pictures").mkdir()
    for number, size in enumerate((0, 1, 5000, 8 << 20, (8 << 20) + 1)):
        (folder / "pictures" / f"{number}.dcm").write_bytes(os.urandom(size))
    (folder / "letters.txt").write_text("Chère consœur, cher confrère,\n" * 4000)
    (folder / "empty").mkdir()
    for name in (b'a"b', b"a\\b", b"new\nline", b"\xff\xfe", "été".encode(), b"a b", b"\x01"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(name)
    (folder / "loop").symlink_to(".")
    (folder / "gone").symlink_to("../nowhere/à côté")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o4755)
    return folder


def content_of(folder: Path) -> dict[bytes, object]:
    """Return everything below a folder that a restore must bring back."""
    found: dict[bytes, object] = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        inside: object = state.st_mode
        if path.is_symlink():
            inside = str(path.readlink())
        elif path.is_file():
            inside = (state.st_mode, state.st_mtime_ns, path.read_bytes())
        found[os.fsencode(path.relative_to(folder))] = inside
    return found


def test_restic_and_we_restore_what_we_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As dear to open as in a practice.
    monkeypatch.setattr(keyfiles, "_N", 1 << 15)
    files, place = make_files(tmp_path / "files"), tmp_path / "repository"
    database = os.urandom(16384 * 40 + 512)
    repository = Repository.create(FolderStore(place), PASSPHRASE, host="srv", user="q")
    sources = [
        Source("quenotte/files", files),
        Source("quenotte/db.sqlite3", database, Chunking.PAGES),
    ]

    saved = save(repository, sources, time=AT, host="srv", tags=["night"])

    assert "no errors were found" in restic(place, "check", "--read-data")
    assert saved.id[:8] in restic(place, "snapshots", "--no-lock")
    restic(place, "restore", saved.id, "--target", tmp_path / "back", "--no-lock")
    assert content_of(tmp_path / "back/quenotte/files") == content_of(files)
    assert (tmp_path / "back/quenotte/db.sqlite3").read_bytes() == database
    opened = Repository.open(FolderStore(place), PASSPHRASE)
    restore(opened, opened.snapshots()[0], tmp_path / "ours")
    assert content_of(tmp_path / "ours/quenotte/files") == content_of(files)
    assert check(opened, read_data=True) == []


def test_both_write_into_one_repository(tmp_path: Path) -> None:
    files, place = make_files(tmp_path / "files"), tmp_path / "repository"
    restic(place, "init")
    restic(place, "backup", files, "--host", "other")
    repository = Repository.open(FolderStore(place), PASSPHRASE)
    [theirs] = repository.snapshots()
    ours = save(repository, [Source("files", files)], time=AT, host="srv")
    restic(place, "backup", files, "--host", "other", "--force")

    assert "no errors were found" in restic(place, "check", "--read-data")
    assert check(repository, read_data=True) == []
    restore(repository, theirs, tmp_path / "theirs")
    assert content_of(tmp_path / "theirs" / files.relative_to("/")) == content_of(files)
    letters = read_file(repository, repository.snapshot(ours.id), "files/letters.txt")
    assert letters == (files / "letters.txt").read_bytes()
