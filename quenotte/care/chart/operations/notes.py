"""Writing notes: they are added, never changed."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.operations import discard_draft
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
    *, actor: Actor, patient_id: UUID, text: str, corrects_id: UUID | None = None
) -> Note:
    """Sign a note; with ``corrects_id`` it takes the place of an older one, which stays.

    The patient was opened by the caller (``patients.access``).

    Raises: EmptyNote; AlreadyCorrected; Note.DoesNotExist when the corrected note is not
    one of this patient.
    """
    assert actor.person_id is not None
    words = rules.tidy(text)
    if not words:
        raise EmptyNote
    if corrects_id is not None:
        _check_correction(patient_id, corrects_id)
    note = Note.objects.create(
        patient_id=patient_id,
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
        signed_at=timezone.now(),
        text=words,
        corrects_id=corrects_id,
    )
    key = queries.correction_key(corrects_id) if corrects_id else queries.draft_key(patient_id)
    discard_draft(person_id=actor.person_id, key=key)
    tell(actor, patient_id, "note", str(note.id), action=Action.CREATE)
    return note


def _check_correction(patient_id: UUID, corrects_id: UUID) -> None:
    # The row is locked so that two corrections of one note cannot both be the first.
    Note.objects.select_for_update().get(id=corrects_id, patient_id=patient_id)
    if Note.objects.filter(patient_id=patient_id, corrects_id=corrects_id).exists():
        raise AlreadyCorrected
