"""Questions that many rules ask: is it recent, is it no, is it few enough."""

from datetime import timedelta
from typing import Any

from quenotte.kernel.posture.facts import Unknown
from quenotte.kernel.posture.knowing import LENIENCE
from quenotte.kernel.posture.questions.asked import Asked
from quenotte.kernel.posture.terms import Outcome, bad, ok, unknown
from quenotte.kernel.posture.values import moment_of

_HOUR = timedelta(hours=1)


def is_recent(asked: Asked) -> Outcome:
    """Tell whether an instant is no further back than the limit, a timedelta.

    One that lies ahead happened at no time: a clock was wrong.
    """
    age = asked.around.now - moment_of(asked.needed[0])
    if age < -LENIENCE:
        return unknown(Unknown.NOT_CREDIBLE)
    told: dict[str, Any] = {"hours": max(age, timedelta()) // _HOUR, "days": max(age.days, 0)}
    assert isinstance(asked.limit, timedelta)
    return ok(**told) if age <= asked.limit else bad("old", **told)


def is_no(asked: Asked) -> Outcome:
    """Tell whether a flag is down."""
    return bad("yes") if asked.needed[0] else ok()


def is_within(asked: Asked) -> Outcome:
    """Tell whether a number lies within the limit, on either side of zero."""
    number = asked.needed[0]
    assert isinstance(asked.limit, int)
    return ok(number=number) if abs(number) <= asked.limit else bad("over", number=number)
