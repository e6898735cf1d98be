"""A restored data folder, opened with the application: what it holds, in figures and findings.

Runs in a process of its own, whose data folder is the restored one.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from quenotte.base.audit import operations as audit
from quenotte.upkeep.backups import pictures
from quenotte.upkeep.backups.engines import engine


def look() -> dict[str, Any]:
    """Return what this data folder holds. Nothing of it is changed before it was counted."""
    held = engine()
    found = held.figures()
    integrity, foreign = held.faults()
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
            pixels = pictures.CLOSED
        if pixels:
            found[path.name] = pixels
    return found
