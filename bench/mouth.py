"""A mouth charted for twenty years: 2,000 events, looked at, treated, taken back and done again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from quenotte.base.people.models import Person
    from quenotte.care.chart.models import ChartEvent
    from quenotte.care.chart.rules import Finding
    from quenotte.care.patients.models import Patient

EVENTS = 2_000
_YEARS = 20


def fill(random: Random, patient: Patient, dentist: Person, today: date) -> None:
    """Chart the mouth of a patient, who has no chart yet."""
    from quenotte.care.chart.models import ChartEvent

    events: list[ChartEvent] = []
    while len(events) < EVENTS:
        on = today - timedelta(days=365 * _YEARS * (EVENTS - len(events)) // EVENTS)
        events += _visit(random, patient, dentist, on)
    ChartEvent.objects.bulk_create(events[:EVENTS])


def _visit(random: Random, patient: Patient, dentist: Person, on: date) -> Iterator[ChartEvent]:
    """Yield what one visit leaves: some findings, now and then undone and redone."""
    from quenotte.care.chart.models import ChartEvent

    def event(what: str, finding: Finding | None = None, target: UUID | None = None) -> ChartEvent:
        return ChartEvent(
            patient=patient,
            step=step if finding else uuid4(),
            what=what,
            on=on,
            finding=finding.plain() if finding else None,
            target=target,
            author=dentist,
            signed_as=dentist.full_name,
            recorded_at=datetime.combine(on, time(10), ZoneInfo("Europe/Paris")),
        )

    step = uuid4()
    yield from (event("find", finding) for finding in _findings(random))
    for what in ("undo", "redo") if random.random() < 0.2 else ():
        yield event(what, target=step)


def _findings(random: Random) -> Iterator[Finding]:
    from quenotte.care.chart.rules import Finding, Kind, Status
    from quenotte.kernel.teeth import PERMANENT

    for tooth in random.sample([one for one in PERMANENT if one % 10 < 8], random.randint(2, 6)):
        surfaces = random.choice(["M", "D", "V", "L", "MD", "VL"])
        kind = random.choice([Kind.CARIES, Kind.FILLING, Kind.FILLING, Kind.ENDODONTICS, Kind.POST])
        has_place = kind in {Kind.CARIES, Kind.FILLING}
        may_be = [Status.EXISTING, Status.WATCH]
        status = random.choice(may_be if kind is Kind.CARIES else [*Status])
        material = "composite" if kind is Kind.FILLING else ""
        yield Finding(kind, (tooth,), surfaces if has_place else "", status, material)
