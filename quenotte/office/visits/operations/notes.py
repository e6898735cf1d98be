"""The note while a visit goes on: a draft that the team shares, kept as it is typed."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.base.live.operations import publish
from quenotte.base.people.rules import may
from quenotte.kernel.errors import Refusal
from quenotte.office.visits import rules
from quenotte.office.visits.models import NoteTemplate, Visit
from quenotte.office.visits.operations.writing import (
    AUDIENCE,
    NoSuchVisit,
    VisitClosed,
    held,
)


class NoteChanged(Refusal):
    """Somebody else wrote in the note while this person did; nothing was overwritten."""

    message = _(
        "La note a été modifiée sur un autre poste pendant votre saisie. Rien n’a été écrasé : "
        "votre texte est gardé ici. Relisez la note, puis ajoutez-y vos mots."
    )


class NoteTooLong(Refusal):
    """More than a signed note may hold."""

    message = _(
        "Cette note dépasse 10 000 caractères : la suite n’est pas encore gardée. "
        "Raccourcissez-la, ou joignez un document."
    )


class NoteEmptied(Refusal):
    """A note that waits for a signature holds something: without words nobody would see it."""

    message = _("La note à signer ne peut pas être vide : son texte d’avant est gardé.")


@transaction.atomic
def save_note(*, actor: Actor, patient_id: UUID, visit_id: UUID, text: str, seen: int) -> int:
    """Keep the note as it is typed; return its version.

    Each pause of the typing comes here: the journal has its line when the note is signed.

    The note of a visit that was closed unsigned is kept for who may sign it, and is never emptied.

    Raises: NoSuchVisit, VisitClosed, NoteChanged, NoteTooLong, NoteEmptied.
    """
    visit = held(actor, patient_id, visit_id)
    if visit.closed_at is not None:
        if not visit.is_to_sign or not may(actor.roles, "visits.sign"):
            raise VisitClosed
        if not text.strip():
            raise NoteEmptied
    if keep(actor, visit, text, seen):
        visit.save(update_fields=["note_text", "note_version", "note_by"])
        publish(
            practice_id=actor.own_practice_id,
            name="patient.changed",
            data={"patient": str(patient_id), "part": "note-draft"},
            audience=AUDIENCE,
        )
    return visit.note_version


@transaction.atomic
def use_template(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    template_id: UUID,
    text: str,
    seen: int,
    known: Mapping[str, str],
) -> int:
    """Add a template after what is typed, its places filled as far as they are ``known``.

    Raises: as ``save_note``.
    """
    template = NoteTemplate.objects.filter(
        id=template_id, practice_id=actor.own_practice_id
    ).first()
    if template is None:
        raise NoSuchVisit
    more = rules.filled(template.text, known)
    return save_note(
        actor=actor,
        patient_id=patient_id,
        visit_id=visit_id,
        text=rules.appended(text, more),
        seen=seen,
    )


def keep(actor: Actor, visit: Visit, text: str, seen: int) -> bool:
    """Give a visit its text; return whether it differs. The same text twice is no conflict.

    Raises: NoteChanged, NoteTooLong.
    """
    plain = text.replace("\r\n", "\n").replace("\x00", "")
    if plain == visit.note_text:
        return False
    if seen != visit.note_version:
        raise NoteChanged
    if len(plain) > rules.LONGEST:
        raise NoteTooLong
    visit.note_text, visit.note_by_id = plain, actor.own_person_id
    visit.note_version += 1
    return True
