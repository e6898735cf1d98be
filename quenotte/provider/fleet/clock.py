"""Whether this server's clock is believed when something is to go for ever.

A clock may be years wrong after a dead battery or a restored machine, until it is set right. What
was heard or written down is dated by the same clock: only what is some days old speaks for it.
"""

from datetime import datetime, timedelta
from typing import Final

from quenotte.base.audit import queries as journal
from quenotte.base.jobs import queries as jobs
from quenotte.provider.fleet.models import PastDay

#: A clock that nothing bears out for so long may have leapt.
_NEWEST: Final = timedelta(days=40)
#: And what is younger may have been written by the clock that leapt.
_SETTLED: Final = timedelta(days=7)
#: What is forgotten each day is late after so long.
_LATE: Final = timedelta(days=2)
_FORGETTING: Final = "quenotte.provider.retention.jobs.forget"


def is_clock_believed(now: datetime) -> bool:
    """Tell whether something that was heard or written down bears out the clock.

    A line of the journal, or a day on which a machine was heard, between 40 and 7 days ago. Where
    nothing is older than that at all, nothing is old enough to be forgotten either.
    """
    first, last = now - _NEWEST, now - _SETTLED
    if journal.was_written(first, last):
        return True
    days = PastDay.objects.filter(day__lte=last.date())
    if days.filter(day__gte=first.date()).exists():
        return True
    return not (journal.was_written(None, last) or days.exists())


def is_forgetting_refused(now: datetime) -> bool:
    """Tell whether nothing is forgotten any more, because the clock is doubted.

    Where it was done lately nothing is asked: pages ask this each minute.
    """
    done = jobs.last_done(_FORGETTING)
    is_lately = done is not None and abs(now - done) < _LATE
    return not is_lately and not is_clock_believed(now)
