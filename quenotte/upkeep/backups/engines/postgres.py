"""PostgreSQL: dumped table by table from one exported snapshot, rebuilt in a trial database.

One file a table, not compressed: what did not change is not sent again.
"""

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import uuid4

import psycopg
from django.db import connection
from django.utils import timezone
from psycopg import sql

from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups.engines import contents
from quenotte.upkeep.backups.engines.contents import Contents
from quenotte.upkeep.backups.engines.forms import (
    DatabaseCopy,
    NoDatabase,
    NoProgram,
    NoRoomForCopy,
    NotRebuilt,
    NoTrialDatabase,
    Trial,
    UnreadableDatabase,
    check_room,
)

_PREFIX: Final = "quenotte_preuve_"
_LOOK: Final = "quenotte_passe_"
_NAMED: Final = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
#: A look that began so long ago is over, in seconds.
_LOOK_S: Final = 3_600
#: A row as text has to be the same text on both sides.
_PLAIN: Final = (
    "SET TIME ZONE 'UTC'; SET DateStyle = ISO; SET IntervalStyle = postgres; "
    "SET extra_float_digits = 3; SET bytea_output = hex"
)
_TABLES: Final = (
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
)
_ROWS: Final = sql.SQL(
    "SELECT COUNT(*), COALESCE(SUM(hashtextextended(one::text, 0)::numeric), 0) FROM {} one"
)
_COLUMNS: Final = (
    "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, "
    "character_maximum_length) FROM information_schema.columns "
    "WHERE table_schema = current_schema() ORDER BY table_name, column_name"
)


class PostgreSQL:
    """The engine of a server beside the data folder."""

    #: As the folder of the dump is called in the tree.
    NAME = "postgres"

    @contextmanager
    def copied(self, folder: Path) -> Iterator[DatabaseCopy]:
        """Dump the database into ``folder`` for the work inside, and count in the same snapshot."""
        path = folder / self.NAME
        try:
            with _connected() as database:
                check_room(folder, _size(database))
                database.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                data_at = timezone.now()
                name = database.execute("SELECT pg_export_snapshot()").fetchone()
                assert name is not None
                _dump(path, str(name[0]))
                found = _contents(database)
            size = sum(one.stat().st_size for one in path.iterdir())
            yield DatabaseCopy(self.NAME, path, data_at, found, size)
        except psycopg.Error as error:
            raise UnreadableDatabase from error
        finally:
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def opened(self, folder: Path) -> Iterator[Trial]:
        """Rebuild the database under another name for the work inside, then drop it."""
        with _connected() as server:
            _forget_trials(server)
        name = f"{_ours(_PREFIX)}{uuid4().hex[:12]}"
        with rebuilt(folder / self.NAME, name):
            with _connected(name) as database:
                found = database.execute("SELECT sha256, size_bytes FROM base_blob").fetchall()
            yield Trial({"QUENOTTE_DATABASE_URL": _address(name)}, dict(found))

    def figures(self) -> Contents:
        """Return the figures of the database in use."""
        with _connected() as database:
            return _contents(database)

    def faults(self) -> tuple[str, int]:
        """Return none: a dump that breaks a constraint is not rebuilt at all."""
        return "", 0


@contextmanager
def rebuilt(dump: Path, name: str) -> Iterator[None]:
    """Make a database of a dump for the work inside, then drop it.

    Raises: NoDatabase, NotRebuilt, NoTrialDatabase, NoProgram.
    """
    with _connected() as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise NoTrialDatabase from error
        try:
            words = ("--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={name}")
            _run("pg_restore", *words, str(dump), failure=NotRebuilt)
            yield
        finally:
            _drop(server, name)


@contextmanager
def looked_into(dump: Path) -> Iterator[str]:
    """Name a database made of a dump, for people who look into it while others work.

    Raises: NoDatabase, NotRebuilt, NoTrialDatabase, NoProgram.
    """
    now = int(time.time())
    with _connected() as server:
        _forget_looks(server, now - _LOOK_S)
    name = f"{_ours(_LOOK)}{now}_{uuid4().hex[:8]}"
    with rebuilt(dump, name):
        yield name


class _Asked:
    def __init__(self, database: "psycopg.Connection[Any]") -> None:
        self._database = database
        database.execute(_PLAIN)
        self.sums: dict[str, str] = {}
        self.tables: dict[str, int] = {}
        for (name,) in self.ask(_TABLES):
            counted = database.execute(_ROWS.format(sql.Identifier(name))).fetchone()
            assert counted is not None
            self.tables[name], self.sums[name] = int(counted[0]), str(counted[1])

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        return self._database.execute(question).fetchall()


def _contents(database: "psycopg.Connection[Any]") -> Contents:
    asked = _Asked(database)
    return Contents(
        engine="postgresql",
        tables=asked.tables,
        hash=contents.hash_of([f"{name} {asked.sums[name]}" for name in sorted(asked.sums)]),
        schema=contents.hash_of([text for (text,) in asked.ask(_COLUMNS)]),
        migrations=contents.migrations(asked),
        journal=contents.journal(asked),
        blobs=contents.blobs(asked),
    )


def _connected(name: str = "") -> "psycopg.Connection[Any]":
    """Connect beside Django, without transactions of its own. Raises: NoDatabase."""
    known = connection.settings_dict
    try:
        return psycopg.connect(
            dbname=name or str(known["NAME"]),
            user=known["USER"] or None,
            password=known["PASSWORD"] or None,
            host=known["HOST"] or None,
            port=known["PORT"] or None,
            autocommit=True,
        )
    except psycopg.OperationalError as error:
        raise NoDatabase from error


def _size(database: "psycopg.Connection[Any]") -> int:
    found = database.execute("SELECT pg_database_size(current_database())").fetchone()
    assert found is not None
    return int(found[0])


def _dump(path: Path, snapshot: str) -> None:
    name = str(connection.settings_dict["NAME"])
    # Uncompressed and by the table, a dump keeps its pages from one copy to the next; where a
    # sequence gains a digit, the rest of its table of contents moves: some 60 KB are stored anew.
    words = ("--format=directory", "--compress=0", "--no-owner", "--no-privileges")
    failure: type[Refusal] = UnreadableDatabase
    try:
        _run("pg_dump", *words, f"--snapshot={snapshot}", f"--file={path}", name, failure=failure)
    except UnreadableDatabase:
        if shutil.disk_usage(path.parent).free < (1 << 20):
            raise NoRoomForCopy from None
        raise


def _run(program: str, *words: str, failure: type[Refusal]) -> None:
    known = connection.settings_dict
    told: Mapping[str, object] = {
        "PGUSER": known["USER"],
        "PGPASSWORD": known["PASSWORD"],
        "PGHOST": known["HOST"],
        "PGPORT": known["PORT"],
    }
    env = {**os.environ, **{name: str(value) for name, value in told.items() if value}}
    try:
        subprocess.run(
            [program, *words], env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True
        )
    except FileNotFoundError as error:
        raise NoProgram from error
    except subprocess.CalledProcessError as error:
        raise failure from error


def _address(name: str) -> str:
    """Return the address of a database of this server, as the product takes it."""
    known = connection.settings_dict
    login = quote(str(known["USER"] or ""), safe="")
    if known["PASSWORD"]:
        login += f":{quote(str(known['PASSWORD']), safe='')}"
    options = {"host": known["HOST"], "port": known["PORT"]}
    told = urlencode({option: str(value) for option, value in options.items() if value})
    return f"postgres://{login}@/{name}?{told}"


def _ours(prefix: str) -> str:
    """Return how passing databases of this practice are called: another may share the server."""
    whose = hashlib.sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()
    return f"{prefix}{whose[:12]}_"


def _forget_trials(server: "psycopg.Connection[Any]") -> None:
    """Drop the trial databases that a killed proof left; whoever holds the turn is alone."""
    left = server.execute(_NAMED, [_ours(_PREFIX)])
    for (name,) in left.fetchall():
        _drop(server, name)


def _forget_looks(server: "psycopg.Connection[Any]", before: int) -> None:
    """Drop what killed looks left: their names say when they began, in Unix seconds."""
    left = server.execute(_NAMED, [_ours(_LOOK)])
    for (name,) in left.fetchall():
        begun = str(name).removeprefix(_ours(_LOOK)).partition("_")[0]
        if begun.isdigit() and int(begun) < before:
            _drop(server, name)


def _drop(server: "psycopg.Connection[Any]", name: str) -> None:
    question = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    server.execute(question.format(sql.Identifier(name)))
