"""What is known of an act on a day, and the words of the nomenclature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_noop as _

from quenotte.kernel.money import permille_of
from quenotte.office.catalogue.rules.places import BY_TEETH, TEETH
from quenotte.office.catalogue.rules.spans import Span

#: Families of acts, in the order of the screens.
FAMILIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "consultation": _("Consultations"),
        "imaging": _("Radiographies"),
        "diagnosis": _("Bilans"),
        "prevention": _("Prévention"),
        "restoration": _("Soins conservateurs"),
        "endodontics": _("Endodontie"),
        "extraction": _("Extractions"),
        "surgery": _("Chirurgie"),
        "periodontics": _("Parodontologie"),
        "inlay_core": _("Inlay cores"),
        "crown": _("Couronnes"),
        "bridge": _("Bridges et facettes"),
        "denture": _("Prothèses amovibles"),
        "repair": _("Réparations et déposes"),
        "implant": _("Implants"),
        "splint": _("Gouttières et contentions"),
        "orthodontics": _("Orthodontie"),
        "aesthetics": _("Esthétique"),
        "supplement": _("Suppléments"),
        "other": _("Autres actes"),
    }
)
SYSTEMS: Final[Mapping[str, str]] = MappingProxyType(
    {"ccam": _("CCAM"), "ngap": _("NGAP"), "hn": _("Hors nomenclature")}
)
COVERAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "covered": _("Pris en charge"),
        "not_covered": _("Non pris en charge"),
        "elsewhere": _("Pris en charge sous un autre code"),
        "outside": _("Hors nomenclature"),
    }
)
#: Baskets of the 100 % Santé reform, from the one that leaves the patient nothing to pay.
BASKETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rac0": _("100 % Santé"),
        "modere": _("Tarif maîtrisé"),
        "libre": _("Tarif libre"),
        "hors_panier": _("Hors panier"),
        "": "",
    }
)
#: Billing groups of prosthetic acts -> their basket. Source: annex V of the 2018 convention.
_BASKET_OF_GROUP: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys("CM0 CZ0 PF0 IC0 CT0 PT0 PA0 RA0 RF0 RS0 SU0".split(), "rac0")
    | dict.fromkeys("PF1 BR1 IC1 CT1 PA1 RE1 SU1 IN1".split(), "modere")
    | dict.fromkeys("PFC PFM ICO PDT INO PAM PAR IMP RPN".split(), "libre")
)
#: Surgery of implants shares a group with their crowns, but is no prosthesis.
_PROSTHETIC: Final = frozenset({"HB"})


def basket_of(code: str, group: str, coverage: str) -> str:
    """Return the basket of an act by its billing group; "" when it is no prosthesis.

    Source: annex V of the 2018 convention; CCAM, column of groups.
    """
    found = _BASKET_OF_GROUP.get(group, "")
    if not found or (group == "IMP" and code[:2] not in _PROSTHETIC):
        return ""
    return found if coverage == "covered" else "hors_panier"


@dataclass(frozen=True, slots=True)
class ActFacts:
    """An act as it is on a day.

    Amounts are cents: ``tariff_cents`` is what the Assurance Maladie reimburses from (None: no
    tariff), ``own_fee_cents`` what the practice asks (None: it said nothing), ``ceiling_cents``
    the most that may be asked. ``teeth`` names a set of ``TEETH``, ``area`` is what the act is
    counted by, ``count`` how many teeth one act takes, ``faces`` how many surfaces, ``ages`` in
    completed years. ``charts_as`` is the kind of finding that the act draws, "" for none.
    """

    code: str
    label: str
    tariff_cents: int | None
    basket: str
    family: str
    system: str = "ccam"
    activity: str = ""
    phase: str = ""
    coverage: str = "covered"
    group: str = ""
    modifiers: str = ""
    area: str = "none"
    teeth: str = ""
    count: Span | None = None
    faces: Span | None = None
    ages: Span | None = None
    charts_as: str = ""
    material: str = ""
    minutes: int | None = None
    words: str = ""
    note: str = ""
    official_label: str = ""
    own_fee_cents: int | None = None
    ceiling_cents: int | None = None
    is_hidden: bool = False
    since: date | None = None

    @property
    def fee_cents(self) -> int | None:
        """What the practice asks: its own fee, else the tariff of an act that has no other price.

        None for a prosthesis, or an act that is not covered, of which the practice said nothing.
        """
        if self.own_fee_cents is not None:
            return self.own_fee_cents
        return None if self.basket else self.tariff_cents

    @property
    def is_by_teeth(self) -> bool:
        """Tell whether the act is written with the numbers of teeth."""
        return self.area in BY_TEETH

    @property
    def allowed_teeth(self) -> frozenset[int]:
        """The teeth on which the act may be done; none when it has no place."""
        return TEETH[self.teeth]

    def reimbursed_cents(self, permille: int) -> int:
        """Return what the Assurance Maladie pays at a rate in thousandths; 0 without tariff."""
        return permille_of(self.tariff_cents or 0, permille)

    def left_cents(self, permille: int) -> int | None:
        """Return what is left to the patient and her complementary insurer, None without a fee."""
        if self.fee_cents is None:
            return None
        return self.fee_cents - self.reimbursed_cents(permille)
