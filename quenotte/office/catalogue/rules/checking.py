"""Rules of billing, checked when an act is written: they warn, with a reason, and never block."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from quenotte.kernel.dates import format_french_date
from quenotte.office.catalogue.rules.acts import ActFacts
from quenotte.office.catalogue.rules.places import NAMES, TEETH

_CCAM: Final = "CCAM"
#: Below it neither an implant nor a full denture goes without a second look. Years.
_GROWN: Final = 17


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at before the act is kept; ``source`` says whose rule it is."""

    kind: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was done; ``is_planned``: it only stands beside in the same plan."""

    code: str
    teeth: tuple[int, ...]
    on: date
    is_planned: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table of rules.

    ``kind``: together (``codes`` on the day of ``others``, or less than ``months`` from it),
    often (at most ``times`` in ``months``, 0: ever), after (``codes`` less than ``months`` after
    ``others``), once_each (one of ``codes`` before each of ``others``). Codes may end with « * ».
    """

    kind: str
    codes: tuple[str, ...]
    others: tuple[str, ...] = ()
    times: int = 1
    months: int = 0
    is_by_tooth: bool = False
    reason: str = ""
    source: str = ""


def matches(code: str, patterns: Iterable[str]) -> bool:
    """Tell whether a code is one of these, of which some may end with « * »."""
    return any(code.startswith(one[:-1]) if one.endswith("*") else code == one for one in patterns)


def warnings(
    act: ActFacts,
    teeth: Sequence[int],
    surfaces: str,
    age_years: int | None,
    on: date,
    recent: Sequence[Done],
    rules: Sequence[Rule] = (),
) -> list[Remark]:
    """Return what to look at before an act is written, the gravest first; never a refusal.

    ``surfaces``: letters (« MOD »); ``age_years`` completed years on that day, None when unknown;
    ``recent``: what was done before and stands beside, without the act itself.

    Source: CCAM, notes of billing of each act; the practice's own table for the others.
    """
    found = [*_of_place(act, teeth), *_of_count(act, teeth), *_of_faces(act, surfaces)]
    found += [
        *_of_growth(act, age_years),
        *_of_age(act, age_years),
        *_twice(act, teeth, on, recent),
        *_of_note(act),
    ]
    for rule in rules:
        if matches(act.code, rule.codes) and (when := _broken(rule, act, teeth, on, recent)):
            text = f"{rule.reason} {_last_done(when, recent)}"
            found.append(Remark(rule.kind, text, rule.source))
    return found


def _of_place(act: ActFacts, teeth: Sequence[int]) -> Iterable[Remark]:
    wrong = [tooth for tooth in teeth if act.is_by_teeth and tooth not in act.allowed_teeth]
    if wrong:
        words = {"act": act.label, "place": _(NAMES.get(act.teeth, "")), "teeth": _list(wrong)}
        text = _("« %(act)s » se fait sur %(place)s, pas sur la %(teeth)s.") % words
        yield Remark("tooth", text, _CCAM)
    elif act.is_by_teeth and not teeth:
        yield Remark("tooth", _("Cet acte se note avec le numéro de la dent."), _CCAM)
    elif act.note.startswith("pontic_") and len(teeth) > 1:
        yield from _of_pontic(act, teeth)


def _of_pontic(act: ActFacts, teeth: Sequence[int]) -> Iterable[Remark]:
    """Look at the teeth that a bridge replaces: those between its ends."""
    is_incisor = any(tooth in TEETH["incisor_permanent"] for tooth in pontics(teeth))
    if is_incisor and act.note == "pontic_other":
        text = _("Ce bridge remplace une dent autre qu’une incisive.")
        yield Remark("tooth", text, _CCAM)
    elif not is_incisor and act.note == "pontic_incisor":
        yield Remark("tooth", _("Ce bridge remplace une incisive."), _CCAM)


def pontics(teeth: Sequence[int]) -> list[int]:
    """Return the teeth of a bridge between its ends, all of them when it has two."""
    inside = sorted(teeth, key=along)[1:-1]
    return inside or list(teeth)


def along(tooth: int) -> tuple[bool, int]:
    """Sort teeth of an arch from the patient's right to her left, the upper arch first."""
    place = tooth % 10
    return tooth // 10 in {3, 4, 7, 8}, -place if tooth // 10 in {1, 4, 5, 8} else place


def _of_count(act: ActFacts, teeth: Sequence[int]) -> Iterable[Remark]:
    if act.is_by_teeth and act.count and teeth and len(teeth) not in act.count:
        words = {"act": act.label, "count": len(teeth)}
        text = _("« %(act)s » ne se fait pas sur %(count)s dents en un acte.") % words
        yield Remark("count", text, _CCAM)


def _of_faces(act: ActFacts, surfaces: str) -> Iterable[Remark]:
    count = len(set(surfaces))
    if act.faces and count and count not in act.faces:
        words = {"act": act.label, "count": count}
        text = _("« %(act)s » ne correspond pas à %(count)s face(s).") % words
        yield Remark("faces", text, _CCAM)


def _of_growth(act: ActFacts, age_years: int | None) -> Iterable[Remark]:
    """Look twice at what a mouth that still grows has no use for."""
    is_whole = act.family == "denture" and "complète" in act.label
    if age_years is not None and age_years < _GROWN and (is_whole or act.charts_as == "implant"):
        text = _("Le patient a %(years)s ans : les mâchoires grandissent encore.")
        yield Remark("growth", text % {"years": age_years})


def _of_age(act: ActFacts, age_years: int | None) -> Iterable[Remark]:
    if act.ages is None or age_years is None or age_years in act.ages:
        return
    if act.ages.most is not None and age_years > act.ages.most:
        text = _("Cet acte est pris en charge avant %(age)s ans ; le patient en a %(years)s.")
        age = act.ages.most + 1
    else:
        text = _("Cet acte est pris en charge à partir de %(age)s ans ; le patient en a %(years)s.")
        age = act.ages.least or 0
    yield Remark("age", text % {"age": age, "years": age_years}, _CCAM)


def _of_note(act: ActFacts) -> Iterable[Remark]:
    texts = {
        "rare": _(
            "Pris en charge seulement pour une maladie rare avec agénésies multiples, ou les "
            "séquelles d’une tumeur ; sinon, hors nomenclature."
        ),
        "ald": _("Pris en charge seulement pour certaines affections de longue durée."),
    }
    if act.note in texts:
        yield Remark("conditions", texts[act.note], _CCAM)


def _twice(
    act: ActFacts, teeth: Sequence[int], on: date, recent: Sequence[Done]
) -> Iterable[Remark]:
    for one in recent:
        if one.code == act.code and one.on == on and _meet(one.teeth, teeth):
            text = _("« %(act)s » est déjà noté ce jour au même endroit.") % {"act": act.label}
            yield Remark("twice", text)
            return


def _broken(
    rule: Rule, act: ActFacts, teeth: Sequence[int], on: date, recent: Sequence[Done]
) -> date | None:
    """Return the day of what makes the act one too many, None when the rule holds."""
    near = [one for one in recent if not rule.is_by_tooth or set(one.teeth) & set(teeth)]
    same = sorted(one.on for one in near if matches(one.code, rule.codes))
    others = sorted(one.on for one in near if matches(one.code, rule.others))
    return _KINDS[rule.kind](rule, on, same, others)


def _together(rule: Rule, on: date, _same: list[date], others: list[date]) -> date | None:
    near = [
        day
        for day in others
        if day == on or (rule.months and _is_within(min(day, on), max(day, on), rule.months))
    ]
    return near[-1] if near else None


def _often(rule: Rule, on: date, same: list[date], _others: list[date]) -> date | None:
    within = [day for day in same if _is_within(day, on, rule.months)]
    return within[-1] if len(within) >= rule.times else None


def _after(rule: Rule, on: date, _same: list[date], others: list[date]) -> date | None:
    within = [day for day in others if _is_within(day, on, rule.months)]
    return within[-1] if within else None


def _once_each(_rule: Rule, on: date, same: list[date], others: list[date]) -> date | None:
    same, others = ([day for day in days if day <= on] for days in (same, others))
    if not same:
        return None
    return None if others and others[-1] >= same[-1] else same[-1]


_KINDS: Final = {
    "together": _together,
    "often": _often,
    "after": _after,
    "once_each": _once_each,
}


def _is_within(day: date, on: date, months: int) -> bool:
    """Tell whether fewer than so many months lie between a day and ``on``; 0 months: always."""
    if day > on:
        return False
    return not months or _months_later(day, months) > on


def _months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or the month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _meet(first: Sequence[int], second: Sequence[int]) -> bool:
    return bool(set(first) & set(second)) or (not first and not second)


def _last_done(day: date, recent: Sequence[Done]) -> str:
    if all(one.is_planned for one in recent if one.on == day):
        return _("(Prévu dans le même plan.)")
    return _("(Fait le %(day)s.)") % {"day": format_french_date(day)}


def _list(teeth: Sequence[int]) -> str:
    return ", ".join(map(str, teeth))
