"""What a question is asked with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from quenotte.kernel.posture.hours import Hours, Period
from quenotte.kernel.posture.terms import Outcome

#: What Windows, macOS and Linux open by themselves on a network of an office.
USUAL_PORTS: Final = frozenset({135, 137, 138, 139, 445, 5040, 5353, 5355, 5357, 7680})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside the facts, in plain values. ``now`` is the server's clock, aware.

    ``remote_tools``: what the practice agreed to, as names; ``ports``: what may be open to the
    network; ``heard_at``: the quarters of an hour of the last weeks in which the machine was heard,
    None when nobody notes them; ``hours``: None when nobody entered them; ``gaps``: when nobody
    listened, in order, so that a machine that was on could not be heard.
    """

    now: datetime
    hours: Hours | None = None
    remote_tools: frozenset[str] = frozenset()
    ports: frozenset[int] = USUAL_PORTS
    heard_at: tuple[datetime, ...] | None = None
    gaps: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in one situation.

    ``needed`` are the values of the keys that the rule needs, in its order, none unknown; ``also``
    those it can do without, by key, None where unknown. ``limit`` is the rule's threshold.
    """

    needed: tuple[Any, ...]
    around: Circumstances
    limit: timedelta | int | None = None
    also: Mapping[str, Any] = field(default_factory=dict)


Question: TypeAlias = Callable[[Asked], Outcome]
