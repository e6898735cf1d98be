"""Databases read beside the one in use: a moment of it that stands still, or one of the past."""

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper

_NEVER_WRITTEN = "mode=ro&immutable=1"


@contextlib.contextmanager
def one_moment() -> Iterator[str]:
    """Name a database in which nothing changes for the work inside; nobody is held up by it.

    A transaction of ours would be one that writes, and others would wait for its end.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not Path(name).is_file() or connection.in_atomic_block:
        yield "default"
        return
    with _opened(Path(name), "mode=ro") as alias, transaction.atomic(using=alias):
        yield alias


@contextlib.contextmanager
def of_file(path: Path) -> Iterator[str]:
    """Name a database file that nobody writes, for the work inside."""
    with _opened(path, _NEVER_WRITTEN) as alias:
        yield alias


@contextlib.contextmanager
def _opened(path: Path, how: str) -> Iterator[str]:
    alias = f"beside-{secrets.token_hex(4)}"
    told = {
        **connection.settings_dict,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{path.absolute().as_uri()}?{how}",
        "OPTIONS": {"uri": True},
        "CONN_MAX_AGE": 0,
    }
    # Known to this thread alone, and to no settings: it is gone with the work.
    connections[alias] = DatabaseWrapper(told, alias)
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
