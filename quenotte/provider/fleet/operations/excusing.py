"""What a gap of our own hearing excuses: a silence that begins in it, none that stood before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from quenotte.kernel.posture.hours import Period
from quenotte.kernel.posture.voices import Around
from quenotte.provider.fleet.models import Finding, Posture
from quenotte.provider.fleet.operations.agents import silent_before


def is_still_silent(posture: Posture, heard_at: datetime) -> bool:
    """Tell whether a silence of a machine that stands is the same one: it was not heard since."""
    return posture.silent_since is not None and heard_at <= posture.silent_since


def are_still_silent(finding: Finding, told_at: datetime) -> bool:
    """Tell whether a silence of copies that stands is the same one: nothing was told since."""
    return finding.is_open and told_at <= finding.since


def excused(
    around: Around,
    gaps: Sequence[Period],
    found: Iterable[Finding | None],
    heard_at: Mapping[str, datetime],
) -> Around:
    """Return what counts for a machine with the time in which our own door did not listen.

    ``found``: what stands of its agents; those that were silent stay so. ``heard_at``: when each
    was heard last; none if it never was.
    """
    silent = frozenset[str]().union(*(silent_before(one, heard_at) for one in found))
    return replace(around, gaps=gaps, known_silent=silent)
