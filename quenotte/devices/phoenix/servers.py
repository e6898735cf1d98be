"""A copy of a PostgreSQL practice becomes a database of a server again: an empty one, or none.

One transaction brings everything, so that a kill leaves the database as empty as it was. A table
of ours says for whom it is being filled: a return that was killed just after that transaction
finds its own work, and takes no other database for it.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
from psycopg import conninfo, sql

from quenotte.devices.phoenix import databases
from quenotte.devices.phoenix.errors import (
    BadAddress,
    BadDatabase,
    DatabaseNotEmpty,
    NoRestoreProgram,
    NoServer,
    NoServerNamed,
    NotTaken,
)
from quenotte.devices.phoenix.marker import Marker

#: As its engine is called in a marker, and the folder of a dump in a snapshot.
FOLDER: Final = databases.DUMP
ENGINE: Final = "postgresql"
_MARK: Final = sql.Identifier("public", "quenotte_return")
_CONNECT_S: Final = 10
_PLACES: Final = "/usr/lib/postgresql"
#: Whatever somebody may have made: tables, views, sequences.
_HELD: Final = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relname <> 'quenotte_return'
"""
#: How much of what a program complained of is passed on, in characters.
_SAID: Final = 200


@dataclass(frozen=True)
class Purpose:
    """For which return a database is filled: a copy of a repository, a folder begun then."""

    repository: str
    begun_at: str

    @classmethod
    def of(cls, begun: Marker) -> "Purpose":
        """Return that of a marker."""
        return cls(begun.repository, begun.begun_at)


@dataclass(frozen=True)
class Filled:
    """What a database was filled from: a snapshot, and the moment that it shows (ISO 8601)."""

    snapshot: str
    data_at: str


def check(url: str, begun: Marker | None = None) -> None:
    """Make sure that a database can take a practice, writing nothing; ``begun``: a return on it.

    Raises: NoServerNamed, BadAddress, NoServer, DatabaseNotEmpty, NoRestoreProgram.
    """
    program()
    with _connected(url) as database:
        if _is_empty(database):
            return
        if begun is None or _filled(database, Purpose.of(begun)) is None:
            raise DatabaseNotEmpty


def brought(url: str, purpose: Purpose) -> Filled | None:
    """Return what a return brought whole before it was cut short; None when nothing.

    Raises: NoServerNamed, BadAddress, NoServer.
    """
    with _connected(url) as database:
        return None if _is_empty(database) else _filled(database, purpose)


def bring(url: str, dump: Path, purpose: Purpose, filled: Filled) -> None:
    """Bring a dump (a folder of pg_dump's) into an empty database, whole or not at all.

    Raises: NoServerNamed, BadAddress, NoServer, DatabaseNotEmpty, NoRestoreProgram, NotTaken,
        BadDatabase when the dump holds nothing.
    """
    with _connected(url) as database:
        if not _is_empty(database):
            raise DatabaseNotEmpty
        _note(database, purpose, filled)
    _restore(url, dump)
    with _connected(url) as database:
        if _is_empty(database):
            raise BadDatabase


def forget(url: str) -> None:
    """Leave nothing of ours beside the practice, once its folder knows that the database is there.

    Raises: NoServerNamed, BadAddress, NoServer.
    """
    with _connected(url) as database:
        database.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(_MARK))


def label_of(url: str) -> str:
    """Return an address as it is shown: never with its password."""
    place = urlsplit(url).netloc
    login, at, host = place.rpartition("@")
    return url.replace(place, login.partition(":")[0] + at + host, 1) if at else url


def account_of(url: str) -> str:
    """Return the account of an address, "" when it names none."""
    return str(conninfo.conninfo_to_dict(url).get("user") or "")


def program(name: str = "pg_restore") -> Path:
    """Return one of PostgreSQL's programs, the newest of this machine. Raises: NoRestoreProgram."""
    found = sorted(Path(_PLACES).glob(f"*/bin/{name}"), key=_version)
    on_path = str(found[-1]) if found else shutil.which(name)
    if on_path is None:
        raise NoRestoreProgram
    return Path(on_path)


def _version(path: Path) -> float:
    try:
        return float(path.parts[-3])
    except ValueError:
        return 0.0


def _connected(url: str) -> "psycopg.Connection[Any]":
    """Connect. Raises: NoServerNamed, BadAddress, NoServer."""
    if not url:
        raise NoServerNamed
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise BadAddress
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_S)
    except psycopg.ProgrammingError as error:
        raise BadAddress from error
    except psycopg.OperationalError as error:
        raise NoServer from error


def _is_empty(database: "psycopg.Connection[Any]") -> bool:
    found = database.execute(_HELD).fetchone()
    assert found is not None
    return int(found[0]) == 0


def _note(database: "psycopg.Connection[Any]", purpose: Purpose, filled: Filled) -> None:
    """Say for whom it is filled; what an earlier attempt said of an empty database is over.

    Raises: NotTaken when this account may make no table there.
    """
    try:
        with database.transaction():
            database.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(_MARK))
            words = sql.SQL(
                "CREATE TABLE {} (repository text, begun_at text, snapshot text, data_at text)"
            )
            database.execute(words.format(_MARK))
            given = [purpose.repository, purpose.begun_at, filled.snapshot, filled.data_at]
            words = sql.SQL("INSERT INTO {} VALUES (%s, %s, %s, %s)")
            database.execute(words.format(_MARK), given)
    except psycopg.Error as error:
        raise NotTaken(_first_line(str(error))) from error


def _filled(database: "psycopg.Connection[Any]", purpose: Purpose) -> Filled | None:
    """Return what the database was filled from for us, None for anybody else."""
    words = "SELECT snapshot, data_at FROM {} WHERE repository = %s AND begun_at = %s"
    try:
        given = [purpose.repository, purpose.begun_at]
        found = database.execute(sql.SQL(words).format(_MARK), given).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        return None
    return Filled(*found) if found else None


def _restore(url: str, dump: Path) -> None:
    """Run pg_restore; the password goes through its environment, never through its command."""
    known = conninfo.conninfo_to_dict(url)
    password = known.pop("password", None)
    env = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    words = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    target = f"--dbname={conninfo.make_conninfo('', **known)}"
    command = [str(program()), *words, target, str(dump)]
    done = subprocess.run(
        command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotTaken(_first_line(done.stderr))


def _first_line(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), "".join(lines[:1]))[:_SAID]
