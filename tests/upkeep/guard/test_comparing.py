"""Trees of real small repositories, compared; how files begin; canaries; rows."""

import hashlib
import os
import random
from datetime import UTC, datetime, timedelta

import pytest

from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sources import Source
from quenotte.devices.repository.writing import save
from quenotte.upkeep.guard import canaries, heads, rows
from quenotte.upkeep.guard.comparing import compared

pytestmark = pytest.mark.one_engine

AT = datetime(2026, 3, 17, 20, 30, tzinfo=UTC)
PAGE = 16_384


class Practice:
    """A data folder with its repository."""

    def __init__(self, folder):
        self.folder, self.noise = folder / "data", random.Random(5)
        self.store = FolderStore(folder / "repository")
        self.repository = Repository.create(self.store, "carte postale", host="srv", user="q")
        (self.folder / "blobs").mkdir(parents=True)
        canaries.plant(self.folder / "blobs")
        self.blobs = [self.keep(b"\xff\xd8\xff" + self.noise.randbytes(900)) for _ in range(32)]
        self.others = {f"keys/{name}": self.noise.randbytes(40) for name in ("a", "b", "c")}
        # Pages of text, which give way to compression.
        self.pages = [f"page {n} ".encode() * (PAGE // 16) for n in range(64)]
        self.number = 0
        self.last = None

    def keep(self, body):
        name = hashlib.sha256(body).hexdigest()
        path = self.folder / "blobs" / name[:2] / name[2:4] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return path

    def copy(self):
        """Save the practice; return how it differs from the copy before."""
        self.number += 1
        database = b"".join(page[:PAGE].ljust(PAGE, b"\0") for page in self.pages)
        sources = [
            Source("db.sqlite3", database, Chunking.PAGES),
            Source("blobs", self.folder / "blobs"),
            *(Source(name, body) for name, body in self.others.items()),
        ]
        moment = AT + timedelta(days=self.number)
        saved = save(self.repository, sources, time=moment, host="srv")
        before = self.last.tree if self.last else None
        self.last = self.repository.snapshot(saved.id)
        self.repository.refresh()
        return compared(
            self.repository, before, self.last.tree, database="db.sqlite3", head_of=self.head_of
        )

    def head_of(self, path):
        return (self.folder / path).read_bytes()[: heads.HEAD_BYTES]


@pytest.fixture
def copied(tmp_path):
    practice = Practice(tmp_path)
    first = practice.copy()
    assert (first.altered, first.canaries, first.unlike, first.looked_at) == (0, (), 0, 32)
    return practice


def test_quiet_night_shows_nothing(copied):
    copied.keep(b"%PDF-1.7 a letter")
    copied.pages[3] = b"another page " * 400
    change = copied.copy()
    assert (change.altered, change.vanished, change.canaries, change.unlike) == (0, 0, (), 0)
    assert (change.looked_at, change.others_lost, change.marked) == (1, 0, 0)
    assert change.new_share == 1 / 64
    assert change.new_ratio < 0.2


def test_encrypted_files_and_pages_show(copied):
    for path in sorted((copied.folder / "blobs").rglob("*")):
        if path.is_file():
            path.write_bytes(os.urandom(path.stat().st_size))
    copied.pages = [os.urandom(PAGE) for _ in copied.pages]
    copied.others = {f"{name}.lockbit3": body for name, body in copied.others.items()}
    change = copied.copy()
    assert (change.altered, len(change.canaries), len(change.names)) == (32, 2, 5)
    assert (change.new_share, change.new_ratio > 0.95) == (1.0, True)
    assert (change.others_lost, change.other_files, change.marked) == (3, 3, 3)


def test_canary_changed_in_place_shows_and_one_that_is_whole_again_does_not(copied):
    path = copied.folder / "blobs" / canaries.LAST
    path.write_bytes(os.urandom(path.stat().st_size))
    assert copied.copy().canaries == (f"blobs/{canaries.LAST}",)
    canaries.renew(copied.folder / "blobs")
    assert copied.copy().canaries == ()
    path.unlink()
    assert copied.copy().canaries == (f"blobs/{canaries.LAST}",)


def test_every_sixteenth_block_shows(copied):
    for place in range(0, 64, 16):
        copied.pages[place] = os.urandom(PAGE)
    change = copied.copy()
    assert (change.new_share, change.new_ratio > 0.95) == (1 / 16, True)


def test_vanished_renamed_and_foreign_files_show(copied):
    copied.blobs[0].unlink()
    copied.blobs[1].rename(f"{copied.blobs[1]}.locked")
    wrong = copied.keep(b"%PDF something")
    wrong.write_bytes(b"something else")
    for _ in range(3):
        copied.keep(copied.noise.randbytes(500))
    change = copied.copy()
    assert (change.vanished, change.altered, change.marked) == (2, 1, 1)
    assert (change.unlike, change.looked_at) == (3, 3)


@pytest.mark.parametrize(
    ("head", "is_known"),
    [
        (bytes(128) + b"DICM", True),
        (b"\x89PNG\r\n\x1a\n", True),
        ("Compte rendu opératoire : é".encode()[:-1], True),
        (b"solid mesh".ljust(80, b" ") + b"\x10\xff\0\0" + bytes(range(200, 248)), True),
        (random.Random(2).randbytes(132), False),
        (b"", True),
    ],
)
def test_how_files_begin(head, is_known):
    assert heads.is_known(head) is is_known


def test_canaries_know_themselves(tmp_path):
    canaries.plant(tmp_path)
    canaries.plant(tmp_path / "missing")
    assert canaries.touched([tmp_path, tmp_path / "missing"]) == []
    first, last = (tmp_path / name for name in (canaries.FIRST, canaries.LAST))
    first.write_bytes(first.read_bytes()[:-1] + b"x")
    assert canaries.touched([tmp_path]) == [str(first)]
    last.rename(f"{last}.locked")
    # What was touched is not put right: it is what shows.
    canaries.plant(tmp_path)
    assert canaries.touched([tmp_path]) == [str(first), str(last)]
    canaries.renew(tmp_path)
    canaries.renew(tmp_path / "missing")
    assert canaries.touched([tmp_path]) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [first.name, last.name]


@pytest.mark.parametrize("at_once", [2, 500_000])
def test_rows_that_moved_are_not_changed_ones(monkeypatch, at_once):
    monkeypatch.setattr(rows, "_COUNTED_AT_ONCE", at_once)
    before = rows.kept({"note": ["gone", *map(str, range(50)), "1", "1"], "other": ["1"]})
    now = rows.kept({"note": [*map(str, range(50)), "new", "1"], "other": ["2"]})
    # One that went, and one of three that were alike.
    assert rows.changed(before, now) == {"note": 2, "other": 1}
    assert rows.changed(before, now, {"note"}) == {"note": 2}
    assert rows.changed(now, before) == {"note": 1, "other": 1}


def test_changed_rows_are_counted(tmp_path):
    before = rows.kept({"patient": ["1,'a'", "2,'b'", "3,'c'"], "note": ["1"], "gone": ["1", "2"]})
    now = rows.kept({"patient": ["1,'a'", "2,'x'", "4,'d'"], "note": ["1", "2"]})
    before.save(tmp_path / "rows")
    kept = rows.load(tmp_path / "rows")
    assert kept is not None
    assert kept.tables == before.tables
    assert rows.changed(kept, now) == {"patient": 2, "gone": 2}
    (tmp_path / "rows").write_bytes(b"encrypted")
    assert rows.load(tmp_path / "rows") is None
    assert rows.load(tmp_path / "nothing") is None
