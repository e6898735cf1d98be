"""When a session may be: after the one before it, the laboratory and the healing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Gap:
    """What must pass after a session: days at the laboratory, days of healing."""

    laboratory_days: int = 0
    healing_days: int = 0


#: Minutes of a session whose acts say nothing; the least and the most that acts make.
USUAL_MINUTES, LEAST_MINUTES, MOST_MINUTES = 30, 15, 720


def session_minutes(chosen: int | None, acts: Iterable[int]) -> int:
    """Return how long a session lasts: as somebody chose, else the sum of its acts.

    ``acts`` are the minutes of each, 0 for one that says none; the sum goes up to the next 5.
    """
    if chosen is not None:
        return chosen
    total = sum(acts)
    return min(max(-(-total // 5) * 5, LEAST_MINUTES), MOST_MINUTES) if total else USUAL_MINUTES


def minutes_left(chosen: int | None, done: Iterable[int], left: Iterable[int]) -> int:
    """Return how long what remains of a session lasts, never longer than somebody chose.

    ``done`` and ``left`` are the minutes of its acts. All of it remains while nothing is done;
    nothing once nothing is left.
    """
    done, left = list(done), list(left)
    if not done or not left:
        return 0 if done else session_minutes(chosen, left)
    rest = session_minutes(None, left)
    return rest if chosen is None else min(rest, chosen)


def wait_days(gap: Gap) -> int:
    """Return the days to wait: the laboratory works while the gum heals."""
    return max(gap.laboratory_days, gap.healing_days)


def earliest(before_ends_at: datetime | None, gap: Gap, now: datetime) -> datetime:
    """Return from when on the next session may be; ``now`` when nothing stands before it.

    Days are days of the calendar, from midnight on: a morning seven days later is seven days
    later. Nobody is proposed two sessions on one day.
    """
    if before_ends_at is None:
        return now
    after = before_ends_at + timedelta(days=max(1, wait_days(gap)))
    return max(now, after.replace(hour=0, minute=0, second=0, microsecond=0))


def is_too_early(before_ends_at: datetime | None, gap: Gap, starts_at: datetime) -> bool:
    """Tell whether a session begins before what must pass has passed, in days of the calendar.

    Both instants are in the time zone of the practice.
    """
    if before_ends_at is None:
        return False
    if starts_at < before_ends_at:
        return True
    return (starts_at.date() - before_ends_at.date()).days < wait_days(gap)


def estimated_end(today: date, gaps: Iterable[tuple[date | None, Gap]]) -> date | None:
    """Return the day of the last session, None without any.

    Each session has its day when it is booked, and else comes as soon as the one before it
    allows, a week after it at least.
    """
    last: date | None = None
    gap = Gap()
    for day, after in gaps:
        soonest = today if last is None else last + timedelta(days=max(7, wait_days(gap)))
        last, gap = day or max(today, soonest), after
    return last
