"""What stands at a practice, each fact once: by incident, and what a person bears of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.terms import State
from quenotte.provider.fleet import queries as fleet
from quenotte.provider.incidents.models import Exemption
from quenotte.provider.incidents.queries.incidents import Told, of_practice
from quenotte.provider.incidents.queries.quiet import exemptions_of

if TYPE_CHECKING:
    from quenotte.provider.fleet.models import Finding


@dataclass(frozen=True)
class Stands:
    """A finding that stands, and what a person decided to bear of it."""

    shown: fleet.Shown
    exemption: Exemption | None


def findings_of(customer_id: UUID, now: datetime, *, cause: str = "") -> list[Stands]:
    """Return what stands at a practice: what counts first, then what is borne."""
    found = fleet.findings_of_practice(customer_id)
    meant = [one for one in found if cause in {"", one.finding.cause}]
    return _standing(meant, exemptions_of(customer_id, now), now)


def _standing(
    found: Iterable[fleet.Shown], borne: Iterable[Exemption], now: datetime
) -> list[Stands]:
    known = {(one.machine_id, one.rule): one for one in borne}
    rows = [Stands(one, _bearing(known, one.finding, now)) for one in found]
    return sorted(rows, key=lambda one: one.exemption is not None)


@dataclass(frozen=True)
class Needs:
    """What there is to do at a practice, each fact once: by incident, then what is in none."""

    incidents: Sequence[tuple[Told, Sequence[Stands]]]
    others: Sequence[Stands]

    @property
    def count(self) -> int:
        """Return how many lines that is; an incident of which nothing is found now is one."""
        return sum(len(rows) or 1 for _told, rows in self.incidents) + len(self.others)


def needs_of(
    customer_id: UUID,
    now: datetime,
    *,
    found: Iterable[fleet.Shown],
    borne: Iterable[Exemption],
) -> Needs:
    """Return what there is to do at a practice, the gravest first.

    ``found``: what is open there (`fleet.overview`). ``borne``: its exemptions (`quiet_of`).
    """
    by_cause: dict[str, list[Stands]] = defaultdict(list)
    for one in _standing(found, borne, now):
        by_cause[one.shown.finding.cause].append(one)
    incidents = [(told, by_cause.pop(told.incident.cause, [])) for told in of_practice(customer_id)]
    return Needs(incidents, [one for rows in by_cause.values() for one in rows])


def _bearing(
    known: Mapping[tuple[UUID | None, str], Exemption], finding: "Finding", now: datetime
) -> Exemption | None:
    one = known.get((finding.machine_id, finding.rule))
    verdict = Verdict(finding.rule, State(finding.state), finding.reason, finding.values)
    return one if one and one.bears(verdict, now) else None
