"""Refusing to forget anything by a clock that nothing bears out."""

from datetime import datetime

from quenotte.provider.fleet import clock


class ClockDoubted(Exception):
    """The clock of this server may have leapt: what would go for ever stays."""


def believe_clock(*, now: datetime) -> None:
    """Pass where the clock is borne out by what was heard or written. Raises: ClockDoubted."""
    if not clock.is_clock_believed(now):
        raise ClockDoubted
