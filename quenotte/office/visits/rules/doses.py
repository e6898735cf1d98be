"""How much of an anaesthetic was given, and how much may be: a help, never a prescription."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Anaesthetic:
    """A product in cartridges.

    Units: ``mg_per_ml``; ``cartridge_ul`` microlitres of one cartridge; ``most_ug_per_kg``
    micrograms for a kilogram, another one below ``child_age`` years; ``most_mg`` whatever the
    weight.
    """

    code: str
    name: str
    mg_per_ml: int
    cartridge_ul: int
    vasoconstrictor: str
    most_ug_per_kg: int
    child_ug_per_kg: int
    most_mg: int
    source: str


_AAPD: Final = "AAPD, Use of Local Anesthesia for Pediatric Dental Patients, tableau des doses"
#: Changed by the practice on its own page; the summary of the product prevails.
USUAL: Final = (
    Anaesthetic(
        "articaine_200", "Articaïne 4 % adrénaline 1/200 000", 40, 1700,
        "adrénaline 1/200 000", 7000, 5000, 500, f"{_AAPD} ; RCP de l’articaïne (enfant : 5 mg/kg)",
    ),
    Anaesthetic(
        "articaine_100", "Articaïne 4 % adrénaline 1/100 000", 40, 1700,
        "adrénaline 1/100 000", 7000, 5000, 500, f"{_AAPD} ; RCP de l’articaïne (enfant : 5 mg/kg)",
    ),
    Anaesthetic(
        "lidocaine_100", "Lidocaïne 2 % adrénaline 1/100 000", 20, 1800,
        "adrénaline 1/100 000", 4400, 4400, 300, _AAPD,
    ),
    Anaesthetic(
        "mepivacaine", "Mépivacaïne 3 % sans vasoconstricteur", 30, 1800,
        "", 4400, 4400, 300, _AAPD,
    ),
)  # fmt: skip
#: Below this age, in years, the dose of a child holds.
_CHILD: Final = 12


def dose_mg(product: Anaesthetic, quarters: int) -> int:
    """Return the milligrams in so many quarters of a cartridge, rounded up: never told too low."""
    micrograms = product.mg_per_ml * product.cartridge_ul * quarters
    return -(-micrograms // 4000)


def most_mg(product: Anaesthetic, weight_kg: int | None, age_years: int | None) -> int | None:
    """Return the most that may be given at this weight, rounded down; None without a weight.

    Units: milligrams. Source: that of the product.
    """
    if not weight_kg:
        return None
    is_child = age_years is not None and age_years < _CHILD
    per_kg = product.child_ug_per_kg if is_child else product.most_ug_per_kg
    return min(product.most_mg, per_kg * weight_kg // 1000)


def shown_cartridges(quarters: int) -> str:
    """Return cartridges as people say them: « 1 », « 1,5 », « 0,25 »."""
    whole, rest = divmod(quarters, 4)
    return f"{whole}" + {0: "", 1: ",25", 2: ",5", 3: ",75"}[rest]
