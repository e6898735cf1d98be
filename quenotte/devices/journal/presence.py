"""Tells the writers of a database whether somebody follows its log.

While somebody does, they leave the log alone; when he is gone, however he went, the system frees
his lock and they bring the log into the database themselves, as without a journal.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: A writer that looks holds the lock for an instant: how long we try again, in seconds.
_PATIENCE_S: Final = 2.0


class AlreadyFollowed(Exception):
    """Another process follows this database's log."""


def _place(database: Path) -> Path:
    return database.with_name(f"{database.name}.followed")


def is_followed(database: Path) -> bool:
    """Tell whether somebody follows the log of a database now."""
    try:
        descriptor = os.open(_place(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextlib.contextmanager
def followed(database: Path) -> Iterator[None]:
    """Be the one who follows the log of a database.

    Raises: AlreadyFollowed, OSError.
    """
    descriptor = os.open(_place(database), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise AlreadyFollowed from None
            time.sleep(0.02)
        else:
            return
