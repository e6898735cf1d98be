"""What a person decided to bear for a while. It silences a verdict, and changes no truth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.terms import State

#: Nothing is borne for longer without a person deciding again.
LONGEST: Final = timedelta(days=366)


class Standing(StrEnum):
    """What a page shows of a verdict: its state, or that it is borne."""

    OK = "ok"
    BAD = "bad"
    UNKNOWN = "unknown"
    EXCEPTED = "excepted"


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why a rule does not count until an instant, for one subject or, with "", for all.

    ``reasons``: the codes that are borne, empty for any: who bears a disk without encryption does
    not bear the next fault of it unseen. ``things``: the names or ports that were there when it was
    decided (``things_of``); what names another one is not borne. None: whatever is named.

    Raises: ValueError without a reason or an end in a year.
    """

    rule: str
    why: str
    granted_at: datetime
    ends_at: datetime
    subject: str = ""
    reasons: frozenset[str] = frozenset()
    things: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if not self.why.strip():
            raise ValueError("an exemption without a reason")
        if not timedelta() < self.ends_at - self.granted_at <= LONGEST:
            raise ValueError("an exemption without an end within a year")

    def bears(self, verdict: Verdict, subject: str, at: datetime) -> bool:
        """Tell whether it silences a verdict about somebody at an instant."""
        is_meant = self.rule == verdict.rule and self.subject in {"", subject}
        is_borne = not self.reasons or verdict.reason in self.reasons
        is_known = self.things is None or things_of(verdict.values) <= self.things
        return is_meant and is_borne and is_known and self.granted_at <= at < self.ends_at


def things_of(values: Mapping[str, Any]) -> frozenset[str]:
    """Return the things that a verdict names, as texts: programs, disks, ports.

    Numbers grow and shrink by themselves, and name nothing.
    """
    lists = (one for one in values.values() if isinstance(one, list | tuple))
    return frozenset(str(one) for each in lists for one in each)


def bearing(
    verdict: Verdict, subject: str, exemptions: Iterable[Exemption], at: datetime
) -> Exemption | None:
    """Return what silences a bad verdict, the one that lasts longest; None: it counts."""
    if verdict.state is not State.BAD:
        return None
    found = [one for one in exemptions if one.bears(verdict, subject, at)]
    return max(found, key=lambda one: one.ends_at, default=None)


def standing(verdict: Verdict, exemption: Exemption | None) -> Standing:
    """Return what is shown of a verdict. One that is not bad needs no exemption."""
    is_borne = exemption is not None and verdict.state is State.BAD
    return Standing.EXCEPTED if is_borne else Standing(verdict.state.value)
