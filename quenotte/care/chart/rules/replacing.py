"""What a new finding stands for from now on: what it fulfils, mends, covers or tells again."""

import dataclasses
from typing import Final

from quenotte.care.chart.rules.findings import SPANS, Finding, Kind, Status
from quenotte.care.chart.rules.legality import FIXED
from quenotte.care.chart.rules.marks import Mark, Standing

#: What a crown covers.
_COVERED: Final = frozenset({Kind.FILLING, Kind.INLAY, Kind.VENEER, Kind.SEALANT})
_HURT: Final = frozenset({Kind.CARIES, Kind.FRACTURE})
_RESTORES: Final = frozenset({Kind.FILLING, Kind.INLAY, Kind.VENEER, Kind.CROWN})


#: What something else may stand on: a crown on its implant, a removal on what comes off.
_CARRYING: Final = FIXED | {Kind.IMPLANT}


def _concerned(kind: Kind) -> frozenset[Kind]:
    """Return the kinds that a new finding of this one may take the place of."""
    found = {kind}
    if kind in {Kind.FILLING, Kind.INLAY}:
        found |= {Kind.FILLING, Kind.INLAY}
    if kind is Kind.MISSING:
        found.add(Kind.EXTRACTION)
    if kind is Kind.REMOVAL:
        found |= FIXED
    if kind is Kind.CROWN:
        found |= _COVERED
    if kind in SPANS:
        found |= SPANS
    if kind is Kind.BRIDGE:
        found.add(Kind.CROWN)
    if kind in _RESTORES:
        found |= _HURT
    return frozenset(found)


#: What each kind may take the place of: most marks of a tooth need no second look.
_CONCERNED: Final = {kind: _concerned(kind) for kind in Kind}


def replace(found: Standing, mark: Mark) -> set[int]:
    """Take away what a new mark stands for from now on.

    Returns the teeth on which something may have lost what it stood on.
    """
    touched: set[int] = set()
    concerned = _CONCERNED[mark.finding.kind]
    for tooth in mark.finding.teeth:
        for old in found.on(tooth):
            if old.finding.kind not in concerned:
                continue
            if rest := _rest(old, mark):
                found.change(rest)
            elif _is_replaced(old, mark):
                found.drop(old)
                if old.finding.kind in _CARRYING:
                    touched.update(old.finding.teeth)
    return touched


def _rest(old: Mark, new: Mark) -> Mark | None:
    """Return what is left of a caries, or of an intention, whose surfaces were done in part.

    None when nothing is: it was not met, or all of it was done.
    """
    one, other = old.finding, new.finding
    left = "".join(letter for letter in one.surfaces if letter not in other.surfaces)
    is_part = left and left != one.surfaces and other.surfaces and not other.is_intended
    if not is_part or not (_is_fulfilled(old, new) if one.is_intended else _is_mended(one, other)):
        return None
    return dataclasses.replace(old, finding=dataclasses.replace(one, surfaces=left))


def _is_replaced(old: Mark, new: Mark) -> bool:
    one, other = old.finding, new.finding
    if one.is_intended:
        return _is_fulfilled(old, new)
    if other.is_intended:
        return False
    if other.kind is Kind.REMOVAL:
        return one.kind in FIXED
    if one.kind in SPANS and other.kind in SPANS:
        return True
    if other.kind is Kind.BRIDGE and one.kind is Kind.CROWN:
        return _is_provisional(one) and one.teeth[0] in other.pillars
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
    # A provisional crown does not do the crown that is planned; the two are planned together.
    if _is_provisional(other) and not _is_provisional(one):
        return False
    if other.is_intended:
        return one.surfaces == other.surfaces and _is_provisional(one) == _is_provisional(other)
    return _meet(one.surfaces, other.surfaces)


def _is_provisional(finding: Finding) -> bool:
    return finding.material == "temporary"


def _is_mended(one: Finding, other: Finding) -> bool:
    """Tell whether a caries or a fracture went with the work that was done, or is sound again."""
    if one.kind is Kind.CARIES and other.kind is Kind.CARIES and other.icdas == 0:
        return _meet(one.surfaces, other.surfaces)
    if one.kind not in _HURT or other.kind not in _RESTORES or other.status is not Status.DONE:
        return False
    return other.kind is Kind.CROWN or _meet(one.surfaces, other.surfaces)


def _meet(one: str, other: str) -> bool:
    return not one or not other or bool(set(one) & set(other))
