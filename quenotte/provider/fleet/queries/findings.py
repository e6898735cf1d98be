"""What the rules found, with its words and its evidence."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import capfirst

from quenotte.base import mending
from quenotte.kernel.posture.facts import Fact
from quenotte.kernel.posture.gravity import gravity
from quenotte.kernel.posture.rules import OF_PAPERS
from quenotte.kernel.posture.terms import Severity
from quenotte.kernel.posture.terms import State as Judged
from quenotte.provider.fleet import looking, showing, wording
from quenotte.provider.fleet.models import Finding


def open_findings(customer_ids: Collection[UUID]) -> list[Finding]:
    """Return what stands at practices, without its evidence."""
    found = Finding.objects.filter(customer_id__in=customer_ids, is_open=True)
    return list(found.defer("evidence", "dissent").order_by("customer_id", "id"))


def finding(finding_id: UUID) -> Finding:
    """Return one finding with its machine. Raises: Finding.DoesNotExist."""
    return Finding.objects.select_related("machine", "customer").get(pk=finding_id)


def opened(finding: Finding) -> datetime:
    """Return since when a finding stands."""
    return finding.opened_at or finding.since


@dataclass(frozen=True)
class Shown:
    """A finding with its words. ``facts``: what its sources say now, by key and source."""

    finding: Finding
    facts: Mapping[tuple[str, str], Fact] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return what its rule is called."""
        return str(wording.RULES.get(self.finding.rule, self.finding.rule))

    @property
    def words(self) -> str:
        """Return what it says."""
        one = self.finding
        return wording.sentence(one.rule, one.state, one.reason, one.values)

    @property
    def headline(self) -> str:
        """Return it in one line: what is wrong says itself, the rest names its rule."""
        if self.finding.state == Judged.BAD:
            return capfirst(self.words)
        if self.is_ok and wording.is_nothing(self.words):
            return self.title
        return f"{self.title} : {self.words}"

    @property
    def to_do(self) -> str:
        """Return what a technician does about it now; "" when nothing is wrong."""
        one = self.finding
        return "" if self.is_ok else mending.for_technician(f"{one.rule}.{one.reason}")

    @property
    def evidence(self) -> list[showing.Told]:
        """Return the facts it rests on as they are now, with their sources and times."""
        return [
            showing.of_fact(now)
            if (now := self.facts.get((one["key"], one["source"])))
            else showing.of_evidence(one)
            for one in self.finding.evidence
        ]

    @property
    def dissent(self) -> list[dict[str, Any]]:
        """Return the sources that say otherwise."""
        one = self.finding
        return [
            {
                "source": showing.source(other["source"]),
                "words": wording.sentence(one.rule, other["state"], other["reason"], one.values),
                "at": datetime.fromisoformat(other["at"]),
            }
            for other in one.dissent
        ]

    @property
    def is_ok(self) -> bool:
        """Tell whether nothing is wrong and nothing is unknown."""
        return self.finding.state == "ok"

    @property
    def severity_words(self) -> str:
        """Return how grave it is, in words."""
        return str(wording.SEVERITIES[self.finding.severity])


#: They say something only while they are broken.
OWN_RULES: Final = (
    "unseen", "silence", "agent_silence", "backup_silence", "backup_unknown", *OF_PAPERS,
)  # fmt: skip


def gravity_of(one: Finding) -> tuple[int, int]:
    """Return what a finding is sorted by: how soon somebody must know, and its rule."""
    return Severity(one.severity).weight, gravity(one.rule)


def shown_finding(finding_id: UUID) -> Shown | None:
    """Return one finding with its words; None when there is none."""
    found = Finding.objects.filter(pk=finding_id).select_related("machine").first()
    return Shown(found) if found else None


def by_source(facts: Iterable[Fact]) -> dict[tuple[str, str], Fact]:
    """Return facts by their key and source."""
    return {(one.key, one.source.value): one for one in facts}


def look_at(customer_id: UUID, *, now: datetime) -> looking.Look:
    """Return what the rules say of a practice now, read from the facts and not written down."""
    return looking.look_at(customer_id, now=now)


def machines_judged(
    rules: Collection[str], states: Collection[str]
) -> QuerySet[Finding, UUID | None]:
    """Return the ids of the machines of which one of the rules says one of these states."""
    found = Finding.objects.filter(rule__in=rules, state__in=states, machine__isnull=False)
    return found.values_list("machine_id", flat=True)


def judged(machine_ids: Collection[UUID], rules: Collection[str]) -> dict[UUID, list[Shown]]:
    """Return what rules say of machines, with the words and the evidence of each."""
    found: dict[UUID, list[Shown]] = defaultdict(list)
    for one in Finding.objects.filter(machine_id__in=machine_ids, rule__in=rules).order_by("rule"):
        if one.machine_id is not None:
            found[one.machine_id].append(Shown(one))
    return found
