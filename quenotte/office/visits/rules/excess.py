"""Whether one more dose goes over the maximum, said in figures before it is noted."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from quenotte.office.visits.rules.cautions import Caution
from quenotte.office.visits.rules.doses import WEIGHED_BELOW, Given, SubstanceDose, together


def excess(
    before: Iterable[Given], more: Given, weight_kg: int | None, age_years: int | None
) -> list[Caution]:
    """Return what one more dose goes over, with those given before; nothing while it does not.

    Of its own substance first; else of all substances together. Without a weight, what holds
    whatever the weight; of a child the weight is asked first. Other visits of the day that count
    in it are named.
    """
    found = []
    if not weight_kg and age_years is not None and age_years < WEIGHED_BELOW:
        found.append(Caution(_("poids de l’enfant non noté : notez-le, le maximum en dépend")))
    whole = together([*before, more], weight_kg, age_years)
    mine = next(one for one in whole.substances if more.name in one.products)
    if mine.is_over:
        found.append(Caution(over_words(mine, weight_kg)))
    elif whole.is_over_together:
        words = _("tous produits ensemble %(percent)s %% du maximum indicatif")
        if whole.percent is None:
            words = _("tous produits ensemble au moins %(percent)s %% du maximum indicatif")
        found.append(Caution(_with(words % {"percent": whole.at_least}, whole.also)))
    return found


def over_words(given: SubstanceDose, weight_kg: int | None) -> str:
    """Say by how much a dose is over: « 476 mg dépassent le maximum indicatif de 105 mg … ».

    Of several products, with the substance that they share.
    """
    words = _figures(given, weight_kg)
    if not given.is_in_several:
        return _with(words, given.also)
    named = _("%(name)s, tous produits : %(words)s") % {"name": given.name, "words": words}
    return _with(named, given.also)


def _with(words: str, also: str) -> str:
    return f"{words} ({also})" if also else words


def _figures(given: SubstanceDose, weight_kg: int | None) -> str:
    if not weight_kg:
        words = _(
            "%(dose)s mg dépassent le maximum indicatif de %(most)s mg, quel que soit le poids"
        )
        return words % {"dose": given.dose, "most": given.most}
    return _("%(dose)s mg dépassent le maximum indicatif de %(most)s mg pour %(kg)s kg") % {
        "dose": given.dose,
        "most": given.most,
        "kg": weight_kg,
    }
