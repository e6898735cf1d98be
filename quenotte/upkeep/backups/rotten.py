"""Packs that a check found damaged: the next copy stores again what they held."""

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings


def note(destination_id: UUID, packs: Sequence[str]) -> None:
    """Remember them; none: they were made good. Lost with the cache, they are found again."""
    path = _path(destination_id)
    with contextlib.suppress(OSError):
        if packs:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.write_text(json.dumps(sorted(set(packs))))
        else:
            path.unlink(missing_ok=True)


def known(destination_id: UUID) -> list[str]:
    """Return the names of the packs that are not believed any more."""
    try:
        found: list[str] = json.loads(_path(destination_id).read_text())
    except (OSError, ValueError):
        return []
    return found


def _path(destination_id: UUID) -> Path:
    return Path(settings.DATA_DIR) / "cache" / f"rotten-{destination_id}.json"
