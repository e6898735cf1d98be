"""Reads of what is charted: the mouth on any day, and the trail of its events."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max, QuerySet, TextField
from django.db.models.functions import Cast

from quenotte.base.prepared import prepared
from quenotte.care.chart.models import ChartEvent, KeptMouth
from quenotte.care.chart.rules.findings import Finding, finding_from, finding_of
from quenotte.care.chart.rules.histories import Entry, History, What, history
from quenotte.care.chart.rules.mouths import (
    VERSION,
    Chart,
    Mouth,
    chart_from,
    chart_of,
    mouth_of,
    plain,
)


def mouth_on(patient_id: UUID, born_on: date, day: date) -> Mouth:
    """Return the mouth on a day: what was charted up to it, and what the age makes expected.

    What was undone or withdrawn by mistake counts for no day; the trail still has it.
    """
    chart = chart_now(patient_id)
    if chart.days and chart.days[-1] > day:
        chart = chart_of(history(entries_of(patient_id)), day)
    return mouth_of(chart, born_on, day)


def days_of(patient_id: UUID) -> tuple[date, ...]:
    """Return the clinical days on which something changed, oldest first."""
    return chart_now(patient_id).days


def chart_now(patient_id: UUID) -> Chart:
    """Return what all the events come to, as it is kept, or made anew when they moved on."""
    extent = _extent(patient_id)
    if not extent:
        return Chart()
    for version, last, count, content in _kept(patient_id):
        if version == VERSION and (last, count) == extent[0]:
            return chart_from(content)
    entries = entries_of(patient_id)
    chart = chart_of(history(entries))
    keep(patient_id, chart, last=entries[-1].number, count=len(entries))
    return chart


def keep(patient_id: UUID, chart: Chart, *, last: int, count: int) -> None:
    """Keep what the events of a patient come to: ``count`` of them, up to the number ``last``.

    What another one keeps of other events at the same moment is seen not to fit, and redone.
    """
    KeptMouth.objects.bulk_create(
        [
            KeptMouth(
                patient_id=patient_id,
                rules_version=VERSION,
                last_number=last,
                event_count=count,
                content=plain(chart),
            )
        ],
        update_conflicts=True,
        unique_fields=["patient"],
        update_fields=["rules_version", "last_number", "event_count", "content"],
    )


def entries_of(patient_id: UUID) -> list[Entry]:
    """Return all the events of a patient, in the order recorded."""
    return [
        Entry(
            number=number,
            key=_hex(key),
            step=_hex(step),
            what=_WHAT[what],
            on=on,
            finding=finding_from(finding) if finding else None,
            source=source,
            target=_hex(target) if target else "",
        )
        for number, on, what, source, key, step, target, finding in _events(patient_id)
    ]


_WHAT: Final = {one.value: one for one in What}


def _hex(identifier: str) -> str:
    """Return an identifier as its ``hex`` is: PostgreSQL writes hyphens."""
    return identifier.replace("-", "")


def told_by(patient_id: UUID) -> History:
    """Return what counts of the events of a patient."""
    return history(entries_of(patient_id))


def sources_of(patient_id: UUID) -> frozenset[str]:
    """Return the sources of what counts: a mark that was undone or withdrawn has none here."""
    acts = told_by(patient_id).acts
    return frozenset(act.entry.source for act in acts if act.entry.source and not act.ends)


@prepared
def _extent(patient_id: UUID) -> QuerySet[ChartEvent, tuple[Any, ...]]:
    rows = ChartEvent.objects.filter(patient_id=patient_id).order_by()
    return (
        rows.values("patient_id")
        .annotate(last=Max("number"), count=Count("number"))
        .values_list("last", "count")
    )


@prepared
def _kept(patient_id: UUID) -> QuerySet[KeptMouth, tuple[Any, ...]]:
    rows = KeptMouth.objects.filter(patient_id=patient_id)
    return rows.values_list("rules_version", "last_number", "event_count", "content")


@prepared
def _events(patient_id: UUID) -> QuerySet[ChartEvent, tuple[Any, ...]]:
    # As text: to make objects of 2,000 identifiers would take longer than all the rest.
    texts = {f"{name}_text": Cast(name, TextField()) for name in _TEXTS}
    rows = ChartEvent.objects.filter(patient_id=patient_id).order_by("number").annotate(**texts)
    return rows.values_list("number", "on", "what", "source", *texts)


_TEXTS: Final = ("key", "step", "target", "finding")


# --- the trail


@dataclass(frozen=True, slots=True)
class Step:
    """What was entered in one go: by whom, when, and whether it counts."""

    id: UUID
    what: What
    on: date
    recorded_at: datetime
    signed_as: str
    findings: tuple[Finding, ...]
    source: str = ""
    target: UUID | None = None
    is_undone: bool = False


def trail(patient_id: UUID, limit: int) -> list[Step]:
    """Return the last ``limit`` steps of the chart, newest first, undoings told like the others."""
    rows = ChartEvent.objects.filter(patient_id=patient_id).order_by("number")
    counting = {act.entry.step for act in told_by(patient_id).acts}
    steps: dict[UUID, Step] = {}
    for row in rows:
        found = (finding_of(row.finding),) if row.finding else ()
        known = steps.get(row.step)
        steps[row.step] = Step(
            id=row.step,
            what=What(row.what),
            on=row.on,
            recorded_at=row.recorded_at,
            signed_as=row.signed_as,
            findings=(known.findings if known else ()) + found,
            source=row.source,
            target=row.target,
            is_undone=bool(row.finding) and row.step.hex not in counting,
        )
    return list(reversed(steps.values()))[:limit]
