"""Where in the mouth an act may be done: sets of teeth that the nomenclature speaks of."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_noop as _

from quenotte.kernel import teeth as fdi

ALL: Final = frozenset(fdi.PERMANENT + fdi.PRIMARY)


def _those(chosen: Callable[[int], bool]) -> frozenset[int]:
    return frozenset(filter(chosen, ALL))


def _at(*places: int) -> Callable[[int], bool]:
    return lambda tooth: not fdi.is_primary(tooth) and tooth % 10 in places


_permanent = _those(lambda tooth: not fdi.is_primary(tooth))
_primary = ALL - _permanent
_anterior = _those(lambda tooth: tooth % 10 <= 3)
_premolar = _those(_at(4, 5))
_upper_first_premolar = frozenset({14, 24})
_molar = _those(_at(6, 7, 8))
_wisdom = _those(_at(8))
_upper = _those(lambda tooth: tooth // 10 in {1, 2, 5, 6})

#: Name of a set -> its teeth. A primary molar takes the codes of the premolar and molar sector.
TEETH: Final[Mapping[str, frozenset[int]]] = MappingProxyType(
    {
        "": frozenset(),
        "any": ALL,
        "permanent": _permanent,
        "primary": _primary,
        "upper": _upper,
        "anterior": _anterior,
        "posterior": ALL - _anterior,
        "anterior_permanent": _anterior - _primary,
        "incisor_permanent": _those(_at(1, 2)),
        "canine_permanent": _those(_at(3)),
        "premolar": _premolar,
        "upper_first_premolar": _upper_first_premolar,
        "other_premolar": _premolar - _upper_first_premolar,
        "second_premolar": _those(_at(5)),
        "anterior_first_premolar": _those(_at(1, 2, 3, 4)),
        "second_premolar_molar": _those(_at(5, 6, 7, 8)),
        "molar": _molar | (_primary - _anterior),
        "molar_permanent": _molar,
        "molar12": _those(_at(6, 7)),
        "not_molar": _anterior | _premolar,
        "not_molar_permanent": _permanent - _molar,
        "wisdom": _wisdom,
        "upper_wisdom": _wisdom & _upper,
        "lower_wisdom": _wisdom - _upper,
        "primary_anterior": _primary & _anterior,
        "primary_molar": _primary - _anterior,
    }
)

#: How a set is named to a person, after « se fait sur ».
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "permanent": _("une dent définitive"),
        "primary": _("une dent de lait"),
        "upper": _("le haut"),
        "anterior": _("une incisive ou une canine"),
        "posterior": _("une prémolaire ou une molaire"),
        "anterior_permanent": _("une incisive ou une canine définitive"),
        "incisor_permanent": _("une incisive définitive"),
        "canine_permanent": _("une canine définitive"),
        "premolar": _("une prémolaire"),
        "upper_first_premolar": _("une première prémolaire du haut"),
        "other_premolar": _("une prémolaire autre que la première du haut"),
        "second_premolar": _("une deuxième prémolaire"),
        "anterior_first_premolar": _("une incisive, une canine ou une première prémolaire"),
        "second_premolar_molar": _("une deuxième prémolaire ou une molaire"),
        "molar": _("une molaire"),
        "molar_permanent": _("une molaire définitive"),
        "molar12": _("une première ou une deuxième molaire définitive"),
        "not_molar": _("une incisive, une canine ou une prémolaire"),
        "not_molar_permanent": _("une incisive, une canine ou une prémolaire définitive"),
        "wisdom": _("une dent de sagesse"),
        "upper_wisdom": _("une dent de sagesse du haut"),
        "lower_wisdom": _("une dent de sagesse du bas"),
        "primary_anterior": _("une incisive ou une canine de lait"),
        "primary_molar": _("une molaire de lait"),
    }
)

#: What an act is counted by: ``area`` of an act.
AREAS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tooth": _("une dent"),
        "teeth": _("plusieurs dents"),
        "sextant": _("un sextant"),
        "arch": _("une arcade"),
        "mouth": _("toute la bouche"),
        "open": _("avec ou sans dent"),
        "none": _("sans localisation"),
    }
)
#: Areas of an act that is written with teeth.
BY_TEETH: Final = frozenset({"tooth", "teeth"})


def kind_fr(tooth: int) -> str:
    """Return what sort of tooth it is, in short: « molaire », « incisive de lait »."""
    names = (_("incisive"), _("canine"), _("prémolaire"), _("molaire"))
    place = tooth % 10
    sort = 0 if place <= 2 else 1 if place == 3 else 2 if place <= 5 else 3
    if fdi.is_primary(tooth):
        return (_("incisive de lait"), _("canine de lait"), _("molaire de lait"))[min(sort, 2)]
    return names[sort]
