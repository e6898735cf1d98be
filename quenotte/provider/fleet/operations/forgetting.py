"""Histories by the month: the next ones are made, the old ones forgotten."""

from datetime import datetime
from typing import Final

from quenotte.provider.fleet.models import Change, PastDay
from quenotte.provider.partitions import forget_before, make_months

_BY_MONTH: Final = (Change, PastDay)


def make_coming_months() -> None:
    """Make the partitions of this month and of the next ones."""
    for model in _BY_MONTH:
        make_months(model)


def keep_months(*, before: datetime) -> None:
    """Make the partitions of the months to come; forget what ended before an instant."""
    make_coming_months()
    for model in _BY_MONTH:
        forget_before(model, before.date())
