"""The numbers of the rows of the last good copy of each place, kept in files between two copies.

Those of a copy that is doubted wait beside them: a person may say that it was meant.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from quenotte.upkeep.guard import rows

_DOUBTED: Final = "-doubted"


def path_of(destination_id: UUID) -> Path:
    """Return where the numbers of the rows of the last good copy are kept."""
    return Path(settings.DATA_DIR) / "cache" / f"rows-{destination_id}"


def load(destination_id: UUID) -> rows.Rows | None:
    """Return the numbers of the last good copy; None when there are none that can be read."""
    return rows.load(path_of(destination_id))


def keep(numbers: rows.Rows | None, destination_id: UUID, *, is_good: bool) -> None:
    """Keep the numbers of a copy. Where they cannot be kept, its rows will only be counted."""
    path = path_of(destination_id) if is_good else _doubted(destination_id)
    if not is_good:
        _drop(path)
    if numbers is not None:
        with suppress(OSError):
            numbers.save(path)


def accept(destination_id: UUID) -> None:
    """Take the newest doubted copy for the last good one: what it changed was meant.

    Without its numbers those from before go: the next copies would be held against them for ever.
    """
    doubted = _doubted(destination_id)
    try:
        doubted.replace(path_of(destination_id))
    except OSError:
        _drop(path_of(destination_id))


def refuse(destination_id: UUID) -> None:
    """Forget the doubted copy: the next ones are held against the last good one."""
    _drop(_doubted(destination_id))


def _doubted(destination_id: UUID) -> Path:
    path = path_of(destination_id)
    return path.with_name(path.name + _DOUBTED)


def _drop(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
