"""What the alerts of a record say of each anaesthetic, before it is injected."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quenotte.kernel.medicines import classes_in, families_of, substances_in
from quenotte.kernel.names import fold
from quenotte.office.visits.rules.doses import Anaesthetic, is_too_young


@dataclass(frozen=True, slots=True)
class Caution:
    """What speaks against a product; ``is_grave``: a confirmation is asked before it is noted.

    ``quarters``: the dose that it speaks of, in quarters of a cartridge; 0, it is the product.
    """

    words: str
    is_grave: bool = True
    quarters: int = 0


#: Alerts that speak of every product. Source: contraindications of the French summaries (RCP) of
#: articaine, lidocaine and mepivacaine, all of them amides: each is one when it is severe alone,
#: which the alert does not tell, so it is asked.
_OF_EVERY_PRODUCT: Final = (
    ("epilepsy", gettext_noop("épilepsie : contre-indiqué si non équilibrée (RCP)"), True),
    ("conduction",
     gettext_noop("conduction du cœur : contre-indiqué si trouble sévère non appareillé (RCP)"),
     True),
)  # fmt: skip
#: Alerts that speak of every product with a vasoconstrictor. Source: summaries of articaine
#: with adrenaline (contraindications and precautions; metabisulphite is one of its excipients).
_WITH_VASOCONSTRICTOR: Final = (
    ("adrenaline", gettext_noop("adrénaline à éviter"), True),
    ("sulphites", gettext_noop("contient des sulfites"), True),
    ("heart_disease", gettext_noop("maladie coronarienne : vasoconstricteur à discuter"), False),
    ("stroke", gettext_noop("AVC noté : vasoconstricteur à discuter"), False),
    ("hypertension", gettext_noop("hypertension : vasoconstricteur à limiter"), False),
    (
        "heart_failure",
        gettext_noop("insuffisance cardiaque : vasoconstricteur à limiter (à vérifier)"),
        False,
    ),
    ("conduction", gettext_noop("trouble du rythme : vasoconstricteur à limiter (RCP)"), False),
    ("asthma", gettext_noop("asthme : contient des sulfites, crise possible (RCP)"), False),
)
#: Alerts to read before an injection.
BEFORE_AN_INJECTION: Final = frozenset(
    {
        "local_anaesthetic",
        "bad_anaesthesia",
        *(code for code, _words, _grave in (*_OF_EVERY_PRODUCT, *_WITH_VASOCONSTRICTOR)),
    }
)
#: What the words of an allergy that nobody chose in the list hold, folded -> the code it means.
_TYPED: Final = (
    ("sulfite", "sulphites"),
    ("sulphite", "sulphites"),
    ("adrenaline", "adrenaline"),
    ("epinephrine", "adrenaline"),
    ("vasoconstricteur", "adrenaline"),
    (" anesthes", "local_anaesthetic"),
    (" anaesthe", "local_anaesthetic"),
)


def meant(code: str, kind: str, label: str) -> frozenset[str]:
    """Return the codes that an alert means before an injection.

    One without a code is judged by its words: an allergy by the family of the substances that
    it names, as on a prescription; another by « Anesthésie… », with which the questionnaire says
    that one went badly (``bad_anaesthesia``).
    """
    if code:
        return frozenset({code})
    words = f" {fold(label)}"
    if kind != "allergy":
        is_bad = words.startswith((" anesthes", " anaesthe"))
        return frozenset({"bad_anaesthesia"} if is_bad else ())
    found = {typed for held, typed in _TYPED if held in words}
    if "anaesthetics" in families_of(substances_in(label)).keys() | classes_in(label):
        found.add("local_anaesthetic")
    return frozenset(found)


def cautions(
    product: Anaesthetic, codes: Collection[str], weight_kg: int | None, age_years: int | None
) -> list[Caution]:
    """Return what the alerts, the age and the weight say against a product, in few words.

    ``codes``: what the alerts mean (``meant``).
    """
    found = []
    if "bad_anaesthesia" in codes:
        found.append(Caution(_("anesthésie mal supportée notée")))
    if "local_anaesthetic" in codes:
        found.append(Caution(_("allergie aux anesthésiques locaux notée")))
    told = [*_OF_EVERY_PRODUCT, *(_WITH_VASOCONSTRICTOR if product.vasoconstrictor.strip() else ())]
    found += [Caution(_(words), is_grave) for code, words, is_grave in told if code in codes]
    if is_too_young(product, weight_kg, age_years):
        found.append(Caution(_("âge ou poids trop bas selon sa source")))
    return found


def is_grave(found: Collection[Caution]) -> bool:
    """Tell whether a confirmation is asked."""
    return any(one.is_grave for one in found)
