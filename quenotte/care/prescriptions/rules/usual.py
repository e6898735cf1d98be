"""Templates that every practice begins with: ours, to be read again and changed by a dentist."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.prescriptions.rules.lines import Line
from quenotte.kernel.medicines import ANTIBIOTICS, families_of
from quenotte.kernel.names import fold


@dataclass(frozen=True, slots=True)
class Usual:
    """A prescription of one act: its name, its lines, the advice below them.

    Source, for endocarditis: HAS, 2024 (amoxicillin 2 g, 50 mg/kg for a child; azithromycin
    500 mg with an allergy to penicillins).
    """

    code: str
    name: object
    lines: tuple[Line, ...]
    remarks: object = ""
    is_for_child: bool = False


_PAIN: Final = Line(
    "Paracétamol", "comprimé", "1 g", "1 comprimé", 3, 3, "QSP 3 jours",
    "En cas de douleur, 6 heures au moins entre deux prises, 3 g par jour au plus",
)  # fmt: skip
_IBUPROFEN: Final = Line(
    "Ibuprofène", "comprimé", "400 mg", "1 comprimé", 3, 3, "QSP 3 jours", "Pendant les repas"
)
_AMOXICILLIN: Final = Line("Amoxicilline", "gélule", "500 mg", "2 gélules", 2, 7, "QSP 7 jours")
_RINSE: Final = Line(
    "Chlorhexidine", "solution pour bain de bouche", "0,12 %", "15 ml", 2, 7,
    "1 flacon de 300 ml",
    "À partir du lendemain, ne pas avaler",
)  # fmt: skip
_CLINDAMYCIN: Final = Line("Clindamycine", "gélule", "300 mg", "2 gélules", 2, 7, "QSP 7 jours")
_SOFT_BRUSH: Final = Line("Brosse à dents post-opératoire souple 7/100", quantity="1")

USUAL: Final = (
    Usual("extraction", _("Extraction simple"), (_PAIN, _RINSE)),
    Usual("sagesse", _("Dents de sagesse"), (_AMOXICILLIN, _PAIN, _IBUPROFEN, _RINSE, _SOFT_BRUSH)),
    Usual("implant", _("Implant"), (_AMOXICILLIN, _PAIN, _RINSE, _SOFT_BRUSH)),
    Usual("abces", _("Abcès, cellulite débutante"), (_AMOXICILLIN, _PAIN)),
    Usual("abces-allergie", _("Abcès, allergie aux pénicillines"), (_CLINDAMYCIN, _PAIN)),
    Usual("pulpite", _("Pulpite"), (_PAIN, _IBUPROFEN)),
    Usual(
        "alveolite",
        _("Alvéolite"),
        (_PAIN, _IBUPROFEN, _RINSE),
    ),
    Usual(
        "pericoronarite",
        _("Péricoronarite"),
        (
            _AMOXICILLIN,
            Line("Métronidazole", "comprimé", "500 mg", "1 comprimé", 3, 7, "QSP 7 jours",
                 "Pas d’alcool pendant le traitement"),
            _PAIN,
            _RINSE,
        ),
    ),
    Usual("surfacage", _("Surfaçage, chirurgie parodontale"), (_PAIN, _RINSE, _SOFT_BRUSH)),
    Usual(
        "gencives",
        _("Gingivite"),
        (_RINSE, Line("Brossettes interdentaires", quantity="1 boîte")),
    ),
    Usual(
        "endocardite",
        _("Prévention de l’endocardite (adulte)"),
        (
            Line("Amoxicilline", "gélule", "500 mg", "4 gélules en une prise", None, None,
                 "4 gélules", "Dans l’heure qui précède le soin"),
        ),
        _("Patient à haut risque d’endocardite infectieuse."),
    ),
    Usual(
        "endocardite-allergie",
        _("Prévention de l’endocardite, allergie aux pénicillines (adulte)"),
        (
            Line("Azithromycine", "comprimé", "250 mg", "2 comprimés en une prise", None, None,
                 "2 comprimés", "Dans l’heure qui précède le soin"),
        ),
        _("Patient à haut risque d’endocardite infectieuse."),
    ),
    Usual(
        "endocardite-enfant",
        _("Prévention de l’endocardite (enfant)"),
        (
            Line("Amoxicilline", "poudre pour suspension buvable", "250 mg/5 ml",
                 "50 mg/kg en une prise, 2 g au plus", None, None,
                 "1 flacon", "Dans l’heure qui précède le soin"),
        ),
        _("Patient à haut risque d’endocardite infectieuse."),
        is_for_child=True,
    ),
    Usual(
        "candidose",
        _("Candidose buccale"),
        (
            Line("Amphotéricine B", "suspension buvable", "10 %", "5 ml", 3, 15,
                 "6 flacons de 40 ml", "À garder en bouche avant d’avaler, en dehors des repas"),
        ),
    ),
    Usual(
        "enfant",
        _("Douleur, enfant"),
        (
            Line("Paracétamol", "suspension buvable", "2,4 %", "Une dose selon le poids", 4, 3,
                 "QSP 3 jours", "6 heures au moins entre deux prises"),
        ),
        is_for_child=True,
    ),
)  # fmt: skip


def holds_antibiotic(found: Iterable[Line]) -> bool:
    """Tell whether one of these lines is an antibiotic."""
    return any(ANTIBIOTICS.intersection(families_of(one.known_substances)) for one in found)


_PREVENTS: Final = re.compile(r"\b(prevent|prophyla|antibioprophyla)")
_FOR_CHILD: Final = re.compile(r"\b(enfants?|child\w*|nourrissons?|pediatri\w*|kg|poids|weight)\b")


def is_prevention(name: str) -> bool:
    """Tell whether a template prepares a care rather than treats: its name says it."""
    return _PREVENTS.search(fold(name)) is not None


def is_for_child(name: str, line: Line) -> bool:
    """Tell whether a line of the practice's own says that it is for a child, or by the weight."""
    told = (name, line.name, line.strength, line.dose, line.remarks)
    return _FOR_CHILD.search(fold(" ".join(told))) is not None
