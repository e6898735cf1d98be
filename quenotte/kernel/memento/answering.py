"""What an item comes to: the worst of what was measured and of what a person signed.

Nobody's word mends a measure, and no measure stands for a word that was not given: each part is
told beside the other. What is not known is unknown, and says why.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from quenotte.kernel.memento.items import Item
from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.terms import State

_WORST_FIRST: Final = (State.BAD, State.UNKNOWN, State.OK)


class Given(StrEnum):
    """What a person may answer. Values are stored."""

    YES = "yes"
    NO = "no"
    #: The practice has no such thing; she says why.
    NOT_CONCERNED = "not_concerned"
    #: She cannot tell: said aloud, and better than a guess.
    NOT_KNOWN = "not_known"


class Reason(StrEnum):
    """Why an item is what it is. Values are stored."""

    OK = "ok"
    MEASURED_BAD = "measured_bad"
    ANSWERED_NO = "answered_no"
    MEASURED_UNKNOWN = "measured_unknown"
    #: No machine is known to which the rule applies.
    NOBODY_MEASURED = "nobody_measured"
    NOT_ANSWERED = "not_answered"
    NOT_KNOWN = "not_known"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody signed about an item.

    ``signer`` and ``quality``: who answers for it; ``taken_by``: whose account took it down;
    ``seal``: SHA-256 of the whole questionnaire that was signed (64 hexadecimal digits).
    """

    given: Given
    signed_at: datetime
    signer: str
    quality: str
    taken_by: str
    seal: str
    note: str = ""

    def expires_at(self, item: Item) -> datetime:
        """Return until when it is believed."""
        return self.signed_at + timedelta(days=item.valid_days)


@dataclass(frozen=True, slots=True)
class Borne:
    """Why a person decided to bear what is bad, and until when. It changes no state."""

    why: str
    by: str
    granted_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Measure:
    """What a rule says of one machine, or of the practice itself with "", and in which words."""

    subject: str
    verdict: Verdict
    words: str = ""
    borne: Borne | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rule says of all whom it is about: the worst, and how many there are of each."""

    rule: str
    state: State
    measures: tuple[Measure, ...]

    def count(self, state: State) -> int:
        """Return how many are in a state."""
        return Counter(one.verdict.state for one in self.measures)[state]


@dataclass(frozen=True, slots=True)
class Answered:
    """An item with its parts. ``answer`` is the last one signed, even when it counts no more."""

    item: Item
    state: State
    reason: Reason
    measured: tuple[Measured, ...]
    answer: Answer | None
    given_state: State | None
    given_reason: Reason | None


def answered(
    item: Item, measures: Mapping[str, Sequence[Measure]], answer: Answer | None, at: datetime
) -> Answered:
    """Return what an item comes to at an instant.

    ``measures``: by rule; ``answer``: the last that was signed. An automatic "bad" stays bad
    whatever was signed, and a "no" stays bad whatever was measured.
    """
    measured = tuple(_measured(rule, measures.get(rule, ())) for rule in item.rules)
    given = _given(item, answer, at) if item.sheet else None
    parts = [_reason(one) for one in measured]
    parts += [given] if given else []
    state, reason = min(parts, key=lambda part: _WORST_FIRST.index(part[0]))
    return Answered(
        item,
        state,
        reason,
        measured,
        answer if item.sheet else None,
        given[0] if given else None,
        given[1] if given else None,
    )


def worst(states: Iterable[State]) -> State:
    """Return the worst of some states; unknown when there is none."""
    return min(states, key=_WORST_FIRST.index, default=State.UNKNOWN)


def _measured(rule: str, measures: Sequence[Measure]) -> Measured:
    ordered = sorted(measures, key=lambda one: (_WORST_FIRST.index(one.verdict.state), one.subject))
    return Measured(rule, worst(one.verdict.state for one in measures), tuple(ordered))


def _reason(one: Measured) -> tuple[State, Reason]:
    if not one.measures:
        return State.UNKNOWN, Reason.NOBODY_MEASURED
    return one.state, {
        State.BAD: Reason.MEASURED_BAD,
        State.UNKNOWN: Reason.MEASURED_UNKNOWN,
        State.OK: Reason.OK,
    }[one.state]


def _given(item: Item, answer: Answer | None, at: datetime) -> tuple[State, Reason]:
    if answer is None:
        return State.UNKNOWN, Reason.NOT_ANSWERED
    # Who said no has not said yes since: that does not mend itself with time.
    if answer.given is Given.NO:
        return State.BAD, Reason.ANSWERED_NO
    if answer.given is Given.NOT_KNOWN:
        return State.UNKNOWN, Reason.NOT_KNOWN
    if at >= answer.expires_at(item):
        return State.UNKNOWN, Reason.EXPIRED
    return State.OK, Reason.OK
