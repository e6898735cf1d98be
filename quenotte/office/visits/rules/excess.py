"""Whether one more dose goes over the maximum, said in figures before it is noted."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from quenotte.office.visits.rules.cautions import Caution
from quenotte.office.visits.rules.doses import Given, ProductDose, together


def excess(
    before: Iterable[Given], more: Given, weight_kg: int | None, age_years: int | None
) -> list[Caution]:
    """Return what one more dose goes over, with those given before; nothing while it does not.

    Of its own product first; else of all products together. Nothing without a weight.
    """
    whole = together([*before, more], weight_kg, age_years)
    mine = next(one for one in whole.products if one.name == more.name)
    if mine.is_over:
        return [Caution(over_words(mine, weight_kg))]
    if whole.is_over_together:
        words = _("tous produits ensemble %(percent)s %% du maximum indicatif")
        return [Caution(words % {"percent": whole.percent})]
    return []


def over_words(product: ProductDose, weight_kg: int | None) -> str:
    """Say by how much a dose is over: « 476 mg dépassent le maximum indicatif de 105 mg … »."""
    return _("%(dose)s mg dépassent le maximum indicatif de %(most)s mg pour %(kg)s kg") % {
        "dose": product.dose,
        "most": product.most,
        "kg": weight_kg,
    }
