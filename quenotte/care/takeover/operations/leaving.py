"""The doors through which lists of patients leave: one line of the journal each, first."""

from collections.abc import Iterator
from uuid import UUID

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.care.takeover import exporting


def export_list(*, actor: Actor, kind: str, form: str) -> Iterator[bytes]:
    """Return the bytes of every patient, appointment or balance of the practice.

    ``form`` is csv or xlsx. The line is written before the first byte.
    """
    audit.record(
        action=Action.EXPORT,
        actor=actor,
        object_kind="list",
        detail={"purpose": kind, "format": form},
    )
    lines = exporting.table(kind, actor.own_practice_id)
    return exporting.as_csv(lines) if form == "csv" else exporting.as_workbook(lines, kind)


def note_refused_lines(*, actor: Actor, import_id: UUID) -> None:
    """Write that the refused lines of an import leave: they name the predecessor's patients."""
    audit.record(
        action=Action.EXPORT,
        actor=actor,
        object_kind="import",
        object_id=str(import_id),
        detail={"purpose": "refused", "format": "csv"},
    )
