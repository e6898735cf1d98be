"""From what was touched or typed to what is charted."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from quenotte.base.audit.rules import Actor
from quenotte.care.chart import operations, queries
from quenotte.care.chart.rules import (
    Finding,
    Mouth,
    fallen_bridges,
    implant_again,
    noted_in,
    on_pontic,
    parse,
    refuse_unlikely,
    refuse_unsound,
    replaced_teeth,
    sentence_of,
)
from quenotte.care.chart.rules.findings import Kind
from quenotte.care.chart.rules.places import in_arch_order


@dataclass(frozen=True, slots=True)
class Done:
    """What was charted, in words, and what is worth a second look."""

    what: str
    remarks: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All of it as sentences."""
        return ". ".join([self.what, *(one.rstrip(".") for one in self.remarks)])


def enter(
    *,
    actor: Actor,
    patient_id: UUID,
    mouth: Mouth,
    born_on: date,
    age_years: float | None,
    line: str,
    touched: Iterable[Finding],
    key: UUID | None,
    is_again: bool = False,
) -> Done:
    """Chart a typed line, or else what was touched; return what was in words, with remarks.

    An entry that is sent again (``is_again``) because its answer was lost is not charted twice: the
    first time left its ``key``.

    A tooth that is unlikely at that age (None: not known) is to be noted as present first.

    Raises: as ``operations.chart``, ``rules.parse``, ``rules.refuse_unlikely`` and
    ``rules.refuse_unsound``.
    """
    found = parse(line) if line else [_completed(one, mouth) for one in touched]
    refuse_unlikely(found, age_years, noted_in(mouth))
    refuse_unsound(found, mouth)
    source = f"entry:{key}" if key else ""
    if not (is_again and source in queries.sources_of(patient_id)):
        operations.chart(actor=actor, patient_id=patient_id, findings=found, source=source)
    after = queries.mouth_on(patient_id, born_on, mouth.day)
    remarked = (on_pontic, implant_again, replaced_teeth)
    told = [remark(mouth, one) for one in found for remark in remarked]
    remarks = [*filter(None, told), *fallen_bridges(mouth, after, found)]
    return Done(" ; ".join(map(sentence_of, found)), tuple(remarks))


def _completed(finding: Finding, mouth: Mouth) -> Finding:
    """Return a bridge that was touched with the teeth that it replaces.

    Those are the missing ones; when none is noted as missing, all between the two ends.
    """
    if finding.kind is not Kind.BRIDGE:
        return finding
    gone = tuple(tooth for tooth in finding.teeth if tooth in mouth.missing)
    return replace(finding, pontics=gone or in_arch_order(finding.teeth)[1:-1])
