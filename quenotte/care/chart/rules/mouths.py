"""The mouth on a day: what stands in it, and what the age makes expected elsewhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from quenotte.care.chart.rules.findings import Kind, Presence, finding_from
from quenotte.care.chart.rules.histories import History
from quenotte.care.chart.rules.marks import Aside, Mark, Reason, Seen, Standing
from quenotte.care.chart.rules.standing import standing
from quenotte.kernel.teeth import PERMANENT, dentition, expected_teeth, is_primary, successor

#: Counts the changes of what the trail is told to mean: kept mouths of another count are redone.
VERSION: Final = 6

_IN_MOUTH: Final = frozenset({Presence.PRESENT, Presence.ROOT, Presence.IMPLANT})
_NEVER_CAME: Final = frozenset({Presence.MISSING, Presence.AGENESIS, Presence.IMPACTED})


@dataclass(frozen=True, slots=True)
class ToothNow:
    """A tooth of a mouth. ``is_assumed``: only the age says that it is there.

    ``is_retained``: a primary tooth that is still there when its successor should be, or is.
    ``since``: the day from which it was seen so. ``marks`` come in the order of their days,
    spans included: ``mark.finding.pontics`` tells whether a bridge stands for it or on it.
    """

    fdi: int
    presence: Presence
    marks: tuple[Mark, ...] = ()
    is_assumed: bool = False
    is_retained: bool = False
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Mouth:
    """A mouth on a day. ``spans``: bridges and removable prostheses, planned ones too.

    ``aside``: what cannot stand, with the reason. ``undo`` and ``redo``: the steps that would be
    taken next, empty when there are none; ``top``: the last one, made here or elsewhere.
    ``days``: those on which something changed, to the end.
    """

    day: date
    dentition: Literal["primary", "mixed", "permanent"]
    teeth: tuple[ToothNow, ...]
    spans: tuple[Mark, ...] = ()
    aside: tuple[Aside, ...] = ()
    undo: str = ""
    redo: str = ""
    top: str = ""
    days: tuple[date, ...] = ()

    def tooth(self, fdi: int) -> ToothNow | None:
        """Return one tooth, None when it is not in this mouth, not even as a gap."""
        return next((tooth for tooth in self.teeth if tooth.fdi == fdi), None)

    @property
    def missing(self) -> tuple[int, ...]:
        """The teeth that are known to be missing or never to have been."""
        return tuple(
            tooth.fdi
            for tooth in self.teeth
            if tooth.presence in {Presence.MISSING, Presence.AGENESIS}
        )


@dataclass(frozen=True, slots=True)
class Chart:
    """What the trail comes to on a day, whatever the age: this is what is kept."""

    standing: Standing = field(default_factory=Standing)
    days: tuple[date, ...] = ()
    undo: str = ""
    redo: str = ""
    top: str = ""


def chart_of(told: History, day: date = date.max) -> Chart:
    """Return what a trail comes to, up to a day (included)."""
    days = {act.entry.on for act in told.acts}
    days |= {max(act.ends[0], act.entry.on) for act in told.acts if act.ends}
    return Chart(standing(told.acts, day), tuple(sorted(days)), told.undo, told.redo, told.top)


def mouth_of(chart: Chart, born_on: date, day: date) -> Mouth:
    """Return the mouth that a chart makes at the age of that day."""
    found, age = chart.standing, _years(born_on, day)
    expected = expected_teeth(age)
    shown = _shown(found.seen, expected, born_on)
    teeth = tuple(_tooth(found, fdi, shown, expected) for fdi in sorted(shown))
    spans = {m.key: m for tooth in teeth for m in tooth.marks if m.finding.kind in _SPANS}
    return Mouth(
        day=day,
        dentition=_dentition(shown, age),
        teeth=teeth,
        spans=tuple(spans.values()),
        aside=tuple(found.aside),
        undo=chart.undo,
        redo=chart.redo,
        top=chart.top,
        days=chart.days,
    )


_SPANS: Final = frozenset({Kind.BRIDGE, Kind.PROSTHESIS})


def _years(born_on: date, day: date) -> float:
    return (day - born_on).days / 365.25


def _shown(
    seen: Mapping[int, Seen], expected: frozenset[int], born_on: date
) -> dict[int, Seen | None]:
    """Return the teeth to show: as they were seen, or None where only the age speaks."""
    shown: dict[int, Seen | None] = {
        fdi: one for fdi, one in seen.items() if not _is_past(fdi, one, seen, expected, born_on)
    }
    for fdi in expected - seen.keys():
        is_in_place = _is_replaced(fdi, seen) if is_primary(fdi) else _is_held(fdi, shown)
        if not is_in_place:
            shown[fdi] = None
    return shown


def _is_replaced(primary: int, seen: Mapping[int, Seen]) -> bool:
    """Tell whether the successor of a primary tooth was seen to be there."""
    later = seen.get(successor(primary))
    return later is not None and later.presence in _IN_MOUTH


def _is_held(permanent: int, shown: Mapping[int, Seen | None]) -> bool:
    """Tell whether a primary tooth that was seen keeps the place of a permanent one."""
    first = shown.get(permanent + 40) if permanent % 10 <= 5 else None
    return first is not None and first.presence not in _NEVER_CAME


def _is_past(
    fdi: int, one: Seen, seen: Mapping[int, Seen], expected: frozenset[int], born_on: date
) -> bool:
    """Tell whether what was seen of a primary tooth says nothing of the mouth any more.

    It does once its successor is there or expected, unless it was still there when the
    successor already was (retained), or the successor was seen never to have come.
    """
    if not is_primary(fdi):
        return False
    later = seen.get(successor(fdi))
    has_come = later is not None and later.presence in _IN_MOUTH
    if not has_come and successor(fdi) not in expected:
        return False
    if one.presence in _NEVER_CAME:
        return True
    if later is not None and has_come:
        return one.last < later.since
    if later is not None:
        return False
    return successor(fdi) not in expected_teeth(_years(born_on, one.last))


def _tooth(
    found: Standing, fdi: int, shown: Mapping[int, Seen | None], expected: frozenset[int]
) -> ToothNow:
    seen = shown[fdi]
    marks = tuple(sorted(found.on(fdi), key=lambda mark: mark.on))
    if seen is None:
        return ToothNow(fdi, Presence.PRESENT, marks, is_assumed=True)
    is_retained = seen.presence in _IN_MOUTH and is_primary(fdi) and _is_late(fdi, shown, expected)
    return ToothNow(fdi, seen.presence, marks, is_retained=is_retained, since=seen.since)


def _is_late(fdi: int, shown: Mapping[int, Seen | None], expected: frozenset[int]) -> bool:
    later = shown.get(successor(fdi))
    return successor(fdi) in expected or (later is not None and later.presence in _IN_MOUTH)


def _dentition(
    shown: Mapping[int, Seen | None], age: float
) -> Literal["primary", "mixed", "permanent"]:
    """Return the dentition that is shown; that of the age when no tooth is there."""
    there = {fdi for fdi, seen in shown.items() if seen is None or seen.presence in _IN_MOUTH}
    if not there:
        return dentition(age)
    if not there.intersection(PERMANENT):
        return "primary"
    return "mixed" if any(map(is_primary, there)) else "permanent"


# --- as it is kept


def plain(chart: Chart) -> dict[str, Any]:
    """Return a chart as JSON can hold it."""
    found = chart.standing
    return {
        "seen": {
            str(fdi): [one.presence.value, one.since.isoformat(), one.last.isoformat()]
            for fdi, one in found.seen.items()
        },
        "marks": [_plain_mark(mark) for mark in found.marks.values()],
        "aside": [
            [_plain_mark(one.mark), one.tooth, one.reason.value, one.is_moot] for one in found.aside
        ],
        "days": [day.isoformat() for day in chart.days],
        "undo": chart.undo,
        "redo": chart.redo,
        "top": chart.top,
    }


def chart_from(kept: Mapping[str, Any]) -> Chart:
    """Return the chart that ``plain`` wrote."""
    found = Standing()
    for fdi, (presence, since, last) in kept["seen"].items():
        found.seen[int(fdi)] = Seen(
            Presence(presence), date.fromisoformat(since), date.fromisoformat(last)
        )
    for mark in kept["marks"]:
        found.put(_mark(mark))
    found.aside = [
        Aside(_mark(mark), fdi, Reason(why), is_moot) for mark, fdi, why, is_moot in kept["aside"]
    ]
    days = tuple(map(date.fromisoformat, kept["days"]))
    return Chart(found, days, kept["undo"], kept["redo"], kept["top"])


def _plain_mark(mark: Mark) -> list[str]:
    finding = json.dumps(mark.finding.plain(), ensure_ascii=False)
    return [mark.key, mark.step, mark.source, mark.on.isoformat(), finding]


def _mark(kept: list[str]) -> Mark:
    key, step, source, on, finding = kept
    return Mark(key, step, source, date.fromisoformat(on), finding_from(finding))
