"""A restored data folder, opened with the application: what it holds, in figures and findings.

Runs in a process of its own, whose data folder is the restored one.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from quenotte.base.audit import operations as audit
from quenotte.upkeep.backups import contents, copying, pictures

_SOUND: Final = "ok"


def look() -> dict[str, Any]:
    """Return what this data folder holds. Nothing of it is changed before it was counted."""
    path = copying.database_path()
    found = contents.of_sqlite(path)
    integrity, foreign = _integrity(path)
    report = audit.verify()
    return {
        "contents": asdict(found),
        "integrity": integrity,
        "foreign_keys": foreign,
        "pending_migrations": _pending(),
        "journal_lines": report.lines,
        "journal_faults": report.count,
        "pictures": _pictures(Path(settings.DATA_DIR) / "blobs"),
    }


def said() -> str:
    """Return it as one line of JSON."""
    return json.dumps(look(), ensure_ascii=False)


def _integrity(path: Path) -> tuple[str, int]:
    """Return what SQLite says of the file, and how many references lead nowhere."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        said = [line for (line,) in database.execute("PRAGMA integrity_check(10)")]
        foreign = sum(1 for _ in database.execute("PRAGMA foreign_key_check"))
    return ("" if said == [_SOUND] else "\n".join(said)), foreign


def _pending() -> list[str]:
    """Return the migrations that this program would apply to the database."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _pictures(folder: Path) -> dict[str, str]:
    """Return the hash of the pixels of each picture below a folder, "?" when it does not open."""
    found = {}
    for path in sorted(folder.glob("??/??/*")):
        try:
            pixels = pictures.pixels_of(path)
        except Exception:  # noqa: BLE001 - whatever a decoder says, it is no picture any more
            pixels = "?"
        if pixels:
            found[path.name] = pixels
    return found
