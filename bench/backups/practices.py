"""What a practice has to save, made up: a database of rows, and pictures that cannot be packed."""

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

#: Whole: twenty years of notes, and a short stretch of radiographs. Bytes.
DATABASE_BYTES = 522 << 20
PICTURES_BYTES = 3000 << 20
_WORDS = (
    "carie détartrage composite molaire canine dévitalisation couronne contrôle douleur froid "
    "chaud sensibilité gencive saignement radiographie rétroalvéolaire panoramique articaïne "
    "ordonnance rendez-vous patient revu dans six mois occlusion vérifiée polissage teinte"
).split()
_ROWS_AT_ONCE = 5000
_CHANGED_ROWS = 330
_NEW_PICTURES = 3


class Practice:
    """A data folder: a live database and a folder of pictures."""

    def __init__(self, folder: Path, *, share: float) -> None:
        self.folder = folder
        self.pictures = folder / "pictures"
        self.database = folder / "db.sqlite3"
        self._live = folder.with_name(f"{folder.name}-live.sqlite3")
        self._share = share
        self._random = random.Random(20)

    def make(self) -> None:
        """Fill the folder."""
        self.pictures.mkdir(parents=True)
        with closing(sqlite3.connect(self._live)) as base:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, day TEXT, said TEXT)")
            base.execute("CREATE INDEX note_day ON note (day)")
            while self._live.stat().st_size < DATABASE_BYTES * self._share:
                with base:
                    base.executemany("INSERT INTO note (day, said) VALUES (?, ?)", self._notes())
        self._copy()
        left = int(PICTURES_BYTES * self._share)
        while left > 0:
            left -= self._picture()

    def pass_a_day(self) -> int:
        """Change rows all over the database, add a few pictures; return their bytes."""
        with closing(sqlite3.connect(self._live)) as base, base:
            (rows,) = base.execute("SELECT max(id) FROM note").fetchone()
            for _ in range(_CHANGED_ROWS):
                chosen = (self._said(), self._random.randint(1, rows))
                base.execute("UPDATE note SET said = ? WHERE id = ?", chosen)
        self._copy()
        return sum(self._picture() for _ in range(_NEW_PICTURES))

    def _copy(self) -> None:
        """Copy the database page by page, as the nightly snapshot does."""
        self.database.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(self._live)) as live,
            closing(sqlite3.connect(self.database)) as copy,
        ):
            live.backup(copy, pages=-1)

    def _notes(self) -> Iterator[tuple[str, str]]:
        for _ in range(_ROWS_AT_ONCE):
            day = f"20{self._random.randint(6, 25):02}-{self._random.randint(1, 12):02}-15"
            yield day, self._said()

    def _said(self) -> str:
        return " ".join(self._random.choices(_WORDS, k=self._random.randint(20, 80)))

    def _picture(self) -> int:
        size = self._random.randint(2_000_000, 10_000_000)
        content = os.urandom(size)
        name = content[:16].hex()
        folder = self.pictures / name[:2]
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.dcm").write_bytes(content)
        return size
