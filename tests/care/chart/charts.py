"""Mouths written as typed lines, for tests without a database."""

from datetime import date, timedelta

from quenotte.care.chart.rules import parse, sentence_of
from quenotte.care.chart.rules.histories import Entry, What, history
from quenotte.care.chart.rules.mouths import Mouth, ToothNow, chart_of, mouth_of

ADULT, TODAY = date(1985, 4, 3), date(2026, 3, 17)
START = date(2020, 1, 1)


def entries_of(*lines: str, days: tuple[int, ...] = ()) -> list[Entry]:
    """Return the trail of these lines, each a step, a day after the one before unless given."""
    entries: list[Entry] = []
    for place, line in enumerate(lines):
        on = START + timedelta(days=days[place] if days else place)
        for finding in parse(line):
            number = len(entries) + 1
            entries.append(
                Entry(number, f"k{number}", f"s{place}", What.FIND, on, finding, f"src{place}")
            )
    return entries


def mouth_of_entries(entries: list[Entry], day: date = TODAY, born_on: date = ADULT) -> Mouth:
    """Return the mouth that a trail comes to."""
    return mouth_of(chart_of(history(entries), day), born_on, day)


def mouth_after(*lines: str, days: tuple[int, ...] = (), born_on: date = ADULT) -> Mouth:
    """Return the mouth after these lines."""
    return mouth_of_entries(entries_of(*lines, days=days), born_on=born_on)


def tooth_of(mouth: Mouth, fdi: int) -> ToothNow:
    """Return a tooth that is in the mouth, be it as a gap."""
    tooth = mouth.tooth(fdi)
    assert tooth is not None
    return tooth


def marks(mouth: Mouth, fdi: int) -> list[str]:
    """Return what is said of a tooth."""
    tooth = mouth.tooth(fdi)
    return [sentence_of(mark.finding) for mark in tooth.marks] if tooth else []


def aside(mouth: Mouth) -> list[tuple[str, int, str]]:
    """Return what is set aside, because of which tooth, and why."""
    return [(sentence_of(one.mark.finding), one.tooth, one.reason.value) for one in mouth.aside]
