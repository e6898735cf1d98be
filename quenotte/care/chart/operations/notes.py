"""Writing notes: they are added, never changed."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.operations import discard_draft
from quenotte.base.sent import keep_once, row_id, sent_before
from quenotte.care.chart import queries, rules
from quenotte.care.chart.models import Note
from quenotte.care.chart.operations.telling import tell
from quenotte.kernel.errors import Refusal


class EmptyNote(Refusal):
    """A note that says nothing."""

    message = _("La note est vide : écrivez quelques mots, puis signez.")


class AlreadyCorrected(Refusal):
    """The note was corrected by somebody else meanwhile."""

    message = _(
        "Cette note a déjà été corrigée. Votre texte est gardé : relisez la correction, "
        "et corrigez-la à son tour si besoin."
    )


@transaction.atomic
def write_note(
    *,
    actor: Actor,
    patient_id: UUID,
    text: str,
    corrects_id: UUID | None = None,
    key: UUID | None = None,
) -> Note:
    """Sign a note; with ``corrects_id`` it takes the place of an older one, which stays.

    The patient was opened by the caller (``patients.access``); ``key`` is that of the form: sent
    again with the same words, it is the same note.

    Raises: EmptyNote; AlreadyCorrected; Note.DoesNotExist when the corrected note is not
    one of this patient.
    """
    assert actor.person_id is not None
    words = rules.tidy(text)
    if not words:
        raise EmptyNote
    note_id = row_id(key, actor.person_id, corrects_id, words)
    if signed := sent_before(Note, note_id, patient_id=patient_id):
        return signed
    if corrects_id is not None:
        _check_correction(patient_id, corrects_id)
    note = Note(
        id=note_id,
        patient_id=patient_id,
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
        signed_at=timezone.now(),
        text=words,
        corrects_id=corrects_id,
    )
    signed, is_new = keep_once(note, patient_id=patient_id)
    if is_new:
        _told(actor, signed)
    return signed


def _told(actor: Actor, note: Note) -> None:
    """Let the draft of a note go, and tell that it is signed."""
    former = note.corrects_id
    key = queries.correction_key(former) if former else queries.draft_key(note.patient_id)
    discard_draft(person_id=actor.own_person_id, key=key)
    tell(actor, note.patient_id, "note", str(note.id), action=Action.CREATE)


def _check_correction(patient_id: UUID, corrects_id: UUID) -> None:
    # The row is locked so that two corrections of one note cannot both be the first.
    Note.objects.select_for_update().get(id=corrects_id, patient_id=patient_id)
    if Note.objects.filter(patient_id=patient_id, corrects_id=corrects_id).exists():
        raise AlreadyCorrected
