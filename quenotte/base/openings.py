"""When a practice opens: told by the room that keeps its hours to whoever stands below it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from quenotte.kernel.posture.hours import Hours

#: Gives the next opening after a moment; both are aware, None when no hours are known.
Tell = Callable[[datetime], datetime | None]
#: Gives the hours of a practice about a moment; None when no hours are known.
TellWeek = Callable[[UUID, datetime], Hours | None]
_tellers: list[Tell] = []
_week_tellers: list[TellWeek] = []


def told_by(tell: Tell, tell_week: TellWeek) -> None:
    """Name who knows the hours."""
    _tellers[:] = [tell]
    _week_tellers[:] = [tell_week]


def next_opening(after: datetime) -> datetime | None:
    """Return when a practice of this server opens next after a moment, None: nobody knows."""
    return next((found for tell in _tellers if (found := tell(after))), None)


def hours_of(practice_id: UUID, at: datetime) -> Hours | None:
    """Return the hours of a practice in the weeks about a moment, None: nobody knows.

    Its holidays and the days on which nobody works are left out.
    """
    return next((found for tell in _week_tellers if (found := tell(practice_id, at))), None)
