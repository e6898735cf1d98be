"""Questions about how a machine is used: locked, left on, with what programs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from quenotte.kernel.posture.facts import Unknown
from quenotte.kernel.posture.hours import Period
from quenotte.kernel.posture.quarters import QUARTER
from quenotte.kernel.posture.questions.asked import Asked, Circumstances
from quenotte.kernel.posture.terms import Outcome, State, bad, ok, unheard, unknown

#: People stay on after the last patient, and come before the first.
_GRACE: Final = timedelta(hours=1)
#: Shorter closures are breaks, in which a machine may well stay on.
_BREAK: Final = timedelta(hours=6)
_NIGHT: Final = timedelta(hours=24)
_MOMENT: Final = timedelta.resolution
#: Messengers that no health professional writes about patients with.
_MESSENGERS: Final = ("whatsapp",)


def is_locked_soon(asked: Asked) -> Outcome:
    """Tell whether the screen locks by itself within the limit, in seconds; 0 is never."""
    after_s = asked.needed[0]
    if after_s == 0:
        return bad("never")
    assert isinstance(asked.limit, int)
    return ok(after_s=after_s) if after_s <= asked.limit else bad("late", after_s=after_s)


def is_off_when_closed(asked: Asked) -> Outcome:
    """Tell whether the machine slept in the last closure; the limit is in quarters of an hour.

    One that still lasts counts as soon as it is bad: until then the one before it does, so that a
    verdict does not mend itself each evening. While nobody listens, no machine is known to sleep.
    """
    around = asked.around
    closure = _closure(around, around.now)
    if closure is None or around.heard_at is None:
        return unknown(Unknown.NOT_REPORTED)
    found = _slept(asked, closure, around.heard_at)
    is_over = closure.ends_at <= around.now
    if found.state is not State.BAD and not is_over:
        before = _closure(around, closure.starts_at - _MOMENT)
        return _slept(asked, before, around.heard_at) if before else found
    return found


def is_no_messenger(asked: Asked) -> Outcome:
    """Tell whether no messenger is installed that health data must not go through."""
    names = {row.get("name") or "" for row in asked.needed[0]}
    found = sorted(name for name in names if any(one in name.casefold() for one in _MESSENGERS))
    return bad("installed", names=found) if found else ok()


def _closure(around: Circumstances, at: datetime) -> Period | None:
    return around.hours.last_closure(at, _BREAK) if around.hours else None


def _slept(asked: Asked, closure: Period, heard_at: Iterable[datetime]) -> Outcome:
    starts_at, ends_at = closure.starts_at + _GRACE, closure.ends_at - _GRACE
    quarters = sum(starts_at <= at < ends_at for at in heard_at)
    assert isinstance(asked.limit, int)
    if quarters >= asked.limit:
        is_night = closure.ends_at - closure.starts_at <= _NIGHT
        return bad("night" if is_night else "weekend", hours=quarters // 4)
    missed = _unheard(Period(starts_at, min(ends_at, asked.around.now)), asked.around.gaps)
    return ok() if quarters + missed < asked.limit else unheard()


def _unheard(within: Period, gaps: Iterable[Period]) -> int:
    """Return in how many quarters of an hour of a period nobody listened."""
    spans = (
        min(one.ends_at, within.ends_at) - max(one.starts_at, within.starts_at) for one in gaps
    )
    return -(-sum((max(one, timedelta()) for one in spans), timedelta()) // QUARTER)
