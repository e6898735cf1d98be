"""Databases read beside the one in use: a moment of it that stands still, or one of the past."""

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper

from quenotte.devices.phoenix.errors import NoDatabase
from quenotte.upkeep.backups.operations import database_of_dump

_NEVER_WRITTEN = "mode=ro&immutable=1"


@contextlib.contextmanager
def one_moment() -> Iterator[str]:
    """Name a database in which nothing changes for the work inside; nobody is held up by it.

    A transaction of ours would be one that writes, and others would wait for its end. Within one
    what it wrote itself is to be read: it is used as it is.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with _still() as alias, transaction.atomic(using=alias):
            yield alias
        return
    if connection.vendor != "sqlite" or not Path(name).is_file() or connection.in_atomic_block:
        yield "default"
        return
    with _opened(Path(name), "mode=ro") as alias, transaction.atomic(using=alias):
        yield alias


@contextlib.contextmanager
def of_file(path: Path) -> Iterator[str]:
    """Name a database of the past that nobody writes, for the work inside: a file, or a dump.

    A dump (a folder) is rebuilt on the server of the practice, then dropped there.

    Raises: NoDatabase; for a dump also NotRebuilt, NoTrialDatabase, NoProgram.
    """
    with _of_dump(path) if path.is_dir() else _opened(path, _NEVER_WRITTEN) as alias:
        yield alias


@contextlib.contextmanager
def _of_dump(dump: Path) -> Iterator[str]:
    if connection.vendor != "postgresql":
        raise NoDatabase
    with database_of_dump(dump) as name, _on_server({"NAME": name}) as alias:
        yield alias


@contextlib.contextmanager
def _still() -> Iterator[str]:
    """Name the database in use as each transaction finds it when it begins, to its end."""
    from psycopg import IsolationLevel

    with _on_server({}, isolation_level=IsolationLevel.REPEATABLE_READ) as alias:
        yield alias


@contextlib.contextmanager
def _on_server(other: dict[str, Any], **options: Any) -> Iterator[str]:
    """Name a database of the server in use, which nobody writes through that name."""
    from django.db.backends.postgresql.base import DatabaseWrapper as Server

    known = connection.settings_dict
    words = f"{known['OPTIONS'].get('options', '')} -c default_transaction_read_only=on"
    told = {
        **known,
        **other,
        "OPTIONS": {**known["OPTIONS"], **options, "options": words.strip()},
        "CONN_MAX_AGE": 0,
    }
    with _known_as(Server, told) as alias:
        yield alias


@contextlib.contextmanager
def _opened(path: Path, how: str) -> Iterator[str]:
    told = {
        **connection.settings_dict,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{path.absolute().as_uri()}?{how}",
        "OPTIONS": {"uri": True},
        "CONN_MAX_AGE": 0,
    }
    with _known_as(DatabaseWrapper, told) as alias:
        yield alias


@contextlib.contextmanager
def _known_as(kind: type[BaseDatabaseWrapper], told: dict[str, Any]) -> Iterator[str]:
    """Know a database to this thread alone, and to no settings: it is gone with the work."""
    alias = f"beside-{secrets.token_hex(4)}"
    connections[alias] = kind(told, alias)
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
