"""What stands in a mouth: what counts is told again day by day, and stays legal at each step.

It does not know the age (``mouths`` does): a tooth of which nothing was said is neither there
nor absent. What cannot be true where it stands in time is set aside, with the reason, and comes
back by itself when the reason goes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from quenotte.care.chart.rules.findings import (
    PRESENCE_OF,
    SPANS,
    TAKES_AWAY,
    WORKS,
    Finding,
    Kind,
    Presence,
    Status,
)
from quenotte.care.chart.rules.histories import Act, Entry


class Reason(StrEnum):
    """Why something is set aside or refused. Values are stored: never rename one."""

    GONE = "gone"  # the tooth is missing, or never was
    HIDDEN = "hidden"  # it is impacted
    ROOT = "root"  # only its root is left
    IMPLANT = "implant"  # there is an implant in its place
    THERE = "there"  # it is there, and should not be
    TREATED = "treated"  # it carries works: it cannot be unerupted
    REPLACED = "replaced"  # a bridge or a prosthesis stands in its place
    BRIDGED = "bridged"  # it carries a bridge
    PILLAR = "pillar"  # it cannot carry a bridge
    NOTHING = "nothing"  # there is nothing to take off


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding that stands, and where it comes from: ``key`` is its event's."""

    key: str
    step: str
    source: str
    on: date
    finding: Finding


@dataclass(frozen=True, slots=True)
class Aside:
    """A finding that cannot stand, because of one tooth.

    ``is_moot``: an intention that stood, until the tooth changed.
    """

    mark: Mark
    tooth: int
    reason: Reason
    is_moot: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The state in which a tooth was seen, since when, and when that was last confirmed."""

    presence: Presence
    since: date
    last: date


@dataclass(slots=True)
class Standing:
    """What stands on one day."""

    seen: dict[int, Seen] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    aside: list[Aside] = field(default_factory=list)
    #: Keys of the marks that concern each tooth: it is asked at each step.
    by_tooth: dict[int, dict[str, None]] = field(default_factory=dict, compare=False)

    def on(self, tooth: int) -> list[Mark]:
        """Return the marks of a tooth, spans included, in the order in which they came."""
        return [self.marks[key] for key in self.by_tooth.get(tooth, ())]

    def presence(self, tooth: int) -> Presence | None:
        """Return how a tooth was seen, None when nothing was said of it."""
        seen = self.seen.get(tooth)
        return seen.presence if seen else None

    def put(self, mark: Mark) -> None:
        """Add a mark."""
        self.marks[mark.key] = mark
        for tooth in mark.finding.teeth:
            self.by_tooth.setdefault(tooth, {})[mark.key] = None

    def drop(self, mark: Mark) -> None:
        """Take a mark away."""
        if self.marks.pop(mark.key, None):
            for tooth in mark.finding.teeth:
                del self.by_tooth[tooth][mark.key]


_TOOTHLESS: Final = frozenset({Presence.MISSING, Presence.AGENESIS})
#: What may be said of a tooth in each state; of a tooth that is there, all but an implant.
_FITTING: Final = {
    Presence.ROOT: frozenset(
        {
            Kind.POST,
            Kind.ENDODONTICS,
            Kind.CROWN,
            Kind.CARIES,
            Kind.FRACTURE,
            Kind.APICAL,
            Kind.MOVED,
            Kind.ROTATED,
            Kind.EXTRACTION,
        }
    ),
    Presence.IMPACTED: frozenset({Kind.EXTRACTION, Kind.APICAL, Kind.MOVED, Kind.ROTATED}),
    Presence.IMPLANT: frozenset({Kind.IMPLANT, Kind.CROWN, Kind.FRACTURE, Kind.EXTRACTION}),
    Presence.MISSING: frozenset({Kind.IMPLANT}),
    Presence.AGENESIS: frozenset({Kind.IMPLANT}),
}
_REASONS: Final = {
    Presence.PRESENT: Reason.THERE,
    Presence.ROOT: Reason.ROOT,
    Presence.IMPACTED: Reason.HIDDEN,
    Presence.IMPLANT: Reason.IMPLANT,
    Presence.MISSING: Reason.GONE,
    Presence.AGENESIS: Reason.GONE,
}
#: Where a tooth that a span replaces may be.
_UNDER: Final = {
    Kind.BRIDGE: _TOOTHLESS | {Presence.IMPACTED},
    Kind.PROSTHESIS: _TOOTHLESS | {Presence.IMPACTED, Presence.ROOT, Presence.IMPLANT},
}
_PILLARS: Final = frozenset({Presence.PRESENT, Presence.ROOT, Presence.IMPLANT})
#: What comes off with a removal.
_FIXED: Final = frozenset({Kind.CROWN, Kind.VENEER, Kind.INLAY, *SPANS})
#: What a crown covers.
_COVERED: Final = frozenset({Kind.FILLING, Kind.INLAY, Kind.VENEER, Kind.SEALANT})
_HURT: Final = frozenset({Kind.CARIES, Kind.FRACTURE})
_RESTORES: Final = frozenset({Kind.FILLING, Kind.INLAY, Kind.VENEER, Kind.CROWN})


def standing(acts: Iterable[Act], day: date) -> Standing:
    """Return what stands on a day (included), told from the first day on."""
    found = Standing()
    for _on, _number, is_end, entry in sorted(_steps(acts, day), key=lambda step: step[:3]):
        if is_end:
            _give_up(found, entry)
        else:
            _tell(found, entry)
    return found


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
    touched = _replace(found, mark)
    _place(found, mark)
    for tooth in touched:
        _settle(found, tooth)


def objection_to(found: Standing, finding: Finding) -> tuple[int, Reason] | None:
    """Return why a finding cannot be true with what stands: because of which tooth."""
    if finding.kind in SPANS:
        return _objection_to_span(found, finding)
    tooth = finding.teeth[0]
    reason = _objection(found, finding, tooth, found.presence(tooth))
    return (tooth, reason) if reason else None


def _objection_to_span(found: Standing, finding: Finding) -> tuple[int, Reason] | None:
    replaced = finding.pontics if finding.kind is Kind.BRIDGE else finding.teeth
    for tooth in finding.teeth:
        presence = found.presence(tooth)
        if tooth not in replaced:
            if not _carries(found, finding, tooth, presence):
                return tooth, Reason.PILLAR
        elif presence and presence not in _UNDER[finding.kind] and not finding.is_intended:
            return tooth, _REASONS[presence]
    return None


def _carries(found: Standing, finding: Finding, tooth: int, presence: Presence | None) -> bool:
    if presence is None or presence in _PILLARS:
        return True
    return finding.is_intended and _has_planned_implant(found, tooth)


def _has_planned_implant(found: Standing, tooth: int) -> bool:
    return any(mark.finding.kind is Kind.IMPLANT for mark in found.on(tooth))


def _objection(
    found: Standing, finding: Finding, tooth: int, presence: Presence | None
) -> Reason | None:
    kind = finding.kind
    if kind is Kind.REMOVAL:
        return _objection_to_removal(found, tooth)
    if kind in PRESENCE_OF:
        return _objection_to_presence(found, PRESENCE_OF[kind], tooth, presence)
    if kind is Kind.IMPLANT:
        return _objection_to_implant(found, finding, tooth, presence)
    if presence and not fits(found, finding, tooth, presence):
        return _REASONS[presence]
    if kind is Kind.CROWN and not finding.is_intended:
        return _objection_to_crown(found, tooth, presence)
    return None


def _objection_to_removal(found: Standing, tooth: int) -> Reason | None:
    has_fixed = any(
        mark.finding.kind in _FIXED and not mark.finding.is_intended for mark in found.on(tooth)
    )
    return None if has_fixed else Reason.NOTHING


def _objection_to_crown(found: Standing, tooth: int, presence: Presence | None) -> Reason | None:
    if _spans(found, tooth, Kind.BRIDGE):
        return Reason.BRIDGED
    # A crown makes a root a tooth again, which a prosthesis cannot stand for.
    is_under = presence is Presence.ROOT and _spans(found, tooth, Kind.PROSTHESIS)
    return Reason.REPLACED if is_under else None


def fits(found: Standing, finding: Finding, tooth: int, presence: Presence) -> bool:
    """Tell whether something may be said of a tooth in this state."""
    if presence is Presence.PRESENT or finding.kind is Kind.SUPERNUMERARY:
        return True
    if presence in _TOOTHLESS and finding.kind is Kind.CROWN and finding.is_intended:
        return _has_planned_implant(found, tooth)
    return finding.kind in _FITTING[presence]


def _objection_to_presence(
    found: Standing, told: Presence, tooth: int, presence: Presence | None
) -> Reason | None:
    if told is Presence.MISSING:
        return None
    if presence is Presence.IMPLANT:
        return Reason.IMPLANT
    if told in {Presence.AGENESIS, Presence.IMPACTED}:
        is_treated = any(_is_work_in_place(mark) for mark in found.on(tooth))
        return Reason.TREATED if is_treated and presence in _PILLARS else None
    replaced_by = [kind for kind in SPANS if told not in _UNDER[kind]]
    return Reason.REPLACED if _spans(found, tooth, *replaced_by, replacing=True) else None


def _objection_to_implant(
    found: Standing, finding: Finding, tooth: int, presence: Presence | None
) -> Reason | None:
    if finding.is_intended:
        return None
    if _spans(found, tooth, Kind.BRIDGE, replacing=True):
        return Reason.REPLACED
    is_free = presence is None or presence in _TOOTHLESS or presence is Presence.IMPLANT
    return None if is_free else _REASONS[presence or Presence.PRESENT]


def _is_work_in_place(mark: Mark) -> bool:
    return mark.finding.kind in WORKS and not mark.finding.is_intended


def _spans(found: Standing, tooth: int, *kinds: Kind, replacing: bool = False) -> list[Mark]:
    """Return the spans in place over a tooth; ``replacing``: only those that stand for it."""
    return [
        mark
        for mark in found.on(tooth)
        if mark.finding.kind in kinds
        and _is_work_in_place(mark)
        and not (replacing and mark.finding.kind is Kind.BRIDGE and tooth in mark.finding.pillars)
    ]


def _replace(found: Standing, mark: Mark) -> set[int]:
    """Take away what a new mark stands for from now on; return the teeth concerned."""
    touched: set[int] = set()
    for tooth in mark.finding.teeth:
        for old in found.on(tooth):
            if _is_replaced(old, mark):
                found.drop(old)
                touched.update(old.finding.teeth)
    return touched


def _is_replaced(old: Mark, new: Mark) -> bool:
    one, other = old.finding, new.finding
    if one.is_intended:
        return _is_fulfilled(old, new)
    if other.is_intended:
        return False
    if other.kind is Kind.REMOVAL:
        return one.kind in _FIXED
    if one.kind in SPANS and other.kind in SPANS:
        return True
    return _is_covered(one, other) or _is_mended(one, other) or _is_told_again(one, other)


def _is_covered(one: Finding, other: Finding) -> bool:
    return other.kind is Kind.CROWN and one.kind in _COVERED


def _is_told_again(one: Finding, other: Finding) -> bool:
    is_same = _group(one.kind) is _group(other.kind) and one.kind is not Kind.SUPERNUMERARY
    return is_same and set(one.surfaces) <= set(other.surfaces)


def _group(kind: Kind) -> Kind:
    """A filling takes the place of an inlay of the same surfaces, and the other way round."""
    return Kind.FILLING if kind is Kind.INLAY else kind


def _is_fulfilled(old: Mark, new: Mark) -> bool:
    """Tell whether an intention was done, or written again."""
    one, other = old.finding, new.finding
    if one.kind is Kind.EXTRACTION and other.kind is Kind.MISSING:
        return True
    if one.kind is not other.kind:
        return False
    if old.source and old.source == new.source:
        return True
    if other.is_intended:
        return one.surfaces == other.surfaces
    return _meet(one.surfaces, other.surfaces)


def _is_mended(one: Finding, other: Finding) -> bool:
    """Tell whether a caries or a fracture went with the work that was done, or is sound again."""
    if one.kind is Kind.CARIES and other.kind is Kind.CARIES and other.icdas == 0:
        return _meet(one.surfaces, other.surfaces)
    if one.kind not in _HURT or other.kind not in _RESTORES or other.status is not Status.DONE:
        return False
    return other.kind is Kind.CROWN or _meet(one.surfaces, other.surfaces)


def _meet(one: str, other: str) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _place(found: Standing, mark: Mark) -> None:
    finding = mark.finding
    if finding.kind in PRESENCE_OF or (finding.kind in TAKES_AWAY and not finding.is_intended):
        _place_presence(found, mark)
        return
    for tooth in finding.teeth:
        told = _told_by(found, finding, tooth)
        if told:
            _see(found, tooth, told, mark.on)
    if not (finding.kind is Kind.CARIES and finding.icdas == 0):
        found.put(mark)
    for tooth in finding.teeth:
        _settle(found, tooth)


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
        reason = _obstacle(found, mark.finding, tooth, presence)
        if reason is None or mark.key not in found.marks:
            continue
        found.drop(mark)
        if mark.finding.is_intended:
            found.aside.append(Aside(mark, tooth, reason, is_moot=True))
        # What stood on it, or beside it, may have nothing to stand on now.
        for other in mark.finding.teeth:
            _settle(found, other)


def _obstacle(
    found: Standing, finding: Finding, tooth: int, presence: Presence | None
) -> Reason | None:
    if finding.kind in PRESENCE_OF:
        return None if presence is PRESENCE_OF[finding.kind] else Reason.THERE
    if finding.kind in SPANS:
        return _obstacle_to_span(found, finding, tooth, presence)
    if finding.kind is Kind.IMPLANT:
        return None if finding.is_intended or presence is Presence.IMPLANT else Reason.GONE
    if finding.kind is Kind.REMOVAL:
        return _objection(found, finding, tooth, presence)
    if presence is None or _stays(found, finding, tooth, presence):
        return None
    return _REASONS[presence]


def _stays(found: Standing, finding: Finding, tooth: int, presence: Presence) -> bool:
    """Tell whether a mark stays on a tooth in this state: a crown went with what it covered."""
    is_lost = presence is Presence.ROOT and finding.kind is Kind.CROWN and not finding.is_intended
    return fits(found, finding, tooth, presence) and not is_lost


def _obstacle_to_span(
    found: Standing, finding: Finding, tooth: int, presence: Presence | None
) -> Reason | None:
    if finding.kind is Kind.BRIDGE and tooth in finding.pillars:
        is_lost = presence is Presence.ROOT and not finding.is_intended
        carries = _carries(found, finding, tooth, presence) and not is_lost
        return None if carries else Reason.PILLAR
    if finding.is_intended or presence is None or presence in _UNDER[finding.kind]:
        return None
    return _REASONS[presence]
