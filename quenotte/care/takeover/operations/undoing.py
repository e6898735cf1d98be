"""Taking an import back: what nobody touched since goes, the rest stays and is listed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.masses import Mass
from quenotte.care.agenda import operations as agenda
from quenotte.care.patients import operations as patients
from quenotte.care.takeover.models import (
    Import,
    ImportedAppointment,
    ImportedPatient,
    OpeningBalance,
)
from quenotte.care.takeover.operations import steps
from quenotte.care.takeover.operations.writing import RecordsMoved
from quenotte.care.takeover.progress import Reporter

#: What came with the record itself, and is no addition.
_OWN = frozenset({"care.ImportedPatient.patient"})


@transaction.atomic
def start_undo(*, actor: Actor, import_id: UUID) -> Import:
    """Have the worker take an import back.

    Raises: NoSuchImport, NotNow.
    """
    source = steps.locked(actor, import_id, "undo")
    source.state, source.trouble = Import.State.UNDOING, ""
    source.save(update_fields=["state", "trouble"])
    steps.ask("undo", source, actor)
    steps.trace(actor, source, Action.CHANGE, state="undoing")
    return source


def undo(*, import_id: UUID, person_id: UUID) -> None:
    """Take everything back that nobody touched (the worker's part), in one transaction.

    Raises: RecordsMoved when somebody touched a record at that very moment: nothing changed.
    """
    source = Import.objects.get(id=import_id)
    if source.state != Import.State.UNDOING:
        return
    actor = steps.actor_at_work(source, person_id)
    try:
        with Reporter(source.id, total=1):
            _take_back_all(source, actor)
    except IntegrityError as error:
        raise RecordsMoved from error


@transaction.atomic
def _take_back_all(source: Import, actor: Actor) -> None:
    held = Import.objects.select_for_update().get(id=source.id)
    if held.state != Import.State.UNDOING:
        return
    removed, kept = _UNDOERS[held.kind](held, actor)
    held.state, held.undone_at = Import.State.UNDONE, timezone.now()
    held.counts = held.counts | {"removed": removed, "kept": kept}
    held.save(update_fields=["state", "undone_at", "counts"])
    steps.declare(Mass.PURGE)
    steps.trace(actor, held, Action.CHANGE, state="undone", count=removed)


def touched_patients(source: Import) -> set[UUID]:
    """Return the records of an import that somebody worked with since."""
    brought = ImportedPatient.objects.filter(source=source, is_created=True)
    ids = list(brought.values_list("patient_id", flat=True))
    own = frozenset(each for each in brought.values_list("related_id", flat=True) if each)
    touched = patients.touched_among(ids, but=_OWN, own_relatives=own)
    # Another file speaks of them too: appointments, balances, or the same people again.
    for start in range(0, len(ids), 500):
        others = ImportedPatient.objects.filter(patient_id__in=ids[start : start + 500])
        touched.update(others.exclude(source=source).values_list("patient_id", flat=True))
    return touched


def _patients(source: Import, _actor: Actor) -> tuple[int, int]:
    touched = touched_patients(source)
    brought = ImportedPatient.objects.filter(source=source)
    created = brought.filter(is_created=True)
    ids = [one for one in created.values_list("patient_id", flat=True) if one not in touched]
    # Links to records that were there before go; those of the records that stay stay.
    _delete(brought.filter(is_created=False))
    for start in range(0, len(ids), 500):
        _delete(created.filter(patient_id__in=ids[start : start + 500]))
    patients.remove_untouched(ids)
    return len(ids), len(touched)


def _appointments(source: Import, actor: Actor) -> tuple[int, int]:
    brought = ImportedAppointment.objects.filter(source=source)
    ids = list(brought.values_list("appointment_id", flat=True))
    touched = agenda.touched_visits(ids)
    gone = [each for each in ids if each not in touched]
    for start in range(0, len(gone), 500):
        _delete(brought.filter(appointment_id__in=gone[start : start + 500]))
    agenda.remove_visits(actor=actor, ids=gone)
    return len(gone), len(touched)


def _balances(source: Import, _actor: Actor) -> tuple[int, int]:
    rows = OpeningBalance.objects.filter(source=source)
    count = rows.count()
    _delete(rows)
    return count, 0


def _delete(rows: Any) -> None:
    rows._raw_delete(rows.db)


_UNDOERS: dict[str, Callable[[Import, Actor], tuple[int, int]]] = {
    Import.Kind.PATIENTS: _patients,
    Import.Kind.APPOINTMENTS: _appointments,
    Import.Kind.BALANCES: _balances,
}
