"""A visit begins, once; and it ends in one step."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import operations as people
from quenotte.base.people import queries as drafts
from quenotte.care.agenda import operations as agenda
from quenotte.care.agenda import queries as agenda_reads
from quenotte.care.agenda import rules as agenda_rules
from quenotte.care.chart import operations as chart
from quenotte.care.chart import queries as chart_reads
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import queries as plans
from quenotte.office.visits import rules
from quenotte.office.visits.models import OpenVisit, Visit
from quenotte.office.visits.operations.notes import keep
from quenotte.office.visits.operations.writing import NoSuchVisit, locked, written


class PlacesLeft(Refusal):
    """The note has places that nobody filled."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            _("Il reste à remplir dans la note : %(names)s. Rien n’a été signé, tout est gardé.")
            % {"names": ", ".join(f"{{{name}}}" for name in names)},
            next_step=_("Remplissez-les (touche Tab), ou signez quand même."),
        )


class NothingNoted(Refusal):
    """The note is empty."""

    message = _("La note est vide : rien n’a été signé, et la séance reste ouverte.")
    next_step = _("Écrivez quelques mots, ou terminez quand même sans note.")


@dataclass(frozen=True, slots=True)
class Ended:
    """A visit that has ended; ``appointment_done``: its appointment moved on."""

    visit: Visit
    is_signed: bool
    appointment_done: bool


def open_visit(*, actor: Actor, patient_id: UUID, appointment_id: UUID | None = None) -> Visit:
    """Return the visit of a patient that goes on; open one when there is none.

    The visit of an appointment that has ended already is returned as it is. Two pages that open
    it at once get the same one: the database holds one of each. The caller opened the record.

    Raises: NoSuchVisit when the appointment is not one of this patient.
    """
    try:
        with transaction.atomic():
            return _opened(actor, patient_id, appointment_id)
    except IntegrityError:
        # Another page was faster: what it opened is the visit.
        with transaction.atomic():
            return _opened(actor, patient_id, appointment_id)


@transaction.atomic
def end_visit(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    text: str,
    seen: int,
    anyway: bool = False,
) -> Ended:
    """End a visit in one step: its note is signed, it closes, its appointment moves on.

    ``text`` is the note as it was shown with version ``seen``; ``anyway`` signs with places left
    to fill, or ends without a note. All of it happens, or nothing.

    Raises: NoSuchVisit, VisitClosed, NoteChanged, PlacesLeft, NothingNoted.
    """
    visit = locked(actor, patient_id, visit_id)
    keep(actor, visit, text, seen)
    if (left := rules.unfilled(visit.note_text)) and not anyway:
        raise PlacesLeft(left)
    if not visit.note_text.strip() and not anyway:
        raise NothingNoted
    note_id = _signed(actor, visit)
    visit.closed_at, visit.closed_by_id = timezone.now(), actor.own_person_id
    visit.note_id = note_id
    visit.save()
    OpenVisit.objects.filter(visit=visit).delete()
    moved_on = _move_on(actor, visit)
    written(actor, visit, "end", state="signed" if note_id else "empty")
    return Ended(visit, note_id is not None, moved_on)


def _opened(actor: Actor, patient_id: UUID, appointment_id: UUID | None) -> Visit:
    going_on = OpenVisit.objects.filter(patient_id=patient_id).select_related("visit").first()
    if going_on is not None:
        return going_on.visit
    if appointment_id is not None:
        known = Visit.objects.filter(appointment_id=appointment_id, patient_id=patient_id).first()
        if known is not None:
            return known
    return _create(actor, patient_id, appointment_id)


def _create(actor: Actor, patient_id: UUID, appointment_id: UUID | None) -> Visit:
    practitioner_id = plans.usual_practitioner(actor, patient_id)
    if appointment_id is not None:
        found = agenda_reads.detail(actor.own_practice_id, appointment_id, now=timezone.now())
        if found is None or found.appointment.patient_id != patient_id:
            raise NoSuchVisit
        practitioner_id = found.appointment.practitioner_id
    visit = Visit.objects.create(
        practice_id=actor.own_practice_id,
        patient_id=patient_id,
        practitioner_id=practitioner_id,
        appointment_id=appointment_id,
        plan_session_id=plans.session_of_appointment(appointment_id) if appointment_id else None,
        opened_at=timezone.now(),
        opened_by_id=actor.own_person_id,
    )
    OpenVisit.objects.create(patient_id=patient_id, visit=visit)
    written(actor, visit, "open", action=Action.CREATE)
    return visit


def _signed(actor: Actor, visit: Visit) -> UUID | None:
    """Sign the note; what this person was typing in the record's own note stays her draft."""
    if not visit.note_text.strip():
        return None
    key = chart_reads.draft_key(visit.patient_id)
    begun = drafts.draft(actor.own_person_id, key)
    text = begun.text if begun else ""
    note = chart.write_note(actor=actor, patient_id=visit.patient_id, text=visit.note_text)
    if text:
        people.save_draft(person_id=actor.own_person_id, key=key, text=text)
    return note.id


def _move_on(actor: Actor, visit: Visit) -> bool:
    """Let the appointment be done, when that may follow where it is."""
    appointment = visit.appointment
    if appointment is None:
        return False
    if appointment.status == "done":
        return True
    if not agenda_rules.may_become(appointment.status, "done"):
        return False
    agenda.set_status(
        actor=actor, appointment_id=appointment.id, status="done", expected_version=None
    )
    return True
