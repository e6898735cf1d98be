"""Letting the rules look at what practices bought: licences that ended, end soon, are too few."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.kernel.posture.facts import Source
from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.noting import note
from quenotte.kernel.posture.questions.asked import Asked, Circumstances
from quenotte.kernel.posture.rules import OF_PAPERS, PAPERS, Rule
from quenotte.kernel.posture.terms import State as Judged
from quenotte.provider.fleet.models import Finding
from quenotte.provider.fleet.operations.judging import Told
from quenotte.provider.fleet.operations.stumbling import (
    Part,
    apart,
    nothing_left,
    stumbled,
    went_well,
)
from quenotte.provider.fleet.operations.touching import touch
from quenotte.provider.licences import queries as licences

_Papers = Sequence[Mapping[str, Any]]


@transaction.atomic
def judge_papers(*, now: datetime, customer_ids: Collection[UUID] | None = None) -> list[Told]:
    """Look at the licences of practices under contract; return what there is to tell.

    ``customer_ids``: of some practices; None: of all.
    """
    papers = licences.papers(customer_ids)
    due = {*papers, *_found(customer_ids)}
    if customer_ids is None:
        nothing_left(Part.PAPERS, but=due)

    def look(some: Collection[UUID]) -> list[Told]:
        told = _look(some, papers, now)
        went_well(Part.PAPERS, customer_ids=some)
        return told

    return apart(due, look, lambda one, error: stumbled(Part.PAPERS, one, error, now=now))


def _found(customer_ids: Collection[UUID] | None) -> dict[UUID, dict[str, Finding]]:
    """Return what was found of licences before, by practice and rule."""
    rows = Finding.objects.filter(machine=None, rule__in=OF_PAPERS)
    rows = rows if customer_ids is None else rows.filter(customer_id__in=customer_ids)
    found: dict[UUID, dict[str, Finding]] = defaultdict(dict)
    for one in rows:
        found[one.customer_id][one.rule] = one
    return found


def _look(
    customer_ids: Collection[UUID], papers: Mapping[UUID, _Papers], now: datetime
) -> list[Told]:
    known = _found(customer_ids)
    gone = {one for one in customer_ids if one not in papers}
    Finding.objects.filter(machine=None, customer_id__in=gone, rule__in=OF_PAPERS).delete()
    touched = {one for one in gone if any(each.is_open for each in known[one].values())}
    told: list[Told] = []
    for customer_id in sorted(set(customer_ids) - gone):
        for rule in PAPERS:
            before = known[customer_id].get(rule.key)
            finding = before or Finding(customer_id=customer_id, rule=rule.key)
            touched |= _judged(finding, rule, papers[customer_id], told, now)
    touch(touched, now=now)
    return told


def _judged(
    finding: Finding, rule: Rule, rows: _Papers, told: list[Told], now: datetime
) -> set[UUID]:
    """Take in what a rule says of the licences of a practice; return it where that is news."""
    # Ends are days by the clock on the wall.
    asked = Asked((rows,), Circumstances(timezone.localtime(now)), rule.limit)
    outcome = rule.ask(asked)
    if finding._state.adding and outcome.state is not Judged.BAD:
        return set()
    verdict = Verdict(rule.key, outcome.state, outcome.reason, outcome.values)
    shown = [one["value"] for one in finding.evidence]
    event, is_new = note(finding, verdict, now)
    evidence = [_evidence(rows, outcome.values.get("names", ()), now)]
    # What is written down may change and mean the same: who reads it sees it as it is now.
    if not is_new and shown == [one["value"] for one in evidence]:
        return set()
    finding.evidence = evidence
    finding.save()
    if not is_new:
        return set()
    if event is not None:
        told.append(Told(finding, event))
    return {finding.customer_id} if event or finding.is_open else set()


def _evidence(rows: _Papers, names: Collection[str], now: datetime) -> dict[str, Any]:
    """Return the licences that are meant as evidence is kept: as they were written down."""
    value = [
        {"name": row["name"], "count": row["seats"], "ends_on": row["ends_on"]}
        for row in rows
        if row["name"] in names or not names
    ]
    return {
        "key": "licences", "value": value, "unknown": None, "source": Source.PAPERS,
        "at": now.isoformat(),
    }  # fmt: skip
