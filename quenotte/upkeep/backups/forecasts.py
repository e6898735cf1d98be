"""How long the room at a place lasts, as copies grow."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quenotte.upkeep.backups import disks

#: Below so many days of copies, growth says nothing yet.
_DAYS_NEEDED: Final = 3.0
#: Less than this, in days, is worth a look.
SHORT_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Room:
    """What is free at a place, and for how many days of copies; None: not known yet."""

    free_bytes: int
    total_bytes: int
    days_left: int | None
    #: It lies on the disk of the practice itself, and is lost with it.
    is_same_disk: bool = False

    @property
    def is_short(self) -> bool:
        """Tell whether somebody should make room."""
        return self.days_left is not None and self.days_left < SHORT_DAYS

    @property
    def years_left(self) -> int:
        """Return the whole years that it lasts."""
        return (self.days_left or 0) // 365

    @property
    def months_left(self) -> int:
        """Return the whole months that it lasts."""
        return (self.days_left or 0) // 30


def room(
    folder: str, *, added_bytes: int, days: float, each_year: int = 0, journal_bytes: int = 0
) -> Room | None:
    """Return the room at a folder that took ``added_bytes`` in ``days``; None: out of reach.

    ``each_year``: what the whole copy takes with which a year begins. ``journal_bytes``: by how
    much the journal still grows before old steps of it go.
    """
    try:
        found, is_same_disk = shutil.disk_usage(folder), disks.is_ours(Path(folder))
    except OSError:
        return None
    left = days_left(found.free - journal_bytes, added_bytes, days, each_year=each_year)
    return Room(found.free, found.total, left, is_same_disk)


def days_left(free_bytes: int, added_bytes: int, days: float, *, each_year: int = 0) -> int | None:
    """Return for how many days the room lasts at this growth, None when it cannot be told."""
    if days < _DAYS_NEEDED or added_bytes <= 0:
        return None
    return max(0, int(free_bytes / (added_bytes / days + each_year / 365)))
