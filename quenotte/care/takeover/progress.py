"""How far a long piece of work is, told beside the one transaction that it does.

What a transaction writes is seen by nobody before it ends, and on SQLite nobody else may write
meanwhile: there a file of the data folder tells it (one machine), on PostgreSQL a connection of
its own (several machines).
"""

import contextlib
import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, connections

from quenotte.care.takeover.models import Progress

#: Told at most so often, in seconds.
_EVERY_S: Final = 0.25


class Reporter:
    """Tells the progress of one import: ``with Reporter(id, total=20_000) as told: told(512)``."""

    def __init__(self, import_id: UUID, *, total: int) -> None:
        self._import_id, self._total = import_id, total
        self._told_at = 0.0
        self._connection: Any = None

    def __enter__(self) -> Self:
        if connection.vendor == "postgresql":
            self._connection = connections.create_connection(connection.alias)
        self._tell(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._connection.close()
        else:
            with contextlib.suppress(OSError):
                _path(self._import_id).unlink(missing_ok=True)

    def __call__(self, done: int) -> None:
        """Say how many lines are done; most calls cost nothing."""
        if time.monotonic() - self._told_at >= _EVERY_S:
            self._tell(done)

    def _tell(self, done: int) -> None:
        self._told_at = time.monotonic()
        # A progress that cannot be told must not stop the work.
        with contextlib.suppress(OSError, DatabaseError):
            if self._connection is None:
                _write(_path(self._import_id), done, self._total)
                return
            with self._connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE care_progress SET done = %s, total = %s WHERE source_id = %s",
                    [done, self._total, self._import_id],
                )


def share_of(import_id: UUID) -> tuple[int, int]:
    """Return how many lines are done, of how many; (0, 0) when nothing is told."""
    if connection.vendor == "postgresql":
        row = Progress.objects.filter(source_id=import_id).values_list("done", "total").first()
        return row or (0, 0)
    try:
        told = json.loads(_path(import_id).read_text("ascii"))
        return int(told["done"]), int(told["total"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def _path(import_id: UUID) -> Path:
    return Path(settings.DATA_DIR) / "run" / f"takeover-{import_id}.json"


def _write(path: Path, done: int, total: int) -> None:
    draft = path.with_name(f".{path.name}")
    draft.write_text(json.dumps({"done": done, "total": total}), encoding="ascii")
    draft.replace(path)
