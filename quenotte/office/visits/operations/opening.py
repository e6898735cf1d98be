"""A visit begins, once; and it ends in one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import operations as people
from quenotte.base.people import queries as drafts
from quenotte.base.people.rules import may
from quenotte.care.agenda import operations as agenda
from quenotte.care.agenda import queries as agenda_reads
from quenotte.care.agenda import rules as agenda_rules
from quenotte.care.chart import operations as chart
from quenotte.care.chart import queries as chart_reads
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import queries as plans
from quenotte.office.visits import queries, remarks, rules
from quenotte.office.visits.models import OpenVisit, Visit
from quenotte.office.visits.operations.notes import keep, save_note
from quenotte.office.visits.operations.writing import (
    NoSuchVisit,
    VisitClosed,
    held,
    locked,
    written,
)


class NoSuchAppointment(NoSuchVisit):
    """The appointment is gone, or is somebody else's by now."""

    message = _("Ce rendez-vous n’est plus celui de ce patient. Aucune séance n’a été ouverte.")


class PlacesLeft(Refusal):
    """The note has places that nobody filled."""

    def __init__(self, names: list[str], also: Sequence[str] = ()) -> None:
        left = _("Il reste à remplir dans la note : %(names)s. Rien n’a été signé, tout est gardé.")
        words = left % {"names": ", ".join(f"{{{name}}}" for name in names)}
        super().__init__(
            " ".join([words, *also]),
            next_step=_("Remplissez-les (touche Tab), ou signez quand même."),
        )


class NothingNoted(Refusal):
    """The note is empty."""

    def __init__(self, also: Sequence[str] = ()) -> None:
        super().__init__(" ".join([str(self.message), *also]))

    message = _("La note est vide : rien n’a été signé, et la séance reste ouverte.")
    next_step = _("Écrivez quelques mots, ou terminez quand même sans note.")


class RemarksOpen(Refusal):
    """Acts of the visit contradict one another or their tooth, and nobody settled it."""

    def __init__(self, found: Sequence[str]) -> None:
        super().__init__(self.message % {"remarks": " ".join(found)})

    message = _("À revoir avant de terminer : %(remarks)s Rien n’a été signé, tout est gardé.")
    next_step = _("Reprenez l’acte en trop, ou terminez quand même : la remarque reste visible.")


class NotTheSigner(Refusal):
    """Who is no practitioner signs no note; what she wrote is kept."""

    message = _("Seul un praticien signe la note ; elle est gardée.")
    next_step = _("La séance reste ouverte : un praticien la relit et la termine.")


@dataclass(frozen=True, slots=True)
class Ended:
    """A visit that has ended; ``appointment_done``: its appointment moved on."""

    visit: Visit
    is_signed: bool
    appointment_done: bool


def open_visit(*, actor: Actor, patient_id: UUID, appointment_id: UUID | None = None) -> Visit:
    """Return the visit of a patient that goes on; open one when there is none.

    One that was left open on another day gives way to the visit of another appointment: it
    closes unsigned, and its note waits for a signature. The visit of an appointment that has
    ended already is returned as it is; one that was opened without an appointment becomes that
    of the appointment asked for. An appointment of today is in the chair from then on: the
    agenda undoes that as any step. Two pages that open it at once get the same one: the
    database holds one of each. The caller opened the record.

    Raises: NoSuchAppointment when the appointment is not one of this patient.
    """
    try:
        with transaction.atomic():
            return _opened(actor, patient_id, appointment_id)
    except (IntegrityError, VisitClosed):
        # Another page was faster: what it opened is the visit.
        with transaction.atomic():
            return _opened(actor, patient_id, appointment_id)


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
    to fill, or ends without a note. All of it happens, or nothing; but what somebody wrote who
    may not sign is kept.

    Raises: NoSuchVisit, VisitClosed, NoteChanged, NotTheSigner, PlacesLeft, NothingNoted,
        RemarksOpen.
    """
    if text.strip() and not may(actor.roles, "visits.sign"):
        save_note(actor=actor, patient_id=patient_id, visit_id=visit_id, text=text, seen=seen)
        raise NotTheSigner
    return _end(actor, patient_id, visit_id, text, seen, anyway=anyway)


@transaction.atomic
def sign_note(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    text: str,
    seen: int,
    anyway: bool = False,
) -> Visit:
    """Sign the note of a visit that was closed unsigned, as it was shown with version ``seen``.

    Raises: NoSuchVisit, also when no note waits; NotTheSigner, NoteChanged, NoteTooLong,
    PlacesLeft, NothingNoted, RemarksOpen.
    """
    if not may(actor.roles, "visits.sign"):
        raise NotTheSigner
    visit = held(actor, patient_id, visit_id)
    if not visit.is_to_sign:
        raise NoSuchVisit
    keep(actor, visit, text, seen)
    _ask(visit, anyway=anyway)
    if not visit.note_text.strip():
        raise NothingNoted
    visit.note_id = _signed(actor, visit)
    visit.save()
    written(actor, visit, "sign", state="signed")
    return visit


@transaction.atomic
def _end(
    actor: Actor, patient_id: UUID, visit_id: UUID, text: str, seen: int, *, anyway: bool
) -> Ended:
    visit = locked(actor, patient_id, visit_id)
    keep(actor, visit, text, seen)
    _ask(visit, anyway=anyway)
    note_id = _signed(actor, visit)
    visit.note_id = note_id
    moved_on = _close(actor, visit)
    written(actor, visit, "end", state="signed" if note_id else "empty")
    return Ended(visit, note_id is not None, moved_on)


def _ask(visit: Visit, *, anyway: bool) -> None:
    """Ask before what cannot be changed. Raises: PlacesLeft, NothingNoted, RemarksOpen."""
    if anyway:
        return
    found = remarks.open_of(visit)
    if left := rules.unfilled(visit.note_text):
        raise PlacesLeft(left, found)
    if not visit.note_text.strip():
        raise NothingNoted(found)
    if found:
        raise RemarksOpen(found)


def _close(actor: Actor, visit: Visit) -> bool:
    """Close a visit; return whether its appointment is done."""
    visit.closed_at, visit.closed_by_id = timezone.now(), actor.own_person_id
    if not visit.note_text.strip():
        visit.note_text = ""
    visit.save()
    OpenVisit.objects.filter(visit=visit).delete()
    return _move_on(actor, visit)


def _opened(actor: Actor, patient_id: UUID, appointment_id: UUID | None) -> Visit:
    going_on = OpenVisit.objects.filter(patient_id=patient_id).select_related("visit").first()
    if going_on is not None:
        if not queries.is_passed(going_on.visit, appointment_id):
            return _joined(actor, going_on.visit, appointment_id)
        passed = locked(actor, patient_id, going_on.visit_id)
        _close(actor, passed)
        written(actor, passed, "end", state="to_sign" if passed.is_to_sign else "empty")
    if appointment_id is not None:
        known = Visit.objects.filter(appointment_id=appointment_id, patient_id=patient_id).first()
        if known is not None:
            return known
    return _create(actor, patient_id, appointment_id)


def _joined(actor: Actor, visit: Visit, appointment_id: UUID | None) -> Visit:
    """Return the visit that goes on, as that of the appointment when neither has another."""
    if appointment_id is None or visit.appointment_id or queries.has_visit(appointment_id):
        return visit
    visit = locked(actor, visit.patient_id, visit.id)
    _seat(actor, visit.patient_id, appointment_id)
    visit.appointment_id = appointment_id
    visit.plan_session_id = plans.session_of_appointment(appointment_id)
    visit.save()
    written(actor, visit, "join")
    return visit


def _seat(actor: Actor, patient_id: UUID, appointment_id: UUID) -> UUID:
    """Let an appointment of today be in the chair; return its practitioner.

    Raises: NoSuchAppointment when it is not one of this patient.
    """
    found = agenda_reads.detail(actor.own_practice_id, appointment_id, now=timezone.now())
    if found is None or found.appointment.patient_id != patient_id:
        raise NoSuchAppointment
    one = found.appointment
    is_today = timezone.localdate(one.starts_at) == timezone.localdate()
    if is_today and agenda_rules.may_become(one.status, "in_chair"):
        agenda.set_status(
            actor=actor, appointment_id=one.id, status="in_chair", expected_version=None
        )
    return one.practitioner_id


def _create(actor: Actor, patient_id: UUID, appointment_id: UUID | None) -> Visit:
    practitioner_id = plans.usual_practitioner(actor, patient_id)
    if appointment_id is not None:
        practitioner_id = _seat(actor, patient_id, appointment_id)
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
