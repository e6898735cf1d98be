"""French sentences for the codes of the rules."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from quenotte.care.perio.models import PerioStatement
from quenotte.care.perio.rules.mouths import Face, face_of, is_upper
from quenotte.care.perio.rules.paths import Order
from quenotte.care.perio.rules.readings import DEPTHS_MM, RECESSIONS_MM
from quenotte.care.perio.rules.staging import Advice, Fact

#: Why a value cannot be; ``{tooth}`` is filled.
REFUSALS: Final = {
    "absent": gettext_noop(
        "La {tooth} est notée absente : aucune valeur n’y entre. "
        "Notez-la présente (touche A), puis recommencez."
    ),
    "depth": gettext_noop(
        "Une profondeur va de {low} à {high} mm : cette valeur n’est pas gardée, "
        "les autres le sont."
    ),
    "recession": gettext_noop(
        "Une récession va de {rlow} à {rhigh} mm : cette valeur n’est pas gardée, "
        "les autres le sont."
    ),
    "no_furcation": gettext_noop(
        "La {tooth} n’a pas de furcation à cet endroit : rien n’y est gardé."
    ),
    "furcation": gettext_noop("Une furcation se note de 0 à III : cette valeur n’est pas gardée."),
    "mobility": gettext_noop("Une mobilité se note de 0 à III : cette valeur n’est pas gardée."),
    "presence": gettext_noop("Une dent est présente, absente ou un implant : rien n’a changé."),
    "sign": gettext_noop("Ce signe est noté ou ne l’est pas : rien n’a changé."),
    "overtaken": gettext_noop(
        "Un autre poste a noté autre chose au même endroit entre-temps : c’est gardé. "
        "Vos valeurs sont écrites dessous, à revoir."
    ),
}

ORDERS: Final = {
    Order.LOOP: gettext_lazy("Vestibulaire à l’aller (18 vers 28), palatin ou lingual au retour"),
    Order.LINGUAL_LOOP: gettext_lazy("Palatin ou lingual à l’aller, vestibulaire au retour"),
    Order.SAME_WAY: gettext_lazy("Vestibulaire puis palatin ou lingual, dans le même sens"),
    Order.BY_TOOTH: gettext_lazy("Dent par dent : ses six sites, puis la suivante"),
}

STAGES: Final = {1: "I", 2: "II", 3: "III", 4: "IV"}
GRADES: Final = ("A", "B", "C")
FACTORS: Final = {
    "vertical": gettext_lazy("Perte osseuse verticale de 3 mm ou plus"),
    "ridge": gettext_lazy("Défaut de crête modéré"),
    "mastication": gettext_lazy("Dysfonction masticatoire"),
    "occlusal_trauma": gettext_lazy("Trauma occlusal secondaire (mobilité 2 ou plus)"),
    "ridge_severe": gettext_lazy("Défaut de crête sévère"),
    "collapse": gettext_lazy("Effondrement occlusal, migrations, égressions"),
}

_FACTS: Final = {
    "attachment": gettext_noop("Perte d’attache proximale de {n} mm ({teeth})"),
    "bone": gettext_noop("Perte osseuse de {n} % au site le plus atteint"),
    "lost": gettext_noop("{n} dent(s) perdue(s) par parodontite"),
    "depth": gettext_noop("Profondeur de {n} mm ({teeth})"),
    "furcation": gettext_noop("Furcation II ou III ({teeth})"),
    "few_teeth": gettext_noop("{n} dents restantes, moins de 20"),
    "over_years": gettext_noop("{n} mm de perte en cinq ans"),
    "bone_by_age": gettext_noop("Perte osseuse rapportée à l’âge : {n}"),
    "assumed": gettext_noop("Sans radiographie ni recul, la classification part du grade B"),
    "smoking": gettext_noop("{n} cigarettes par jour"),
    "diabetes": gettext_noop("Diabète, HbA1c {n} %"),
    "diabetes_unmeasured": gettext_noop("Diabète, HbA1c inconnue"),
}
_MISSING: Final = {
    "unprobed": gettext_noop("{n} sites sans profondeur"),
    "no_recession": gettext_noop("{n} sites sans récession : leur niveau d’attache est inconnu"),
    "bone_loss_percent": gettext_noop("la perte osseuse radiographique"),
    "teeth_lost": gettext_noop("le nombre de dents perdues par parodontite"),
    "cigarettes_a_day": gettext_noop("le tabac"),
    "diabetic": gettext_noop("le diabète"),
    "age": gettext_noop("l’âge"),
    "hba1c": gettext_noop("l’HbA1c"),
}
_VERDICTS: Final = {
    "better": gettext_noop("mieux"),
    "worse": gettext_noop("moins bien"),
    "same": gettext_noop("stable"),
    "unknown": gettext_noop("non comparable"),
}


def refused(code: str, tooth: int) -> str:
    """Say why a value cannot be."""
    (low, high), (rlow, rhigh) = DEPTHS_MM, RECESSIONS_MM
    places = {"tooth": tooth, "low": low, "high": high, "rlow": f"−{-rlow}", "rhigh": rhigh}
    return _(REFUSALS[code]).format(**places)


def all_refusals() -> dict[str, str]:
    """Return the sentences for the browser, which fills in the tooth."""
    return {code: refused(code, 0).replace("La 0 ", "La {tooth} ") for code in REFUSALS}


def site_name(tooth: int, site: str) -> str:
    """Return « mésial vestibulaire » and its like."""
    side = {"M": _("mésial"), "D": _("distal")}.get(site[0] if len(site) == 2 else "", "")
    if face_of(site) is Face.VESTIBULAR:
        face = _("vestibulaire")
    else:
        face = _("palatin") if is_upper(tooth) else _("lingual")
    return f"{side} {face}".strip() if side else _("milieu %(face)s") % {"face": face}


def fact(one: Fact) -> str:
    """Return a fact as a line, without what it points to."""
    if one.code in FACTORS:
        return str(FACTORS[one.code])
    return _(_FACTS[one.code]).format(n=number(one.number), teeth=_teeth(one.teeth))


def stage_facts(advice: Advice) -> list[tuple[str, str]]:
    """Return each fact with the stage that it points to."""
    return [(fact(one), STAGES[one.points_to]) for one in advice.stage_facts]


def grade_facts(advice: Advice) -> list[tuple[str, str]]:
    """Return each fact with the grade that it points to."""
    return [(fact(one), GRADES[one.points_to]) for one in advice.grade_facts]


def missing(advice: Advice) -> list[str]:
    """Return what would make the help surer."""
    return [_(_MISSING[one.code]).format(n=number(one.number)) for one in advice.missing]


def extent(code: str) -> str:
    """Return how far a periodontitis goes, in words."""
    return str(PerioStatement.Extent(code).label) if code else ""


def verdict(code: str) -> str:
    """Return how a site went, in words."""
    return _(_VERDICTS[code])


def number(value: float | None) -> str:
    """Return a number as French people write it; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return text.replace(".", ",").replace("-", "−")


def _teeth(teeth: Iterable[int]) -> str:
    shown = list(teeth)
    listed = ", ".join(map(str, shown[:6]))
    return f"{listed}…" if len(shown) > 6 else listed
