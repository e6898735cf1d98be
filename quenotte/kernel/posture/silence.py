"""A dead-man's switch by opening hours: silence at 22:00 is good news, at 10:00 it is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from quenotte.kernel.enrolment import Agent
from quenotte.kernel.posture.hours import HORIZON, Hours, Period

#: Whatever the hours say, who was not heard for so long is silent: hours may be wrong.
LONGEST: Final = HORIZON
_FIVE_MINUTES: Final = timedelta(minutes=5)
#: How often each agent reports, and how much opening time of silence is borne.
CADENCES: Final[Mapping[str, tuple[timedelta, timedelta]]] = {
    Agent.STATION: (_FIVE_MINUTES, timedelta(minutes=40)),
    Agent.OSQUERY: (_FIVE_MINUTES, timedelta(minutes=40)),
    Agent.GLPI: (timedelta(days=1), timedelta(hours=8)),
    Agent.PRACTICE: (_FIVE_MINUTES, timedelta(minutes=40)),
}


@dataclass(frozen=True, slots=True)
class Watch:
    """How often somebody reports, and how much of a silence is borne.

    ``patience`` counts time of opening only; without ``hours``, as for a server, all of it.
    """

    cadence: timedelta
    patience: timedelta
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """What a missing report means.

    ``since``: when the first report was missed. ``alert_after``: when to look again if nothing
    comes, and from when on it is a silence. ``is_sudden``: it stopped while it was expected, as
    when a line is cut, and did not merely fail to come back in the morning. Where nobody listened
    for some time, it has to have been expected throughout.
    """

    is_silent: bool
    since: datetime
    alert_after: datetime
    is_sudden: bool


def silence(
    last_seen_at: datetime, watch: Watch, now: datetime, gaps: Sequence[Period] = ()
) -> Silence:
    """Return what it means that nothing was heard since a moment.

    For who never reported, that is when it was enrolled. ``gaps``: when nobody listened, in order.
    """
    due = counted_from(last_seen_at, watch, gaps) + watch.cadence
    # From the last word: gaps, and hours that are wrong, do not put it off together for ever.
    latest = max(last_seen_at + watch.cadence + LONGEST, due + watch.patience)
    since = min((watch.hours.next_open(due) if watch.hours else due) or latest, latest)
    alert_after = min(_patient_until(since, watch) or latest, latest)
    is_sudden = since == due and _was_expected(last_seen_at + watch.cadence, due, watch)
    return Silence(now >= alert_after, since, alert_after, is_sudden)


def counted_from(last_seen_at: datetime, watch: Watch, gaps: Sequence[Period]) -> datetime:
    """Return from when on a silence counts: the last word, or the end of the last gap since.

    Each gap gives the whole interval anew, for whoever speaks once a day may have spoken in it. Who
    was silent as long as is borne while somebody did listen is given no more: a server of ours that
    comes and goes, or is off each night, must not mute a silence for ever.
    """
    start, due, missed = last_seen_at, last_seen_at + watch.cadence, timedelta()
    heard_from = last_seen_at
    for gap in gaps:
        if gap.ends_at <= last_seen_at:
            continue
        missed += _open_between(max(heard_from, due), gap.starts_at, watch)
        if missed >= watch.patience:
            break
        start = heard_from = gap.ends_at
    return start


def _was_expected(first: datetime, due: datetime, watch: Watch) -> bool:
    """Tell whether somebody was expected all the while from its own report on to the one it missed.

    After a gap in opening hours the second is the same of everybody. Who was to go home meanwhile
    is off, as on any morning: that nobody heard when is no reason to take it for a line.
    """
    return _open_between(first, due, watch) == due - first


def _open_between(first: datetime, last: datetime, watch: Watch) -> timedelta:
    """Return how long somebody was expected between two instants."""
    if last <= first:
        return timedelta()
    return watch.hours.open_between(first, last) if watch.hours else last - first


def _patient_until(since: datetime, watch: Watch) -> datetime | None:
    if watch.hours is None:
        return since + watch.patience
    return watch.hours.after_open(since, watch.patience)
