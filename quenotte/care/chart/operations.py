"""Writing about the mouth: notes are added, never changed."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish
from quenotte.base.people.operations import discard_draft
from quenotte.care.chart import queries, rules
from quenotte.care.chart.models import Note, ToothState
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
    _tell(actor, patient_id, "note", str(note.id))
    return note


@transaction.atomic
def note_tooth(
    *, actor: Actor, patient_id: UUID, tooth: int, state: str, seen_on: date
) -> ToothState:
    """Add what was seen of a tooth (FDI number); the newest row is the one shown."""
    assert actor.person_id is not None
    seen = ToothState.objects.create(
        patient_id=patient_id,
        tooth=tooth,
        state=state,
        seen_on=seen_on,
        author_id=actor.own_person_id,
    )
    _tell(actor, patient_id, "tooth", str(seen.id))
    return seen


def _check_correction(patient_id: UUID, corrects_id: UUID) -> None:
    # The row is locked so that two corrections of one note cannot both be the first.
    Note.objects.select_for_update().get(id=corrects_id, patient_id=patient_id)
    if Note.objects.filter(patient_id=patient_id, corrects_id=corrects_id).exists():
        raise AlreadyCorrected


def _tell(actor: Actor, patient_id: UUID, kind: str, object_id: str) -> None:
    publish(
        practice_id=actor.practice_id,
        name="patient.changed",
        data={"patient": str(patient_id), "part": kind},
        audience="chart.read",
    )
    audit.record(
        action=Action.CREATE,
        actor=actor,
        patient_id=patient_id,
        object_kind=kind,
        object_id=object_id,
    )
