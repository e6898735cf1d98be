"""The database copied at one moment, while people work: to a file of ours, and away again."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import contents
from quenotte.upkeep.backups.contents import Contents

#: As the file is called in the tree, which is that of a data folder.
SQLITE_NAME: Final = "db.sqlite3"
_WAIT_S: Final = 60.0


class NoDatabase(Refusal):
    """The data folder holds no practice."""

    message = _("Ce dossier de données ne contient pas encore de cabinet.")
    next_step = _("Vérifiez le dossier (« --data »), ou lancez d’abord « quenotte serve ».")


class NoRoomForCopy(Refusal):
    """The database cannot be copied beside itself."""

    message = _("Il n’y a pas assez de place pour copier la base avant de l’envoyer.")
    next_step = _("Rien n’est perdu. Libérez de la place sur le disque, puis recommencez.")


class UnreadableDatabase(Refusal):
    """The database does not give itself to be copied."""

    message = _("La base de données n’a pas pu être copiée.")
    next_step = _(
        "Les copies précédentes restent bonnes. Recommencez ; si cela se répète, appelez votre "
        "technicien avant toute autre chose."
    )


@dataclass(frozen=True)
class DatabaseCopy:
    """A copy at ``data_at`` (aware), in a file that lasts as long as the run."""

    name: str
    path: Path
    data_at: datetime
    contents: Contents


def workshop() -> Path:
    """Return the folder for what lasts as long as a run; what a killed one left is taken away.

    Called by whoever holds the turn: nobody else writes there.
    """
    folder = Path(settings.DATA_DIR) / "cache" / "backup"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


@contextmanager
def database_copied(folder: Path) -> Iterator[DatabaseCopy]:
    """Copy the database into ``folder`` for the time of the work inside.

    Raises: NoDatabase, NoRoomForCopy, UnreadableDatabase.
    """
    path = folder / SQLITE_NAME
    try:
        data_at = timezone.now()
        copy_sqlite(database_path(), path)
        yield DatabaseCopy(SQLITE_NAME, path, data_at, contents.of_sqlite(path))
    finally:
        path.unlink(missing_ok=True)


def database_path() -> Path:
    """Return the file of the database in use. Raises: NoDatabase."""
    path = Path(str(connection.settings_dict["NAME"]))
    if not path.is_file():
        raise NoDatabase
    return path


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database in one step, page for page, as it is between two transactions.

    In several steps SQLite would begin anew at each commit of somebody else. The source is opened
    for reading alone: closing it then never empties its log, which the journal follows.

    Raises: NoRoomForCopy, UnreadableDatabase.
    """
    _check_room(source, target.parent)
    uri = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(uri, uri=True, timeout=_WAIT_S)) as read,
            closing(sqlite3.connect(target)) as write,
        ):
            # It is thrown away after the run: no need to outlive a power cut.
            write.execute("PRAGMA journal_mode=OFF")
            write.execute("PRAGMA synchronous=OFF")
            read.backup(write, pages=-1)
    except sqlite3.Error as error:
        is_full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
        raise (NoRoomForCopy if is_full else UnreadableDatabase) from error


def _check_room(source: Path, folder: Path) -> None:
    log = source.with_name(f"{source.name}-wal")
    size = source.stat().st_size + (log.stat().st_size if log.exists() else 0)
    if shutil.disk_usage(folder).free < size + settings.DISK_FLOOR_BYTES // 4:
        raise NoRoomForCopy
