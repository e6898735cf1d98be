"""A help to name a periodontitis by the 2018 classification. It decides nothing.

Source: Papapanou et al. 2018 and Tonetti, Greenwell & Kornman 2018 (J Periodontol 89 Suppl 1),
tables 1 to 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from quenotte.care.perio.rules.mouths import are_neighbours, is_interdental, is_molar_or_incisor
from quenotte.care.perio.rules.readings import Charting

#: Factors that only an eye or a radiograph sees -> the lowest stage they point to.
FACTORS: Final = {
    "vertical": 3, "ridge": 3,
    "mastication": 4, "occlusal_trauma": 4, "ridge_severe": 4, "collapse": 4,
}  # fmt: skip
#: Attachment loss, in mm, from which each stage is reached.
_ATTACHMENT: Final = ((1, 1), (3, 2), (5, 3))
#: Bone loss, in per cent of the root, from which each stage is reached.
_BONE: Final = ((1, 1), (15, 2), (34, 3))
_DEPTHS: Final = ((5, 2), (6, 3))
_FEWEST_TEETH: Final = 20
_WIDESPREAD: Final = 0.30


@dataclass(frozen=True, slots=True)
class Context:
    """What the chart does not know; None is unknown, for ``diabetic`` as for the numbers.

    Units: bone loss in per cent of the root at the worst site; ``loss_over_five_years`` in mm;
    HbA1c in per cent; ``age`` in years.
    """

    age: int | None = None
    bone_loss_percent: int | None = None
    teeth_lost: int | None = None
    loss_over_five_years: int | None = None
    cigarettes_a_day: int | None = None
    diabetic: bool | None = None
    hba1c: float | None = None
    factors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that led to a stage or a grade: a code, what it points to, its numbers."""

    code: str
    points_to: int
    number: float | None = None
    teeth: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """What the classification would say. ``stage`` 0: these values make no periodontitis.

    ``stage`` and ``grade`` (0 A, 1 B, 2 C) are None when too little is known. ``extent`` is
    localised, generalised, molar_incisor or "".
    """

    stage: int | None
    stage_facts: tuple[Fact, ...]
    grade: int | None
    grade_facts: tuple[Fact, ...]
    extent: str
    extent_teeth: tuple[int, ...]
    missing: tuple[Fact, ...]


def advise(charting: Charting, context: Context) -> Advice:
    """Return stage, extent and grade with the facts that lead there, and what is missing."""
    losses = interdental_losses(charting)
    facts = tuple(_stage_facts(charting, context, losses))
    stage = _stage(charting, losses, facts)
    grades = tuple(_grade_facts(context))
    missing = tuple(_missing(charting, context))
    if not stage:
        return Advice(stage, facts, None, (), "", (), missing)
    extent, teeth = _extent(charting, losses)
    grade = _grade(grades)
    return Advice(stage, facts, grade, grades, extent, teeth, missing)


def interdental_losses(charting: Charting) -> dict[int, int]:
    """Return the greatest interdental attachment loss of each natural tooth, in mm, from 1 up."""
    losses: dict[int, int] = {}
    for tooth, site, reading in charting.readings(charting.natural):
        loss = reading.attachment
        if is_interdental(site) and loss is not None and loss >= 1:
            losses[tooth] = max(loss, losses.get(tooth, 0))
    return losses


def is_case(charting: Charting, losses: dict[int, int]) -> bool:
    """Return whether the values make a case of periodontitis.

    Either an interdental loss at two teeth that do not touch, or a vestibular or lingual loss of
    3 mm with a pocket of more than 3 mm at two teeth.
    """
    lost = sorted(losses)
    if any(not are_neighbours(one, other) for one in lost for other in lost):
        return True
    return len(_oral_losses(charting)) >= 2


def _oral_losses(charting: Charting) -> set[int]:
    return {
        tooth
        for tooth, site, reading in charting.readings(charting.natural)
        if not is_interdental(site) and (reading.attachment or 0) >= 3 and (reading.depth or 0) > 3
    }


def _stage(charting: Charting, losses: dict[int, int], facts: tuple[Fact, ...]) -> int | None:
    """Return the highest stage that a fact points to; the fourth wants the third without it."""
    levels = [one.attachment for _, _, one in charting.readings(charting.natural)]
    if not is_case(charting, losses):
        has_bone = any(fact.code == "bone" for fact in facts)
        if all(level is None for level in levels) and not has_bone:
            return None
        if not has_bone:
            return 0
    severe = max((fact.points_to for fact in facts if fact.points_to < 4), default=1)
    is_fourth = any(fact.points_to == 4 for fact in facts)
    lost_many = any(fact.code == "lost" and fact.points_to == 4 for fact in facts)
    return 4 if is_fourth and (severe == 3 or lost_many) else severe


def _stage_facts(charting: Charting, context: Context, losses: dict[int, int]) -> Iterator[Fact]:
    if losses:
        worst = max(losses.values())
        teeth = tuple(tooth for tooth, loss in losses.items() if loss == worst)
        yield Fact("attachment", _reached(worst, _ATTACHMENT), worst, teeth)
    if context.bone_loss_percent:
        yield Fact("bone", _reached(context.bone_loss_percent, _BONE), context.bone_loss_percent)
    if context.teeth_lost:
        yield Fact("lost", 3 if context.teeth_lost <= 4 else 4, context.teeth_lost)
    yield from _complexity(charting, context)


def _complexity(charting: Charting, context: Context) -> Iterator[Fact]:
    natural = charting.natural
    depths = [(one.depth or 0, tooth) for tooth, _, one in charting.readings(natural)]
    deepest = max(depths, default=(0, 0))[0]
    if deepest >= 5:
        teeth = tuple(sorted({tooth for depth, tooth in depths if depth == deepest}))
        yield Fact("depth", _reached(deepest, _DEPTHS), deepest, teeth)
    if open_teeth := tuple(one for one in natural if _worst_furcation(charting, one) >= 2):
        yield Fact("furcation", 3, None, open_teeth)
    for factor in sorted(context.factors & FACTORS.keys()):
        yield Fact(factor, FACTORS[factor])
    if 0 < len(natural) < _FEWEST_TEETH:
        yield Fact("few_teeth", 4, len(natural))


def _worst_furcation(charting: Charting, tooth: int) -> int:
    return max(charting.tooth(tooth).furcation.values(), default=0)


def _extent(charting: Charting, losses: dict[int, int]) -> tuple[str, tuple[int, ...]]:
    """Return how far it goes, by the teeth whose loss is of the class of the greatest one."""
    if not losses:
        return "", ()
    worst = _reached(max(losses.values()), _ATTACHMENT)
    teeth = tuple(one for one, loss in losses.items() if _reached(loss, _ATTACHMENT) == worst)
    if _is_molar_incisor(teeth):
        return "molar_incisor", teeth
    share = len(teeth) / len(charting.natural)
    return ("generalised" if share >= _WIDESPREAD else "localised"), teeth


def _is_molar_incisor(teeth: tuple[int, ...]) -> bool:
    places = {tooth % 10 for tooth in teeth}
    return all(map(is_molar_or_incisor, teeth)) and 6 in places and bool(places & {1, 2})


def _grade_facts(context: Context) -> Iterator[Fact]:
    """Yield what points to a grade: what was seen over years, else the bone loss by age; risks."""
    over_years = context.loss_over_five_years
    if over_years is not None:
        yield Fact("over_years", 0 if over_years <= 0 else 1 if over_years < 2 else 2, over_years)
    elif context.bone_loss_percent is not None and context.age:
        bone, age = context.bone_loss_percent, context.age
        # Rounded down for the words: 0.247 says 0.24, never the 0.25 that it does not reach.
        ratio = (100 * bone // age) / 100
        yield Fact("bone_by_age", 0 if 4 * bone < age else 1 if bone <= age else 2, ratio)
    else:
        # Without evidence the classification begins with B.
        yield Fact("assumed", 1)
    if context.cigarettes_a_day:
        smoked = context.cigarettes_a_day
        yield Fact("smoking", 1 if smoked < 10 else 2, smoked)
    if context.diabetic and context.hba1c is not None:
        yield Fact("diabetes", 1 if context.hba1c < 7 else 2, context.hba1c)
    elif context.diabetic:
        yield Fact("diabetes_unmeasured", 1)


def _grade(facts: tuple[Fact, ...]) -> int:
    return max(fact.points_to for fact in facts)


def _missing(charting: Charting, context: Context) -> Iterator[Fact]:
    found = [one for _, _, one in charting.readings(charting.natural)]
    if unprobed := sum(one.depth is None for one in found):
        yield Fact("unprobed", 0, unprobed)
    if unknown := sum(one.depth is not None and one.recession is None for one in found):
        yield Fact("no_recession", 0, unknown)
    for name in ("bone_loss_percent", "teeth_lost", "cigarettes_a_day", "diabetic", "age"):
        if getattr(context, name) is None:
            yield Fact(name, 0)
    if context.diabetic and context.hba1c is None:
        yield Fact("hba1c", 0)


def _reached(value: float, limits: tuple[tuple[int, int], ...]) -> int:
    """Return the highest step whose limit a value reaches; the first one at least."""
    return max((step for limit, step in limits if value >= limit), default=limits[0][1])
