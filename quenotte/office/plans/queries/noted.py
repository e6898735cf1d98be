"""What the mouth says is to be done and no plan holds yet: offered, not typed a second time."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from quenotte.care.chart import queries as mouths
from quenotte.care.chart.rules import Finding, Kind, Status
from quenotte.kernel.errors import Refusal
from quenotte.office.plans.queries.choices import Choice, choices
from quenotte.office.plans.queries.values import PlanShown
from quenotte.office.plans.rules import stored_teeth

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: The words by which the catalogue finds the act of a finding.
_WORDS: Final = {
    Kind.FILLING: "obturation",
    Kind.INLAY: "inlay",
    Kind.VENEER: "facette",
    Kind.CROWN: "couronne",
    Kind.POST: "inlay core",
    Kind.BRIDGE: "bridge",
    Kind.IMPLANT: "implant",
    Kind.ENDODONTICS: "endo",
    Kind.EXTRACTION: "extraction",
    Kind.SEALANT: "scellement",
    Kind.SPLINT: "contention",
    Kind.REMOVAL: "dépose",
}
#: Materials that make another act of a crown.
_OF_CROWN: Final = {
    "ceramic": "céramique",
    "zirconia": "zircone",
    "metal_ceramic": "céramo-métallique",
    "metal": "métallique",
    "temporary": "provisoire",
}


def noted_to_do(patient: "Patient", plan: PlanShown, on: date) -> list[Choice]:
    """Return the acts of what was noted « à faire » by hand, that this plan does not hold.

    Each is the first act that the catalogue proposes for it; what it has no act for is left out.
    """
    held = {(line.charts_as, line.teeth_key) for line in plan.lines}
    found = []
    for one in _by_hand(patient, on):
        if (one.kind.value, stored_teeth(one.teeth)) in held:
            continue
        try:
            found += choices(patient.practice_id, _typed(one), on)[:1]
        except Refusal:
            continue
    return found


def _by_hand(patient: "Patient", on: date) -> Iterator[Finding]:
    """Yield what is planned in the mouth and was drawn by no plan, each once."""
    seen = set()
    for tooth in mouths.mouth_on(patient.id, patient.born_on, on).teeth:
        for mark in tooth.marks:
            finding = mark.finding
            is_ours = finding.status is Status.PLANNED and mark.is_by_hand
            if is_ours and finding.kind in _WORDS and mark.key not in seen:
                seen.add(mark.key)
                yield finding


def _typed(one: Finding) -> str:
    """Return a finding as one would type its act: « 46 couronne céramique »."""
    material = _OF_CROWN.get(one.material, "") if one.kind is Kind.CROWN else ""
    ends = (one.teeth[0], one.teeth[-1])
    teeth = f"{ends[0]}-{ends[1]}" if one.kind is Kind.BRIDGE else stored_teeth(one.teeth)
    return " ".join(filter(None, (teeth, one.surfaces, _WORDS[one.kind], material)))
