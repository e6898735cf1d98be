"""Processes that fell: the supervisor leaves a note, the worker writes it into the journal."""

import json
import logging
import secrets
from datetime import UTC, datetime
from pathlib import Path

logger = logging.getLogger(__name__)

_PREFIX = "fallen-"
#: A process that falls in a loop leaves no more notes than that.
_MOST = 100


def note(folder: Path, process: str) -> None:
    """Leave a note of a process that ended by itself; a full disk stops no supervisor."""
    run = folder / "run"
    words = {"process": process, "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"}
    try:
        if sum(1 for _ in run.glob(f"{_PREFIX}*.json")) >= _MOST:
            return
        path = run / f"{_PREFIX}{secrets.token_hex(8)}.json"
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(words), encoding="utf-8")
        draft.rename(path)
    except OSError:
        logger.exception("the fall of %s could not be noted", process)


def tell(folder: Path) -> int:
    """Turn each note into a line of the journal, then remove it; return how many.

    A line may be written twice when this process dies in between; none is lost.
    """
    from django.db import DatabaseError, InterfaceError

    from quenotte.base.audit import operations as audit
    from quenotte.base.audit.rules import SYSTEM, Action

    told = 0
    for path in sorted((folder / "run").glob(f"{_PREFIX}*.json")):
        try:
            words = json.loads(path.read_text(encoding="utf-8"))
            audit.record(
                action=Action.FAILURE,
                actor=SYSTEM,
                object_kind="process",
                object_id=str(words["process"]),
                result="failed",
                detail={"reason": "fallen", "last": str(words["at"])},
            )
            path.unlink()
            told += 1
        except (DatabaseError, InterfaceError, OSError, ValueError, KeyError, TypeError):
            logger.exception("a note of a fall could not be told")
    return told
