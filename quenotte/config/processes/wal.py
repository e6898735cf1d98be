"""The process of the journal: what is committed leaves the machine within a minute.

It never opens the database through Django: closing a descriptor of the file would take away the
locks with which it holds the log. It is told in a file where copies go.
"""

import contextlib
import logging
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from quenotte.config.processes import lifeline

if TYPE_CHECKING:
    from quenotte.devices.journal.carriers import Shelf
    from quenotte.devices.repository.sealing import MasterKey
    from quenotte.upkeep.backups.following import Followed

logger = logging.getLogger(__name__)

#: How often we look whether copies go elsewhere, and ask again who did not answer, in seconds.
_LOOK_S: Final = 5.0
_AGAIN_S: Final = 60.0


def main() -> None:
    """Follow the database until SIGTERM."""
    lifeline.attach("wal")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    from quenotte.config import logs

    logs.start("wal")
    stopped = threading.Event()
    lifeline.on_stop(stopped.set)
    lifeline.wait_for_start()
    while not stopped.is_set():
        _follow(stopped)
    lifeline.finish()


def _follow(stopped: threading.Event) -> None:
    """Follow until we are stopped, or copies go elsewhere; wait while they go nowhere."""
    from quenotte.upkeep.backups import following

    mark, followed = _mark(), following.told()
    key, shelves = _shelves(followed)
    ended = threading.Event()
    wait_s = _LOOK_S if len(shelves) == len(followed) else _AGAIN_S
    watcher = threading.Thread(target=_watch, args=[stopped, ended, mark, wait_s], daemon=True)
    watcher.start()
    try:
        if key is not None:
            _run(shelves, key, ended)
        elif not followed:
            _let_go()
        ended.wait()
    finally:
        ended.set()
        watcher.join()


def _run(shelves: "dict[str, Shelf]", key: "MasterKey", ended: threading.Event) -> None:
    from django.conf import settings

    from quenotte.devices.journal import running
    from quenotte.devices.journal.carriers import sealed_by
    from quenotte.upkeep.backups import following

    every_s = float(os.environ.get("QUENOTTE_JOURNAL_S", running.EVERY_S))
    state = following.home()
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "quenotte.config.sqlite":
        path = Path(str(database["NAME"]))
        running.run(path, shelves, sealed_by(key), state, ended, every_s=every_s)
        return
    dsn = _dsn(database)
    running.run_postgres(dsn, shelves, sealed_by(key), state, ended, every_s=every_s)


def _dsn(database: "dict[str, Any]") -> str:
    """Return where the server of the practice is, as PostgreSQL's programs take it."""
    from psycopg import conninfo

    known = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
    }
    others = {name: value for name, value in database["OPTIONS"].items() if name != "options"}
    return conninfo.make_conninfo(
        "", **{name: value for name, value in known.items() if value}, **others
    )


def _let_go() -> None:
    """Have a server of PostgreSQL keep its log no longer for us: its disk would fill up."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "quenotte.config.sqlite":
        return
    from quenotte.devices.journal import clusters

    with contextlib.suppress(OSError):
        clusters.forget_slot(_dsn(database))


def _shelves(followed: "list[Followed]") -> "tuple[MasterKey | None, dict[str, Shelf]]":
    """Open the repositories that answer; those under another master key take no journal."""
    from quenotte.devices.journal.carriers import Shelf
    from quenotte.kernel.errors import Refusal
    from quenotte.upkeep.backups import following

    key: MasterKey | None = None
    shelves = {}
    for one in followed:
        try:
            repository = one.opened()
        except (Refusal, OSError) as error:
            logger.warning("a place does not answer: %s", type(error).__name__)
            continue
        key = key or repository.key
        if repository.key.encrypt == key.encrypt:
            shelves[one.label] = Shelf(repository.store)
        else:
            logger.warning("a repository has another key: it takes no journal")
    # The page says which take none: the others are not the minute that it promises.
    with contextlib.suppress(OSError):
        following.note_absent(one.label for one in followed if one.label not in shelves)
    return key, shelves


def _watch(stopped: threading.Event, ended: threading.Event, mark: float, wait_s: float) -> None:
    """End when we are stopped, when it is told anew where copies go, or after a minute to retry."""
    waited = 0.0
    while not stopped.wait(min(_LOOK_S, wait_s)) and not ended.is_set():
        waited += _LOOK_S
        if _mark() != mark or (wait_s > _LOOK_S and waited >= wait_s):
            break
    ended.set()


def _mark() -> float:
    """Return what changes when it is told anew where copies go; 0.0 when it never was."""
    from quenotte.upkeep.backups import following

    try:
        return following.path().stat().st_mtime
    except OSError:
        return 0.0


if __name__ == "__main__":
    main()
