"""What stands in a mouth: what counts is told again day by day, and stays legal at each step.

It does not know the age (``mouths`` does): a tooth of which nothing was said is neither there
nor absent. What cannot be true where it stands in time is set aside, with the reason, and comes
back by itself when the reason goes.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from quenotte.care.chart.rules.findings import (
    PRESENCE_OF,
    SPANS,
    TAKES_AWAY,
    Finding,
    Kind,
    Presence,
    Status,
)
from quenotte.care.chart.rules.histories import Act, Entry
from quenotte.care.chart.rules.legality import objection_to, obstacle_to
from quenotte.care.chart.rules.marks import Aside, Mark, Seen, Standing
from quenotte.care.chart.rules.replacing import replace


def standing(acts: Iterable[Act], day: date) -> Standing:
    """Return what stands on a day (included), told from the first day on."""
    found = Standing()
    for _event in told(found, acts, day):
        pass
    return found


def told(found: Standing, acts: Iterable[Act], day: date) -> Iterator[tuple[date, Entry, bool]]:
    """Tell what counts to ``found``, up to a day (included); yield after each event.

    What is yielded: the day, the entry, and whether it is an intention that was given up then.
    """
    for on, _number, is_end, entry in sorted(_steps(acts, day), key=lambda step: step[:3]):
        if is_end:
            _give_up(found, entry)
        else:
            _tell(found, entry)
        yield on, entry, is_end


def _steps(acts: Iterable[Act], day: date) -> Iterator[tuple[date, int, bool, Entry]]:
    for act in acts:
        entry = act.entry
        if entry.on <= day:
            yield entry.on, entry.number, False, entry
        if act.ends and act.ends[0] <= day:
            # What was given up before its own day ends on that day, after it came.
            yield max(act.ends[0], entry.on), act.ends[1], True, entry


def _give_up(found: Standing, entry: Entry) -> None:
    found.aside = [one for one in found.aside if one.mark.key != entry.key]
    mark = found.marks.get(entry.key)
    if mark:
        found.drop(mark)
        for tooth in mark.finding.teeth:
            _settle(found, tooth)


def _tell(found: Standing, entry: Entry) -> None:
    assert entry.finding is not None
    mark = Mark(entry.key, entry.step, entry.source, entry.on, entry.finding)
    if objection := objection_to(found, entry.finding):
        found.aside.append(Aside(mark, *objection))
        return
    touched = replace(found, mark)
    _place(found, mark)
    for tooth in touched:
        _settle(found, tooth)


def _place(found: Standing, mark: Mark) -> None:
    finding = mark.finding
    if finding.kind in PRESENCE_OF or (finding.kind in TAKES_AWAY and not finding.is_intended):
        _place_presence(found, mark)
        return
    changed = [tooth for tooth in finding.teeth if _is_seen(found, mark, tooth)]
    if not (finding.kind is Kind.CARIES and finding.icdas == 0):
        found.put(mark)
    for tooth in changed:
        _settle(found, tooth)


def _is_seen(found: Standing, mark: Mark, tooth: int) -> bool:
    """Note what a finding says of the presence of a tooth; tell whether that is news."""
    before, told = found.presence(tooth), _told_by(found, mark.finding, tooth)
    if told:
        _see(found, tooth, told, mark.on)
    return told is not None and told is not before


def _place_presence(found: Standing, mark: Mark) -> None:
    finding, tooth = mark.finding, mark.finding.teeth[0]
    if finding.kind is Kind.REMOVAL:
        return
    _see(found, tooth, PRESENCE_OF.get(finding.kind, Presence.MISSING), mark.on)
    if finding.kind in {Kind.IMPACTED, Kind.ROOT} and (finding.detail or _is_followed(finding)):
        found.put(mark)
    _settle(found, tooth)


def _is_followed(finding: Finding) -> bool:
    return finding.status in {Status.WATCH, Status.REFERRED}


def _told_by(found: Standing, finding: Finding, tooth: int) -> Presence | None:
    """Return the state in which a finding shows a tooth to be, None when it says nothing of it."""
    kind, presence = finding.kind, found.presence(tooth)
    if kind is Kind.SUPERNUMERARY or (finding.is_intended and kind in {*SPANS, Kind.IMPLANT}):
        return None
    if kind is Kind.IMPLANT:
        return Presence.IMPLANT
    if kind is Kind.PROSTHESIS or tooth in finding.pontics:
        return presence or Presence.MISSING
    if presence is Presence.ROOT and not finding.is_intended and kind in {Kind.CROWN, Kind.BRIDGE}:
        return Presence.PRESENT
    return presence or Presence.PRESENT


def _see(found: Standing, tooth: int, presence: Presence, on: date) -> None:
    old = found.seen.get(tooth)
    since = old.since if old and old.presence is presence else on
    found.seen[tooth] = Seen(presence, since, on)


def _settle(found: Standing, tooth: int) -> None:
    """Take away what cannot stay on a tooth as it is now: intentions are set aside.

    What was in place went with the tooth.
    """
    presence = found.presence(tooth)
    for mark in found.on(tooth):
        reason = obstacle_to(found, mark.finding, tooth, presence)
        if reason is None or mark.key not in found.marks:
            continue
        found.drop(mark)
        if mark.finding.is_intended:
            found.aside.append(Aside(mark, tooth, reason, is_moot=True))
        # What stood on it, or beside it, may have nothing to stand on now.
        for other in mark.finding.teeth:
            _settle(found, other)
