"""One copy weighed before it is written down: its files by their tree, its rows by their counts."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from quenotte.devices.repository.errors import RepositoryError
from quenotte.devices.repository.repository import Repository
from quenotte.upkeep.guard import (
    canaries,
    comparing,
    heads,
    planting,
    queries,
    remembering,
    rows,
    rules,
)
from quenotte.upkeep.guard.facts import Change, Compared, Picture, Recalled
from quenotte.upkeep.guard.models import Look
from quenotte.upkeep.guard.rules import Verdict

#: All rows are compared one by one up to such a database, in bytes; of a larger one those that
#: hardly ever change. Measured on one core: 13 s and 20 MiB for each GiB, with 5 million rows.
MOST_BYTES: Final = 1 << 32
_ROWS_AT_ONCE: Final = 2_000
#: The tag of a copy that is never taken by itself. Source: `quenotte.devices.phoenix.choosing`.
QUARANTINE: Final = "quarantine"
#: Good copies that are tried where the trees of the newest have rotted.
_OLDER: Final = 12


@dataclass(frozen=True)
class Weighed:
    """A copy with what was found of it. ``numbers``: of its rows, not kept yet."""

    verdict: Verdict
    picture: Picture
    change: Change
    numbers: rows.Rows | None


@dataclass(frozen=True)
class Copied:
    """What is known of a copy before its snapshot is written. Sizes in bytes; ``at`` is aware.

    ``recalled`` reads what the place itself tells of its last good copy.
    """

    destination_id: UUID
    at: datetime
    tree: bytes
    added_bytes: int
    database: str
    database_path: Path
    tables: Mapping[str, int]
    schema: str
    migrations: str
    journal: tuple[int, str]
    size_bytes: int
    recalled: Callable[[], Recalled | None]


@dataclass(frozen=True)
class _Before:
    """The last good copy of a place, as the database remembers it or as the place recalls it.

    ``accepted``: a later one of another place, of which a person said that what it changed in the
    database was meant; the picture and the numbers of the rows are its own then.
    """

    look: Look | None
    recalled: Recalled | None
    picture: Picture
    accepted: Look | None = None

    @property
    def at(self) -> datetime:
        """Return when the copy of this very place was made (aware)."""
        return self.look.at if self.look else self.picture.at

    def place_of_rows(self, destination_id: UUID) -> UUID:
        """Return whose numbers of the rows are compared with."""
        return self.accepted.destination_id if self.accepted else destination_id

    def trees(self, repository: Repository) -> Iterator[bytes]:
        """Yield its tree, then those of good copies before it. Raises: RepositoryError."""
        if self.recalled:
            yield self.recalled.tree
        elif self.look:
            for look in queries.good_looks(self.look.destination_id)[:_OLDER]:
                with suppress(RepositoryError):
                    yield repository.snapshot(look.snapshot_id).tree


def weighed(repository: Repository, copied: Copied) -> Weighed:
    """Weigh a copy beside the last good one of its destination.

    Raises: Damaged, Missing, Unreachable.
    """
    look = _believed(repository, queries.last_good(copied.destination_id))
    accepted = queries.accepted_elsewhere(look) if look else None
    picture, numbers = _picture(copied, _sealed_in(accepted or look))
    before = _before(look, accepted, copied, picture)
    change = _change(repository, before, copied, picture, numbers)
    known = _known(before, copied)
    old = before.picture if before else None
    return Weighed(rules.judged(old, picture, change, known), picture, change, numbers)


def _believed(repository: Repository, look: Look | None) -> Look | None:
    """Return a good copy, but one that was set aside and that nobody released by a closing.

    Its snapshot says so, whatever the database says.
    """
    if look is None or queries.is_released(look.anomaly):
        return look
    with suppress(RepositoryError):
        return None if QUARANTINE in repository.snapshot(look.snapshot_id).tags else look
    return look


def _sealed_in(look: Look | None) -> frozenset[str]:
    """Return what was sealed or settled then: whoever lifts the triggers hides no row by it."""
    then = read(look.picture, look.at) if look else None
    return then.sealed | then.settled if then else frozenset()


def _before(
    look: Look | None, accepted: Look | None, copied: Copied, now: Picture
) -> _Before | None:
    if look is not None:
        newest = accepted or look
        return _Before(look, None, read(newest.picture, newest.at), accepted)
    recalled = copied.recalled()
    if recalled is None:
        return None
    # Which tables refuse changes is told by the schema, which is compared besides.
    picture = replace(recalled.picture, sealed=now.sealed, settled=now.settled)
    return _Before(None, recalled, picture)


def _known(before: _Before | None, copied: Copied) -> rules.Known:
    declared = queries.notes(before.at, copied.at) if before else []
    known = queries.known(copied.destination_id, declared)
    if before is not None and before.accepted is not None:
        return replace(known, peaks=queries.known(before.accepted.destination_id, declared).peaks)
    if before is None or before.recalled is None:
        return known
    # A copy that was made when there was none yet comes back without any.
    is_lost = before.recalled.looks > 0 and not queries.all_good_looks().exists()
    return replace(known, peaks=before.picture.rows, is_memory_lost=is_lost)


def told(picture: Picture) -> dict[str, Any]:
    """Return a picture as it is kept."""
    return asdict(picture) | {
        "at": picture.at.isoformat(),
        "rows": dict(picture.rows),
        "sealed": sorted(picture.sealed),
        "settled": sorted(picture.settled),
        "compared": picture.compared.value,
    }


def read(words: Mapping[str, Any], at: datetime) -> Picture:
    """Return a picture that was kept."""
    number, seal = words.get("journal", (0, ""))
    return Picture(
        at=at,
        rows=dict(words.get("rows", {})),
        schema=str(words.get("schema", "")),
        migrations=str(words.get("migrations", "")),
        size_bytes=int(words.get("size_bytes", 0)),
        journal=(int(number), str(seal)),
        sealed=frozenset(words.get("sealed", ())),
        settled=frozenset(words.get("settled", ())),
    )


def _picture(copied: Copied, also: frozenset[str]) -> tuple[Picture, rows.Rows | None]:
    """Look into the copied database, where it is one file that can be opened."""
    seen, is_readable = _Seen(), True
    if copied.database_path.is_file():
        try:
            seen = _looked_at(copied.database_path, also)
        except sqlite3.DatabaseError:
            is_readable = False
    picture = Picture(
        at=copied.at,
        rows=copied.tables,
        schema=copied.schema,
        migrations=copied.migrations,
        size_bytes=copied.size_bytes,
        journal=copied.journal,
        sealed=seen.sealed,
        settled=seen.settled,
        is_readable=is_readable,
        compared=seen.compared,
    )
    return picture, seen.numbers


def _change(
    repository: Repository,
    before: _Before | None,
    copied: Copied,
    now: Picture,
    numbers: rows.Rows | None,
) -> Change:
    found = _compared(repository, before, copied)
    place = before.place_of_rows(copied.destination_id) if before else None
    kept = remembering.load(place) if place else None
    return comparing.completed(
        found,
        canaries=_touched(),
        added_bytes=copied.added_bytes,
        rows_changed=_rows_changed(before, kept, numbers, now),
        is_journal_kept=_is_kept(before, copied),
    )


def _rows_changed(
    before: _Before | None, kept: rows.Rows | None, numbers: rows.Rows | None, now: Picture
) -> dict[str, int]:
    """Count the rows that are not as they were; of a large database, in the tables numbered."""
    if before is None or kept is None or numbers is None:
        return {}
    then = before.picture.sealed | before.picture.settled
    among = then | numbers.tables.keys() if now.compared is Compared.SEALED else None
    return rows.changed(kept, numbers, among)


def _compared(repository: Repository, before: _Before | None, copied: Copied) -> Change:
    """Compare with the last good copy, or with one before it where its trees have rotted.

    A copy that nobody can read any more must not keep the next one from being made. Without any,
    all is new. Raises: Damaged, Missing when the copy in the making cannot be read.
    """
    for tree in before.trees(repository) if before else ():
        with suppress(RepositoryError):
            return _beside(repository, tree, copied)
    return _beside(repository, None, copied)


def _beside(repository: Repository, tree: bytes | None, copied: Copied) -> Change:
    return comparing.compared(
        repository, tree, copied.tree, database=copied.database, head_of=_head_of
    )


def _touched() -> list[str]:
    """Return the canaries that were touched by now, named as in the copy: each counts once."""
    data = Path(settings.DATA_DIR)
    found = canaries.touched(planting.folders(), planting.planted())
    return [Path(one).relative_to(data).as_posix() for one in found]


def _is_kept(before: _Before | None, copied: Copied) -> bool:
    """Tell whether the last line of the journal of the copy before is still what it was."""
    number, seal = before.picture.journal if before else (0, "")
    if not number or not copied.database_path.is_file():
        return True
    with suppress(sqlite3.DatabaseError), _opened(copied.database_path) as database:
        question = "SELECT seal FROM base_line WHERE number = ?"
        return database.execute(question, (number,)).fetchone() == (seal,)
    return True


@dataclass(frozen=True)
class _Seen:
    """The numbers of the rows, the sealed tables and the settled ones."""

    numbers: rows.Rows | None = None
    sealed: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    compared: Compared = Compared.NONE


def _looked_at(path: Path, also: frozenset[str]) -> _Seen:
    """Look into a database; ``also``: tables of which rows are numbered however large it is.

    Raises: sqlite3.DatabaseError when pages do not fit together.
    """
    with _opened(path) as database:
        said = database.execute("PRAGMA quick_check(1)").fetchone()
        if said != ("ok",):
            raise sqlite3.DatabaseError(str(said))
        sealed, settled = (_refusing(database, is_whole=one) for one in (True, False))
        if path.stat().st_size <= MOST_BYTES:
            return _Seen(_numbered(database), sealed, settled, Compared.ALL)
        numbers = _numbered(database, sealed | settled | also)
        return _Seen(numbers, sealed, settled, Compared.SEALED)


def _refusing(database: sqlite3.Connection, *, is_whole: bool) -> frozenset[str]:
    """Return the tables of which a trigger refuses every change, or all but some."""
    triggers = database.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    return frozenset(
        table
        for table, words in triggers
        if "BEFORE UPDATE ON" in words
        and "RAISE(ABORT" in words
        and ("WHEN" not in words) is is_whole
    )


def _numbered(database: sqlite3.Connection, among: frozenset[str] | None = None) -> rows.Rows:
    """Number the rows of all tables that do not breathe, or of some."""
    numbers = rows.Rows()
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in names:
        is_wanted = among is None or name in among
        if is_wanted and name not in rules.BREATHING and not name.startswith("sqlite_"):
            numbers.begin(name)
            _number(database, name, numbers)
    return numbers


def _number(database: sqlite3.Connection, table: str, numbers: rows.Rows) -> None:
    quoted = '"{}"'.format(table.replace('"', '""'))
    columns = [column[1] for column in database.execute(f"PRAGMA table_info({quoted})")]
    values = " || ',' || ".join(
        'quote("{}")'.format(column.replace('"', '""')) for column in columns
    )
    if not values:
        return
    cursor = database.execute(f"SELECT {values} FROM {quoted}")  # noqa: S608 - our own tables
    while found := cursor.fetchmany(_ROWS_AT_ONCE):
        numbers.add(table, (text for (text,) in found))


def _opened(path: Path) -> closing[sqlite3.Connection]:
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return closing(sqlite3.connect(uri, uri=True))


def _head_of(path: str) -> bytes | None:
    try:
        with (Path(settings.DATA_DIR) / path).open("rb") as stream:
            return stream.read(heads.HEAD_BYTES)
    except OSError:
        return None
