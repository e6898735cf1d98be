"""What can be true of a tooth with what stands already, and why the rest cannot."""

from typing import Final

from quenotte.care.chart.rules.findings import (
    PRESENCE_OF,
    SPANS,
    WORKS,
    Finding,
    Kind,
    Presence,
)
from quenotte.care.chart.rules.marks import Mark, Reason, Standing

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
FIXED: Final = frozenset({Kind.CROWN, Kind.VENEER, Kind.INLAY, Kind.SPLINT, *SPANS})


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
    if presence and not _fits(found, finding, tooth, presence):
        is_pontic = kind is Kind.CROWN and _spans(found, tooth, Kind.BRIDGE, replacing=True)
        return Reason.REPLACED if is_pontic else _REASONS[presence]
    if kind is Kind.CROWN and not finding.is_intended:
        return _objection_to_crown(found, tooth, presence)
    return None


def _objection_to_removal(found: Standing, tooth: int) -> Reason | None:
    has_fixed = any(
        mark.finding.kind in FIXED and not mark.finding.is_intended for mark in found.on(tooth)
    )
    return None if has_fixed else Reason.NOTHING


def _objection_to_crown(found: Standing, tooth: int, presence: Presence | None) -> Reason | None:
    if _spans(found, tooth, Kind.BRIDGE):
        return Reason.BRIDGED
    # A crown makes a root a tooth again, which a prosthesis cannot stand for.
    is_under = presence is Presence.ROOT and _spans(found, tooth, Kind.PROSTHESIS)
    return Reason.REPLACED if is_under else None


def _fits(found: Standing, finding: Finding, tooth: int, presence: Presence) -> bool:
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


def obstacle_to(
    found: Standing, finding: Finding, tooth: int, presence: Presence | None
) -> Reason | None:
    """Return why a mark cannot stay on a tooth that is in this state now."""
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
    return _fits(found, finding, tooth, presence) and not is_lost


def _obstacle_to_span(
    found: Standing, finding: Finding, tooth: int, presence: Presence | None
) -> Reason | None:
    """Return why a span cannot stay; what it stands for cannot come back, see the objections."""
    if finding.kind is not Kind.BRIDGE or tooth in finding.pontics:
        return None
    is_lost = presence is Presence.ROOT and not finding.is_intended
    carries = _carries(found, finding, tooth, presence) and not is_lost
    return None if carries else Reason.PILLAR
