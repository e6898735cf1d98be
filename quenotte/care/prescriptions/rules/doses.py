"""Doses by weight for a child: a help to check a posology, never a decision."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quenotte.care.prescriptions.rules.lines import Line
from quenotte.kernel.names import fold

#: Weights for which the rules below are meant, in kilograms.
LIGHTEST_KG: Final = 3.0
HEAVIEST_KG: Final = 60.0
ADULT_YEARS: Final = 15
_ROUNDED_MG: Final = 10


@dataclass(frozen=True, slots=True)
class _Rule:
    """Milligrams a day for each kilogram, in so many takes, and the most in a day."""

    substance: str
    daily_mg_per_kg: int
    takes: int
    most_daily_mg: int
    source: str


_RULES: Final = (
    _Rule("amoxicilline", 50, 2, 2000,
          gettext_noop("Afssaps, antibiotiques en pratique bucco-dentaire, juillet 2011")),
    _Rule("paracetamol", 60, 4, 3000,
          gettext_noop("résumé des caractéristiques du produit, 15 mg/kg toutes les 6 heures")),
)  # fmt: skip


def help_for(line: Line, *, weight_kg: float | None, age_years: int | None) -> str:
    """Return the dose that the weight of a child suggests, with its source; "" for others."""
    is_child = age_years is not None and age_years < ADULT_YEARS
    if weight_kg is None or not is_child or not LIGHTEST_KG <= weight_kg <= HEAVIEST_KG:
        return ""
    if "mg/kg" in line.dose:
        return ""
    # An association follows rules that are not here, whatever its second substance is.
    substances = line.known_substances
    rule = next((one for one in _RULES if _is(one.substance, substances)), None)
    if rule is None:
        return ""
    daily = min(rule.daily_mg_per_kg * weight_kg, rule.most_daily_mg)
    take = int(daily / rule.takes) // _ROUNDED_MG * _ROUNDED_MG
    text = _(
        "Aide, à vérifier : pour %(kg)s kg, environ %(take)s mg %(takes)s fois par jour "
        "(%(rule)s mg/kg/jour, %(most)s mg par jour au plus). Source : %(source)s."
    )
    return text % {
        "kg": f"{weight_kg:g}".replace(".", ","),
        "take": take,
        "takes": rule.takes,
        "rule": rule.daily_mg_per_kg,
        "most": rule.most_daily_mg,
        "source": _(rule.source),
    }


def _is(substance: str, found: tuple[str, ...]) -> bool:
    return bool(found) and all(f" {substance}" in f" {fold(one)}" for one in found)
