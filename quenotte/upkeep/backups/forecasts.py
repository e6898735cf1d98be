"""How long the room at a place lasts, as copies grow."""

import shutil
from dataclasses import dataclass
from typing import Final

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


def room(folder: str, *, added_bytes: int, days: float) -> Room | None:
    """Return the room at a folder that took ``added_bytes`` in ``days``; None: out of reach."""
    try:
        found = shutil.disk_usage(folder)
    except OSError:
        return None
    return Room(found.free, found.total, days_left(found.free, added_bytes, days))


def days_left(free_bytes: int, added_bytes: int, days: float) -> int | None:
    """Return for how many days the room lasts at this growth, None when it cannot be told."""
    if days < _DAYS_NEEDED or added_bytes <= 0:
        return None
    return int(free_bytes / (added_bytes / days))
