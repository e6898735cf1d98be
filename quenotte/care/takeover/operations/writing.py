"""The one transaction that brings a checked file into the records: everything, or nothing."""

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.masses import Mass
from quenotte.care.agenda import operations as agenda
from quenotte.care.agenda import queries as agenda_reads
from quenotte.care.patients import operations as patients
from quenotte.care.patients import queries as patient_reads
from quenotte.care.takeover.models import (
    Import,
    ImportedAppointment,
    ImportedPatient,
    OpeningBalance,
    StagedRow,
)
from quenotte.care.takeover.operations import steps
from quenotte.care.takeover.progress import Reporter
from quenotte.kernel.errors import Refusal

logger = logging.getLogger(__name__)

_BATCH = 1_000
#: Values of a line that are no columns of a record.
_BESIDE = frozenset({"old_id", "insured_nir", "insured_name"})
#: What writes in the transaction what was made ready before it; returns the counts.
Writing = Callable[[Actor, Callable[[int], None]], dict[str, int]]
_DAYS = ("born_on", "mutuelle_ends_on", "died_on")


class Undecided(Refusal):
    """Lines that look like existing records wait for a decision."""

    message = gettext_lazy(
        "Des lignes ressemblent à des dossiers existants. Rien n’a été repris : dites d’abord ce "
        "qu’elles deviennent."
    )


class NothingReady(Refusal):
    """Not one line can be taken."""

    message = gettext_lazy(
        "Aucune ligne ne peut être reprise. Rien n’a été modifié : regardez les lignes refusées."
    )


class RecordsMoved(Refusal):
    """Between the check and the writing somebody changed what was compared."""

    message = gettext_lazy(
        "Des dossiers ou l’agenda ont changé depuis la vérification. Rien n’a été repris : "
        "vérifiez de nouveau, puis recommencez."
    )


@transaction.atomic
def start_writing(*, actor: Actor, import_id: UUID) -> Import:
    """Have the worker bring the checked lines into the records.

    Raises: NoSuchImport, NotNow; Undecided; NothingReady.
    """
    source = steps.locked(actor, import_id, "write")
    rows = StagedRow.objects.filter(source=source)
    if rows.filter(state=StagedRow.State.DOUBLE, decision="").exists():
        raise Undecided
    if not taken_rows(source).exists():
        raise NothingReady
    source.state, source.trouble = Import.State.WRITING, ""
    source.save(update_fields=["state", "trouble"])
    steps.ask("write", source, actor)
    steps.trace(actor, source, Action.CHANGE, state="writing")
    return source


def write(*, import_id: UUID, person_id: UUID) -> None:
    """Write everything (the worker's part); killed in the middle, it begins again from nothing.

    Raises: RecordsMoved: nothing was then written.
    """
    source = Import.objects.get(id=import_id)
    if source.state != Import.State.WRITING:
        return
    actor = steps.actor_at_work(source, person_id)
    total = taken_rows(source).count()
    # No line changes while the state is WRITING: the long part needs no transaction.
    try:
        with Reporter(source.id, total=total) as told:
            store = _WRITERS[source.kind](source)
            _write_all(source, actor, store, told)
    except (IntegrityError, agenda.SlotTaken) as error:
        raise RecordsMoved from error


@transaction.atomic
def _write_all(source: Import, actor: Actor, store: Writing, told: Callable[[int], None]) -> None:
    held = Import.objects.select_for_update().get(id=source.id)
    if held.state != Import.State.WRITING:
        return
    made = store(actor, told)
    held.state, held.written_at = Import.State.DONE, timezone.now()
    held.counts = held.counts | made
    held.save(update_fields=["state", "written_at", "counts"])
    steps.declare(Mass.IMPORT)
    steps.trace(actor, held, Action.CREATE, count=sum(made.values()))


def taken_rows(source: Import) -> Any:
    """Return the lines that will enter the records."""
    states, decisions = StagedRow.State, StagedRow.Decision
    rows = StagedRow.objects.filter(source=source)
    return rows.filter(state=states.READY) | rows.filter(
        state=states.DOUBLE, decision__in=[decisions.LINK, decisions.CREATE]
    )


def _patients(source: Import) -> Writing:
    """Make the records ready; nothing is written before the transaction."""
    rows = taken_rows(source).order_by("line")
    new = rows.exclude(decision=StagedRow.Decision.LINK)
    linked = rows.filter(decision=StagedRow.Decision.LINK)
    brought: list[ImportedPatient] = []

    def records() -> Iterator[Any]:
        for row in new.iterator(chunk_size=_BATCH):
            record = _record(row)
            brought.append(
                ImportedPatient(
                    source=source,
                    patient_id=record.id,
                    old_id=row.values["old_id"],
                    is_created=True,
                    related_id=record.related_id,
                )
            )
            yield record

    prepared = patients.prepare_many(source.practice_id, records())
    count = len(brought)

    def store(_actor: Actor, told: Callable[[int], None]) -> dict[str, int]:
        for done in patients.store_many(prepared):
            told(done)
        meant = _meant(source, linked)
        links = [
            ImportedPatient(
                source=source, patient_id=meant(row), old_id=row.values["old_id"], is_created=False
            )
            for row in linked.iterator(chunk_size=_BATCH)
        ]
        ImportedPatient.objects.bulk_create([*brought, *links], batch_size=_BATCH)
        return {"created": count, "linked": len(links)}

    return store


def _record(row: StagedRow) -> Any:
    values = {key: value for key, value in row.values.items() if key not in _BESIDE}
    for key in _DAYS:
        values[key] = date.fromisoformat(values[key]) if values.get(key) else None
    insured = row.values["insured_nir"]
    # Lines that were checked before this column was known have no name.
    name = row.values.get("insured_name") or _("Assuré (nom non repris)")
    return patients.NewRecord(
        values=values,
        keys=row.keys,
        insured_nir=insured,
        insured_name=name if insured else "",
        related_id=uuid4() if insured else None,
    )


def _appointments(source: Import) -> Writing:
    def store(actor: Actor, told: Callable[[int], None]) -> dict[str, int]:
        rows = taken_rows(source).order_by("line")
        meant = _meant(source, rows)
        visits = [
            agenda.Visit(
                patient_id=meant(row),
                practitioner_id=UUID(row.values["practitioner"]),
                starts_at=datetime.fromisoformat(row.values["starts"]),
                ends_at=datetime.fromisoformat(row.values["ends"]),
                title=row.values["title"],
                status=row.values["status"],
            )
            for row in rows.iterator(chunk_size=_BATCH)
        ]
        _refuse_known(source, visits)
        ids: list[UUID] = []
        for start in range(0, len(visits), _BATCH):
            ids += agenda.import_visits(actor=actor, visits=visits[start : start + _BATCH])
            told(len(ids))
        ImportedAppointment.objects.bulk_create(
            (ImportedAppointment(source=source, appointment_id=each) for each in ids),
            batch_size=_BATCH,
        )
        return {"created": len(ids)}

    return store


def _refuse_known(source: Import, visits: list[agenda.Visit]) -> None:
    """Refuse what another import brought since the check. Raises: RecordsMoved."""
    known = agenda_reads.taken_down(source.practice_id)
    for visit in visits:
        is_off = visit.status == "cancelled"
        if (visit.patient_id, visit.practitioner_id, visit.starts_at, is_off) in known:
            raise RecordsMoved


def _balances(source: Import) -> Writing:
    def store(actor: Actor, told: Callable[[int], None]) -> dict[str, int]:
        rows = taken_rows(source).order_by("line")
        meant = _meant(source, rows)
        made = OpeningBalance.objects.bulk_create(
            (
                OpeningBalance(
                    patient_id=meant(row),
                    amount_cents=row.values["amount_cents"],
                    as_of=date.fromisoformat(row.values["as_of"]),
                    source=source,
                    imported_by_id=actor.own_person_id,
                )
                for row in rows.iterator(chunk_size=_BATCH)
            ),
            batch_size=_BATCH,
        )
        told(len(made))
        return {"created": len(made)}

    return store


def _meant(source: Import, rows: Any) -> Callable[[StagedRow], UUID]:
    """Return what gives the record that a line means, or the one it was united with meanwhile.

    All are looked for before the first line is read: nothing is left half read on the server.

    Raises: RecordsMoved when one of the records is gone.
    """
    ids = list(set(rows.values_list("match_id", flat=True)))
    current: dict[Any, UUID] = {}
    for start in range(0, len(ids), _BATCH):
        some = [one for one in ids[start : start + _BATCH] if one]
        current |= patient_reads.current_ids(source.practice_id, some)
    if len(current) < len(ids):
        raise RecordsMoved
    return lambda row: current[row.match_id]


_WRITERS: dict[str, Callable[[Import], Writing]] = {
    Import.Kind.PATIENTS: _patients,
    Import.Kind.APPOINTMENTS: _appointments,
    Import.Kind.BALANCES: _balances,
}
