"""What could not be written into the journal when it happened: notes, and their lines.

The supervisor notes a process that fell, a web process notes what it could not save because the
database was held or away; the worker writes them into the journal.
"""

import json
import logging
import secrets
from collections import defaultdict
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from quenotte.base.audit.rules import Actor

logger = logging.getLogger(__name__)

_FALLEN = "fallen-"
_REFUSED = "refused-"
#: What happens in a loop leaves no more notes of its kind than that.
_MOST = 100


def note(folder: Path, process: str) -> None:
    """Leave a note of a process that ended by itself; a full disk stops no supervisor."""
    _leave(folder, _FALLEN, {"process": process})


def note_refused(folder: Path, *, reason: str, actor: "Actor") -> None:
    """Leave a note of something that somebody sent and that the database did not take.

    ``reason`` is a code: « busy » or « away ». The note lies in the data folder, for its owner
    alone, until the database answers.
    """
    words = asdict(actor)
    del words["roles"]
    _leave(folder, _REFUSED, {"reason": reason, "actor": words})


def _leave(folder: Path, prefix: str, words: dict[str, Any]) -> None:
    run = folder / "run"
    words["at"] = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    try:
        if sum(1 for _ in run.glob(f"{prefix}*.json")) >= _MOST:
            return
        path = run / f"{prefix}{secrets.token_hex(8)}.json"
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(words, default=str), encoding="utf-8")
        draft.rename(path)
    except OSError:
        logger.exception("a note could not be left: %s", prefix)


def tell(folder: Path) -> int:
    """Turn the notes into lines of the journal, then remove them; return how many notes.

    Each fall has its line; refusals of one person for one reason share theirs. A line may be
    written twice when this process dies in between; none is lost.
    """
    groups: dict[str, list[tuple[Path, dict[str, Any]]]] = defaultdict(list)
    for path in sorted((folder / "run").glob("*.json")):
        if path.name.startswith((_FALLEN, _REFUSED)) and (words := _read(path)):
            groups[_key(path, words)].append((path, words))
    return sum(_told(notes) for notes in groups.values())


def _read(path: Path) -> dict[str, Any]:
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        words = None
    if not isinstance(words, dict):
        logger.error("a note cannot be read: %s", path.name)
        return {}
    return words


def _key(path: Path, words: dict[str, Any]) -> str:
    if path.name.startswith(_FALLEN):
        return path.name
    return json.dumps([words.get("reason"), words.get("actor")], sort_keys=True)


def _told(notes: list[tuple[Path, dict[str, Any]]]) -> int:
    """Write one line for these notes, then remove them; return how many they were."""
    from django.db import DatabaseError, InterfaceError

    from quenotte.base.audit import operations as audit

    try:
        audit.record(**_line(notes))
        for path, _words in notes:
            path.unlink(missing_ok=True)
    except (DatabaseError, InterfaceError, OSError, ValueError, KeyError, TypeError):
        logger.exception("a note could not be told")
        return 0
    return len(notes)


def _line(notes: list[tuple[Path, dict[str, Any]]]) -> dict[str, Any]:
    """Return what the journal says of these notes; they differ by their hour alone."""
    from quenotte.base.audit.rules import SYSTEM, Action

    path, words = notes[0]
    last = max(str(one["at"]) for _path, one in notes)
    common = {"action": Action.FAILURE, "result": "failed"}
    if path.name.startswith(_FALLEN):
        detail = {"reason": "fallen", "last": last}
        return {
            **common, "actor": SYSTEM, "object_kind": "process",
            "object_id": str(words["process"]), "detail": detail,
        }  # fmt: skip
    return {
        **common, "actor": _actor(words["actor"]), "object_kind": "page",
        "detail": {"reason": str(words["reason"]), "count": len(notes), "last": last},
    }  # fmt: skip


def _actor(words: dict[str, Any]) -> "Actor":
    from quenotte.base.audit.rules import Actor

    return Actor(
        person_id=_uuid(words["person_id"]),
        person_label=str(words["person_label"]),
        practice_id=_uuid(words["practice_id"]),
        workstation=str(words["workstation"]),
        source=str(words["source"]),
    )


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
