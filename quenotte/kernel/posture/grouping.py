"""From findings to incidents: one for each practice and cause, the gravest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from quenotte.kernel.posture.storms import Storm
from quenotte.kernel.posture.terms import Cause, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken now, at somebody: ``subject`` is a machine, or the practice itself.

    ``since`` is an aware instant. What crosses no threshold, or is borne, is no finding.
    """

    practice: str
    subject: str
    rule: str
    cause: Cause
    severity: Severity
    since: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """What one person mends in one go. ``practice`` is "" where the fault lies in none of them."""

    practice: str
    cause: Cause
    severity: Severity
    since: datetime
    findings: tuple[Finding, ...]


def incidents(findings: Iterable[Finding], storms: Iterable[Storm] = ()) -> list[Incident]:
    """Return the incidents of what is found now: the gravest first, then the oldest.

    What a storm explains is told once, as the storm. Nothing is remembered between two calls: what
    came and went while nobody was told is never told.
    """
    rest, found = list(findings), []
    for storm in storms:
        blown, rest = _parted(rest, storm)
        found.append(Incident("", Cause.STORM, Severity.CRITICAL, storm.since, tuple(blown)))
    rest.sort(key=lambda one: (one.practice, one.cause, one.since, one.subject, one.rule))
    for (practice, cause), group in groupby(rest, key=lambda one: (one.practice, one.cause)):
        found.append(_incident(practice, cause, tuple(group)))
    return sorted(found, key=lambda one: (one.severity.weight, one.since, one.practice, one.cause))


def _parted(findings: list[Finding], storm: Storm) -> tuple[list[Finding], list[Finding]]:
    """Return the silences that a storm explains, and all the rest."""
    blown: list[Finding] = []
    rest: list[Finding] = []
    for one in findings:
        is_blown = one.cause is Cause.SILENCE and one.subject in storm.machines
        (blown if is_blown else rest).append(one)
    return blown, rest


def _incident(practice: str, cause: Cause, findings: tuple[Finding, ...]) -> Incident:
    severity = min((one.severity for one in findings), key=lambda one: one.weight)
    since = min(one.since for one in findings)
    return Incident(practice, cause, severity, since, findings)
