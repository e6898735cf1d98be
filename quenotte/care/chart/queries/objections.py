"""What the chart would refuse, asked before anything is written."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from quenotte.care.chart.queries.mouths import chart_now, entries_of
from quenotte.care.chart.rules.checks import NotChartable, checked, refuse_new
from quenotte.care.chart.rules.findings import Finding
from quenotte.care.chart.rules.histories import Entry, What, history
from quenotte.care.chart.rules.mouths import chart_of


def objector(patient_id: UUID, day: date) -> Callable[[Finding], str]:
    """Return what says why a finding could not be charted on a day, or nothing.

    The trail is read once, however many findings are asked about.
    """
    entries = entries_of(patient_id)
    known = {aside.mark.key for aside in chart_now(patient_id).standing.aside}

    def why(finding: Finding) -> str:
        try:
            added = _added(entries, checked([finding]), day)
            after = chart_of(history(entries + added))
            refuse_new(after.standing.aside, known, {one.key for one in added})
        except NotChartable as refusal:
            return str(refusal.message)
        return ""

    return why


def _added(entries: list[Entry], found: list[Finding], day: date) -> list[Entry]:
    last = entries[-1].number if entries else 0
    return [
        Entry(last + place, f"asked-{place}", "asked", What.FIND, day, one, "", "")
        for place, one in enumerate(found, start=1)
    ]
