"""A small practice, its copy, and what opens it."""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quenotte.devices.phoenix import opening, returning
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.phoenix.marker import Marker, Secret
from quenotte.devices.phoenix.returning import Told
from quenotte.devices.repository import keyfiles
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sources import Source
from quenotte.devices.repository.writing import save

PASSPHRASE = "bcde fghj knpr stuv xbcd efgh jknp rstu"
AT = datetime(2026, 3, 16, 20, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 18, 7, 0, tzinfo=UTC)


@dataclass
class Practice:
    """A data folder, and a repository that its copies go to."""

    folder: Path
    place: Path
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "keys").mkdir(parents=True)
        (self.folder / "keys/journal.key").write_text("ours")
        self.words: list[str] = []
        self.pictures = [self.picture(os.urandom(size)) for size in (90_000, 400)]
        self.repository = Repository.create(
            FolderStore(self.place), PASSPHRASE, host="srv", user="q"
        )

    def picture(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()
        path = self.folder / "blobs" / name[:2] / name[2:4] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return name

    def write(self, words: str) -> None:
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS notes (words TEXT)")
            database.execute("INSERT INTO notes VALUES (?)", [words])

    def copy(self, words: str, at: datetime = AT, *, tags: tuple[str, ...] = ()) -> str:
        """Write something, then save the practice as it is."""
        self.write(words)
        sources = [
            Source("db.sqlite3", self.folder / "db.sqlite3", Chunking.PAGES),
            Source("manifest.json", b"{}"),
            Source("keys", self.folder / "keys"),
            Source("blobs", self.folder / "blobs"),
        ]
        notes = self.folder / "erasures.jsonl"
        if notes.exists():
            sources.append(Source("erasures.jsonl", notes.read_bytes()))
        return save(self.repository, sources, time=at, host="srv", tags=tags).id

    def back(
        self,
        target: Path,
        wish: Wish | None = None,
        *,
        place: str = "",
        now: datetime = NOW,
    ) -> Marker:
        """Come back into a folder as somebody does who has the paper."""
        repository, secret = opening.opened(place or str(self.place), PASSPHRASE)
        return self.bring(target, repository, secret, wish, now=now)

    def bring(
        self,
        target: Path,
        repository: Repository,
        secret: Secret,
        wish: Wish | None = None,
        *,
        now: datetime = NOW,
    ) -> Marker:
        """Bring back from a repository that is open."""
        told = Told(self.said.append)
        return returning.bring_back(target, repository, secret, wish or Wish(), told, now=now)


def words_in(folder: Path) -> list[str]:
    """Return what the database of a folder says."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        return [words for (words,) in database.execute("SELECT words FROM notes ORDER BY rowid")]


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Practice:
    monkeypatch.setattr(keyfiles, "_N", 1024)
    monkeypatch.setattr(os, "fsync", lambda _handle: None)
    monkeypatch.setattr(os, "sync", lambda: None)
    return Practice(tmp_path / "practice", tmp_path / "copies")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "back"


class Killed(BaseException):
    """The machine stops here."""


@pytest.fixture
def killed_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Stop the machine before the n-th name that is given, or file that is removed."""
    left = [-1]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **values: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return real(*args, **values)

        return step

    for name in ("replace", "unlink", "mkdir", "chmod"):
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))

    def arm(number: int) -> None:
        left[0] = number

    yield arm
    left[0] = -1
