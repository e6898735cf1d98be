"""What the mouth of a patient says against an act, before it is noted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.chart import queries as mouths
from quenotte.care.chart.rules import (
    Finding,
    Kind,
    Status,
    doubt,
    hidden_successor,
    noted_in,
    on_pontic,
)
from quenotte.care.chart.rules.findings import TAKES_AWAY
from quenotte.care.patients.rules import known_birth
from quenotte.kernel.dates import age_years
from quenotte.kernel.teeth import is_primary
from quenotte.office.plans import rules

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

_SHOWN_INSTEAD: Final = _(
    "Noté ainsi, le schéma montre la dent de lait à la place de la définitive."
)
#: What the mouth says against an act that is done.
Objector = Callable[[rules.ActLine], list[str]]


def objector(patient: "Patient", on: date) -> Objector:
    """Return what says why an act does not go with the mouth: its teeth at that age, its findings.

    Nothing is said of the age while the birth date is not known.
    """
    mouth = mouths.mouth_on(patient.id, patient.born_on, on)
    born = known_birth(patient.born_on)
    age = age_years(born, on) if born else None
    noted, why = noted_in(mouth), mouths.objector(patient.id, on)

    def look(line: rules.ActLine) -> list[str]:
        teeth = rules.teeth_of(line.teeth)
        found = [doubt(tooth, age, noted) for tooth in teeth]
        if any(found) and line.charts_as and Kind(line.charts_as) not in TAKES_AWAY:
            found += [str(_SHOWN_INSTEAD) for tooth in teeth if is_primary(tooth)][:1]
        if line.charts_as and teeth:
            finding = Finding(
                kind=Kind(line.charts_as),
                teeth=teeth,
                surfaces=line.surfaces,
                status=Status.DONE,
                material=line.material,
            )
            if finding.kind is Kind.BRIDGE:
                gone = tuple(tooth for tooth in teeth if tooth in mouth.missing)
                finding = replace(finding, pontics=gone)
            found.append(why(finding) or on_pontic(mouth, finding))
        return list(filter(None, found))

    return look


def concealer(patient: "Patient", on: date) -> Objector:
    """Return what says that an act, drawn on a primary tooth, hides the permanent one."""
    mouth = mouths.mouth_on(patient.id, patient.born_on, on)
    born = known_birth(patient.born_on)
    age = age_years(born, on) if born else None

    def look(line: rules.ActLine) -> list[str]:
        found = [hidden_successor(mouth, tooth, age) for tooth in rules.teeth_of(line.teeth)]
        return list(filter(None, found))

    return look
