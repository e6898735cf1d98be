"""Reads of the signed notes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as drafts
from quenotte.base.prepared import prepared
from quenotte.care.chart.models import Note

#: Notes shown on the patient page before « Notes plus anciennes ».
NOTES_SHOWN = 5

_NOTE_COLUMNS = ("id", "signed_as", "signed_at", "text", "corrects_id", "author_id")


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A note as it is shown; ``corrected_by`` is the note that took its place."""

    id: UUID
    signed_as: str
    signed_at: datetime
    text: str
    corrects: UUID | None
    author_id: UUID
    corrected_by: UUID | None


@dataclass(frozen=True, slots=True)
class NotesPage:
    """Notes, newest first; ``older_than`` asks for the next ones, None when there are none."""

    notes: list[SignedNote]
    older_than: datetime | None


def notes_page(patient_id: UUID, limit: int, before: datetime | None = None) -> NotesPage:
    """Return one page of the notes of a patient."""
    return page_of(notes_of(patient_id, limit + 1, before), limit)


def page_of(found: list[SignedNote], limit: int) -> NotesPage:
    """Return the first ``limit`` notes, and from when to ask for the others."""
    shown = found[:limit]
    return NotesPage(shown, shown[-1].signed_at if len(found) > limit else None)


def notes_of(patient_id: UUID, limit: int, before: datetime | None = None) -> list[SignedNote]:
    """Return at most ``limit`` notes of a patient, newest first, corrected ones included."""
    if before is None:
        found = _newest_notes(patient_id, limit=limit)
    else:
        found = _older_notes(patient_id, before, limit=limit)
    # A correction is newer than what it corrects: on the first page both are here.
    corrections = {row[4]: row[0] for row in found if row[4]}
    if before is not None:
        corrections = _corrections(patient_id)
    return [_signed(row, corrections) for row in found]


def every_note(patient_id: UUID) -> list[SignedNote]:
    """Return all the notes of a patient, oldest first, corrected ones included."""
    rows = Note.objects.filter(patient_id=patient_id).order_by("signed_at", "id")
    found = list(rows.values_list(*_NOTE_COLUMNS))
    corrections = {row[4]: row[0] for row in found if row[4]}
    return [_signed(row, corrections) for row in found]


@prepared
def _newest_notes(patient_id: UUID, *, limit: int) -> QuerySet[Note, tuple[Any, ...]]:
    rows = Note.objects.filter(patient_id=patient_id).order_by("-signed_at")
    return rows.values_list(*_NOTE_COLUMNS)[:limit]


@prepared
def _older_notes(
    patient_id: UUID, before: datetime, *, limit: int
) -> QuerySet[Note, tuple[Any, ...]]:
    rows = Note.objects.filter(patient_id=patient_id, signed_at__lt=before).order_by("-signed_at")
    return rows.values_list(*_NOTE_COLUMNS)[:limit]


def note_of(patient_id: UUID, note_id: UUID) -> SignedNote | None:
    """Return one note of a patient."""
    row = Note.objects.filter(patient_id=patient_id, id=note_id).values_list(*_NOTE_COLUMNS).first()
    return _signed(row, _corrections(patient_id)) if row else None


def with_corrections(patient_id: UUID, note_id: UUID) -> list[SignedNote]:
    """Return a note of a patient and those that took its place, oldest first."""
    rows = Note.objects.filter(Q(id=note_id) | Q(corrects__isnull=False), patient_id=patient_id)
    by_id = {row[0]: row for row in rows.values_list(*_NOTE_COLUMNS)}
    corrections = {row[4]: row[0] for row in by_id.values() if row[4]}
    found, at = [], by_id.get(note_id)
    while at is not None:
        found.append(_signed(at, corrections))
        newer = corrections.get(at[0])
        at = by_id[newer] if newer else None
    return found


def _signed(row: tuple[Any, ...], corrections: dict[UUID, UUID]) -> SignedNote:
    note_id, signed_as, signed_at, text, corrects, author_id = row
    corrected_by = corrections.get(note_id)
    return SignedNote(note_id, signed_as, signed_at, text, corrects, author_id, corrected_by)


def corrections_of(note_id: Any) -> QuerySet[Note]:
    """Return the note that corrects a note; for a query that asks whether there is one."""
    return Note.objects.filter(corrects_id=note_id)


def _corrections(patient_id: UUID) -> dict[UUID, UUID]:
    """Return corrected note -> the note that took its place."""
    rows = Note.objects.filter(patient_id=patient_id, corrects__isnull=False)
    return {
        corrected: note for note, corrected in rows.values_list("id", "corrects_id") if corrected
    }


def draft_key(patient_id: UUID) -> str:
    """Return the name under which the note being typed for a patient is kept."""
    return f"note:{patient_id}"


def correction_key(note_id: UUID) -> str:
    """Return the name under which the correction being typed of a note is kept."""
    return f"correction:{note_id}"


def draft_of(actor: Actor, key: str) -> str:
    """Return what this person began under this key and did not sign."""
    if actor.person_id is None:
        return ""
    kept = drafts.draft(actor.person_id, key)
    return kept.text if kept else ""
