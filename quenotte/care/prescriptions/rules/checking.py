"""What a line is looked at for besides alerts: a child's weight and doses, what is left unsaid.

Source: summaries of product characteristics (public drug database); Code de la santé publique,
article R. 5132-3.
"""

from collections.abc import Collection, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quenotte.care.prescriptions.rules import amounts, usual
from quenotte.care.prescriptions.rules.doses import ADULT_YEARS
from quenotte.care.prescriptions.rules.lines import Line
from quenotte.care.prescriptions.rules.recalling import Reminder
from quenotte.kernel.medicines import families_of
from quenotte.kernel.names import fold

#: (family, milligrams a day for each kilogram, tone, source)
_MOST_DAILY: Final = (
    ("paracetamol", 60, "danger", gettext_noop("RCP du paracétamol")),
    ("nsaids", 30, "danger",
     gettext_noop("RCP de l’ibuprofène chez l’enfant ; pour un autre AINS, à vérifier")),
    ("penicillins", 50, "attention",
     gettext_noop("Afssaps, juillet 2011, pour l’amoxicilline ; plus selon l’infection, à "
                  "vérifier")),
)  # fmt: skip
#: (family, from so many milligrams a take, below this age, below this weight, words)
_ADULT_STRENGTHS: Final = (
    ("paracetamol", 1000, 15, 50,
     gettext_noop("Prise de 1 g de paracétamol : réservée à partir de 50 kg, environ 15 ans "
                  "(RCP).")),
    ("nsaids", 400, 12, 30,
     gettext_noop("Prise de 400 mg d’ibuprofène ou plus : réservée à partir de 30 kg, environ "
                  "12 ans (RCP, à vérifier).")),
)  # fmt: skip
#: Below this age, in years, tablets and capsules may go the wrong way. Source: their summaries.
_SWALLOWS_FROM: Final = 6
#: Below this weight, in kilograms, who has no known age is a child. Source: that of 1 g.
ADULT_KG: Final = 50
#: Beginnings of the folded names of what is no medicine.
_NO_MEDICINE: Final = (
    "brosse", "fil ", "dentifrice", "compresse", "jet dentaire", "hydropulseur", "gouttiere",
    "poche", "prothese", "pansement", "radiographie", "scanner",
)  # fmt: skip
_ADULT_LINES: Final = frozenset(
    (line.title, line.posology)
    for one in usual.USUAL
    if not one.is_for_child
    for line in one.lines
    if line.known_substances
)


def is_unknown(line: Line) -> bool:
    """Tell whether nothing can be recalled of a line: it belongs to no family that we know."""
    name = f"{fold(line.name)} "
    return not families_of(line.known_substances) and not name.startswith(_NO_MEDICINE)


def checks(
    found: Sequence[Line],
    weight_kg: float | None,
    age_years: int | None,
    own: Collection[tuple[str, str]] = (),
) -> dict[int, list[Reminder]]:
    """Return, by place, what to think of before these lines are signed.

    ``own`` holds the titles and posologies of the practice's own lines that name no child.
    """
    told = {place: _unsaid(line) for place, line in enumerate(found)}
    if not is_child(weight_kg, age_years):
        return told
    medicines = [place for place, line in enumerate(found) if line.known_substances or line.cis]
    for place in medicines:
        told[place] += _for_child(found[place], weight_kg, age_years)
        told[place] += _own_line(found[place], own)
    if weight_kg is None and medicines:
        words = _("Moins de 15 ans : notez le poids. Il sert à vérifier les doses et s’imprime.")
        told[medicines[0]].insert(0, Reminder("child-weight", "attention", words))
    return told


def is_child(weight_kg: float | None, age_years: int | None) -> bool:
    """Tell whether the dose of an adult is looked at twice: by the age, else by the weight."""
    if age_years is not None:
        return age_years < ADULT_YEARS
    return weight_kg is not None and weight_kg < ADULT_KG


def _own_line(line: Line, own: Collection[tuple[str, str]]) -> list[Reminder]:
    kept = (line.title, line.posology)
    if kept not in own or kept in _ADULT_LINES:
        return []
    words = _(
        "Ligne d’un modèle ou d’un favori du cabinet qui ne nomme ni l’enfant ni le poids : "
        "tenez-la pour une dose d’adulte, adaptez-la à l’enfant."
    )
    return [
        Reminder(f"adult-line:{'-'.join(families_of(line.known_substances))}", "attention", words)
    ]


def _unsaid(line: Line) -> list[Reminder]:
    if not line.known_substances and not line.cis:
        return []
    parts = {
        _("le dosage"): amounts.has_strength(line),
        _("la forme"): bool(line.form.strip() or line.cis),
        _("la posologie"): bool(line.dose.strip() or line.remarks.strip()),
    }
    left = [words for words, is_said in parts.items() if not is_said]
    if not left:
        return []
    text = _("Il manque %(what)s : la réglementation le demande (CSP, art. R. 5132-3).")
    code = "".join("0" if is_said else "1" for is_said in parts.values())
    return [Reminder(f"unsaid:{code}", "attention", text % {"what": ", ".join(left)})]


def _for_child(line: Line, weight_kg: float | None, age_years: int | None) -> list[Reminder]:
    families = families_of(line.known_substances)
    found = [*_too_much(line, families, weight_kg), *_adult(line, families, weight_kg, age_years)]
    if age_years is not None and age_years < _SWALLOWS_FROM and amounts.is_swallowed_whole(line):
        words = _("Moins de 6 ans : comprimé ou gélule, risque de fausse route (RCP).")
        found.append(Reminder("child-solid", "danger", words))
    if (line.title, line.posology) in _ADULT_LINES:
        words = _("Ligne écrite pour un adulte : adaptez-la à l’enfant.")
        found.append(Reminder(f"adult-line:{'-'.join(families)}", "attention", words))
    return found


def _too_much(line: Line, families: dict[str, str], weight_kg: float | None) -> list[Reminder]:
    daily = amounts.daily_mg(line)
    if daily is None or not weight_kg:
        return []
    text = _(
        "%(daily)s mg par jour pour %(kg)s kg : plus de %(rule)s mg/kg/jour. Source : %(source)s."
    )
    kg = f"{weight_kg:g}".replace(".", ",")
    return [
        Reminder(
            f"child-dose:{family}",
            tone,
            text % {"daily": daily, "kg": kg, "rule": per_kg, "source": _(source)},
        )
        for family, per_kg, tone, source in _MOST_DAILY
        if family in families and daily > per_kg * weight_kg
    ]


def _adult(
    line: Line, families: dict[str, str], weight_kg: float | None, age_years: int | None
) -> list[Reminder]:
    take = amounts.take_mg(line) or 0
    return [
        Reminder(f"adult-strength:{family}", "danger", _(words))
        for family, from_mg, years, from_kg, words in _ADULT_STRENGTHS
        if family in families and take >= from_mg
        if (weight_kg < from_kg if weight_kg else age_years is not None and age_years < years)
    ]
