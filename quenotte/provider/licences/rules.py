"""What a licence comes to: enough, too few, ended. Values only."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from quenotte.kernel.posture.rules import ALL


def _ending() -> timedelta:
    limit = ALL["licence_ending"].limit
    assert isinstance(limit, timedelta)
    return limit


#: A licence that ends so soon is said to: on lists as by the rule that finds it.
ENDING: Final = _ending()


class Worth(StrEnum):
    """How a licence stands."""

    GOOD = "good"
    ENDING = "ending"
    ENDED = "ended"
    TOO_FEW = "too_few"
    UNKNOWN = "unknown"


#: What somebody has to do something about.
TO_REVIEW: Final = frozenset({Worth.ENDED, Worth.ENDING, Worth.TOO_FEW})


def worth(*, seats: int | None, used: int | None, ends_on: date | None, today: date) -> Worth:
    """Return the worst that can be said of a licence.

    ``used``: machines that have its program, None when no words say which one it is. A licence
    whose seats cannot be counted and that has no end is unknown, not good.
    """
    if ends_on is not None and ends_on < today:
        return Worth.ENDED
    if seats is not None and used is not None and used > seats:
        return Worth.TOO_FEW
    if ends_on is not None and ends_on <= today + ENDING:
        return Worth.ENDING
    is_counted = seats is not None and used is not None
    return Worth.GOOD if is_counted or ends_on is not None else Worth.UNKNOWN
