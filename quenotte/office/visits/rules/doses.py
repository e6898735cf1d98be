"""How much of an anaesthetic was given, and how much may be: a help, never a prescription."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from quenotte.kernel.medicines import FAMILIES, substances_in


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that may be given of a product, and to whom it is not given at all.

    Units: micrograms for a kilogram, another figure below ``CHILD_AGE`` years; ``most_mg``
    whatever the weight; ``from_years`` and ``from_kg`` are 0 where the source names none.
    """

    most_ug_per_kg: int
    child_ug_per_kg: int
    most_mg: int
    source: str
    from_years: int = 0
    from_kg: int = 0


@dataclass(frozen=True, slots=True)
class Anaesthetic:
    """A product in cartridges.

    Units: ``mg_per_ml``; ``cartridge_ul`` microlitres of one cartridge; the others as ``Limits``.
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
    from_years: int = 0
    from_kg: int = 0

    @property
    def limits(self) -> Limits:
        """What is kept beside a dose: the product may be described otherwise later."""
        return Limits(
            self.most_ug_per_kg,
            self.child_ug_per_kg,
            self.most_mg,
            self.source,
            self.from_years,
            self.from_kg,
        )


@dataclass(frozen=True, slots=True)
class Given:
    """A dose that was given; ``limits`` is None when nobody kept the figures of the product.

    ``elsewhere``: the hour of the visit in which it was given, for another one of the same day.
    """

    name: str
    dose_mg: int
    limits: Limits | None
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class SubstanceDose:
    """All that was given of one substance, and the most at this weight, in milligrams.

    ``products`` are those that hold it: one product names itself, several the substance.
    Without a weight, ``most`` is what holds whatever the weight. ``ruled_out`` are the products
    that their source rules out at this age or weight. ``elsewhere``: the hours of the other
    visits of the day in which some of it was given.
    """

    name: str
    products: Sequence[str]
    dose: int
    most: int | None
    limits: Limits | None
    ruled_out: Sequence[Given] = ()
    elsewhere: Sequence[str] = ()

    @property
    def is_over(self) -> bool:
        """More than the most, of this substance alone."""
        return self.most is not None and self.dose > self.most

    @property
    def is_in_several(self) -> bool:
        """Several products hold it: they share its maximum."""
        return len(self.products) > 1

    @property
    def also(self) -> str:
        """Which other visits it is counted with, in words; "" for none."""
        return with_visits(self.elsewhere)


@dataclass(frozen=True, slots=True)
class Doses:
    """What was given on a day, substance by substance, and together.

    ``percent`` is the sum of the shares of each maximum, rounded up; None while one is unknown.
    ``at_least`` is that of the maximums that are known, ``known`` their count.
    """

    substances: Sequence[SubstanceDose]
    percent: int | None
    at_least: int
    known: int

    @property
    def is_over_together(self) -> bool:
        """Several substances whose whole is too much, as far as their maximums are known."""
        return self.known > 1 and self.at_least > 100

    @property
    def also(self) -> str:
        """Which other visits they are counted with, in words; "" for none."""
        return with_visits(hour for one in self.substances for hour in one.elsewhere)


_AAPD: Final = "AAPD, Use of Local Anesthesia for Pediatric Dental Patients, tableau des doses"
_ARTICAINE: Final = (
    "RCP de l’articaïne avec adrénaline, ANSM (enfant : 5 mg/kg ; à partir de 4 ans, ou 20 kg) ; "
    f"{_AAPD}"
)
_LIDOCAINE: Final = f"{_AAPD} (RCP, ANSM : attention particulière avant 4 ans ; à vérifier)"
_MEPIVACAINE: Final = (
    "RCP de la mépivacaïne 30 mg/ml, ANSM (enfant : 3 mg/kg ; contre-indiquée avant 4 ans, "
    f"20 kg) ; {_AAPD}"
)
#: Changed by the practice on its own page; the summary of the product prevails.
USUAL: Final = (
    Anaesthetic(
        "articaine_200", "Articaïne 4 % adrénaline 1/200 000", 40, 1700,
        "adrénaline 1/200 000", 7000, 5000, 500, _ARTICAINE, from_years=4, from_kg=20,
    ),
    Anaesthetic(
        "articaine_100", "Articaïne 4 % adrénaline 1/100 000", 40, 1700,
        "adrénaline 1/100 000", 7000, 5000, 500, _ARTICAINE, from_years=4, from_kg=20,
    ),
    Anaesthetic(
        "lidocaine_100", "Lidocaïne 2 % adrénaline 1/100 000", 20, 1800,
        "adrénaline 1/100 000", 4400, 4400, 300, _LIDOCAINE,
    ),
    Anaesthetic(
        "mepivacaine", "Mépivacaïne 3 % sans vasoconstricteur", 30, 1800,
        "", 4400, 3000, 300, _MEPIVACAINE, from_years=4, from_kg=20,
    ),
)  # fmt: skip
#: Folded names of local anaesthetics, and how they are written.
_SUBSTANCES: Final = {
    "articaine": _("articaïne"),
    "lidocaine": _("lidocaïne"),
    "mepivacaine": _("mépivacaïne"),
    "prilocaine": _("prilocaïne"),
    "bupivacaine": _("bupivacaïne"),
    "ropivacaine": _("ropivacaïne"),
}
_WEIGHT: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,3})?")
#: Below this age, in years, the dose of a child holds.
CHILD_AGE: Final = 12
#: Below this age, in years, the weight is asked before a dose, as on a prescription.
WEIGHED_BELOW: Final = 15


#: What the figures of a product are; its words stand beside them.
_FIGURES: Final = (
    "mg_per_ml", "cartridge_ul", "most_ug_per_kg", "child_ug_per_kg", "most_mg", "from_years",
    "from_kg",
)  # fmt: skip


def shipped_otherwise(product: Anaesthetic) -> dict[str, int]:
    """Return the figures of the usual product of that code that this practice changed."""
    usual = next((one for one in USUAL if one.code == product.code), product)
    pairs = ((name, getattr(usual, name), getattr(product, name)) for name in _FIGURES)
    return {name: shipped for name, shipped, own in pairs if shipped != own}


def whole_kilos(text: str) -> int:
    """Return a typed weight (« 18 », « 8,4 kg ») in kilograms, rounded down; 0 for other words.

    Rounded down, it never makes a dose too high.
    """
    typed = text.strip().lower().removesuffix("kg").strip()
    return int(re.split("[.,]", typed)[0]) if _WEIGHT.fullmatch(typed) else 0


def dose_mg(product: Anaesthetic, quarters: int) -> int:
    """Return the milligrams in so many quarters of a cartridge, rounded up: never told too low."""
    micrograms = product.mg_per_ml * product.cartridge_ul * quarters
    return -(-micrograms // 4000)


def dose_again_mg(
    product: Anaesthetic | None, quarters: int, *, was_mg: int, was_quarters: int
) -> int:
    """Return the milligrams of a corrected count of cartridges, by the figures of that day.

    ``product`` is what the practice says of it today, None when it no longer knows it. What it
    said when the dose was noted counts: its figures hold while they still make that dose.
    """
    if product is not None and dose_mg(product, was_quarters) == was_mg:
        return dose_mg(product, quarters)
    return -(-was_mg * quarters // was_quarters)


def most_mg(
    product: Anaesthetic | Limits, weight_kg: int | None, age_years: int | None
) -> int | None:
    """Return the most that may be given at this weight, rounded down.

    Without a weight, what holds whatever the weight; None where the product names none. Who has
    no known age gets the lower figure. Units: milligrams. Source: that of the product.
    """
    if not weight_kg:
        return product.most_mg or None
    per_kg = product.most_ug_per_kg
    if age_years is None:
        per_kg = min(per_kg, product.child_ug_per_kg)
    elif age_years < CHILD_AGE:
        per_kg = product.child_ug_per_kg
    return min(product.most_mg, per_kg * weight_kg // 1000)


def is_too_young(
    product: Anaesthetic | Limits, weight_kg: int | None, age_years: int | None
) -> bool:
    """Tell whether the source rules the product out at this age or weight, as far as known."""
    return (age_years is not None and age_years < product.from_years) or (
        bool(weight_kg) and (weight_kg or 0) < product.from_kg
    )


def substance_of(name: str) -> str:
    """Return the one local anaesthetic that the name of a product tells, folded; else ""."""
    found = [one for one in substances_in(name) if one in FAMILIES["anaesthetics"]]
    return found[0] if len(found) == 1 else ""


def together(given: Iterable[Given], weight_kg: int | None, age_years: int | None) -> Doses:
    """Add doses up: those of one substance, then the shares of their maximums over all of them.

    Two products with articaine share the maximum of articaine. Local anaesthetics add to each
    other: half of one maximum and half of another is one whole. A product whose name tells no
    substance counts by itself.
    """
    by_substance: dict[str, list[Given]] = {}
    for one in given:
        by_substance.setdefault(substance_of(one.name) or one.name, []).append(one)
    found = [_substance(key, some, weight_kg, age_years) for key, some in by_substance.items()]
    shares = [Fraction(one.dose, one.most or 1) for one in found if one.most is not None]
    percent = int(-(-sum(shares, Fraction(0)) * 100 // 1))
    return Doses(found, percent if len(shares) == len(found) else None, percent, len(shares))


def _substance(
    key: str, some: Sequence[Given], weight_kg: int | None, age_years: int | None
) -> SubstanceDose:
    """Return all of one substance; of figures that differ, the lowest maximum holds."""
    known = {one.name: one for one in some if one.limits is not None}
    mosts = [
        (most_mg(one.limits, weight_kg, age_years), one.limits)
        for one in some
        if one.limits is not None
    ]
    lowest = min(
        (pair for pair in mosts if pair[0] is not None),
        key=lambda pair: pair[0] or 0,
        default=(None, mosts[0][1] if mosts else None),
    )
    names = tuple(dict.fromkeys(one.name for one in some))
    return SubstanceDose(
        names[0] if len(names) == 1 else str(_SUBSTANCES.get(key, key)),
        names,
        sum(one.dose_mg for one in some),
        lowest[0],
        lowest[1],
        [
            one
            for one in known.values()
            if one.limits and is_too_young(one.limits, weight_kg, age_years)
        ],
        tuple(dict.fromkeys(one.elsewhere for one in some if one.elsewhere)),
    )


def with_visits(hours: Iterable[str]) -> str:
    """Name the other visits of a day by their hours: « avec la séance de 9 h 10 du même jour »."""
    found = list(dict.fromkeys(hours))
    if not found:
        return ""
    words = ngettext(
        "avec la séance de %(hours)s du même jour",
        "avec les séances de %(hours)s du même jour",
        len(found),
    )
    return words % {"hours": ", ".join(found)}


def shown_cartridges(quarters: int) -> str:
    """Return cartridges as people say them: « 1,5 cartouche », « 2 cartouches »."""
    whole, rest = divmod(quarters, 4)
    count = f"{whole}" + {0: "", 1: ",25", 2: ",5", 3: ",75"}[rest]
    # French has several from two on.
    words = ngettext("%(count)s cartouche", "%(count)s cartouches", max(whole, 1))
    return words % {"count": count}
