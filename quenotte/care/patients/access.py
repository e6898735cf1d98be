"""The doors to a patient's record: practice, permission, and one line of the journal."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from quenotte.base.audit import operations as audit
from quenotte.base.audit import queries as journal
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.keyboard.access import opens_by_grant
from quenotte.base.keyboard.rules import GLASS
from quenotte.base.people.rules import may
from quenotte.base.prepared import prepared
from quenotte.care.patients.leads import leading_to
from quenotte.care.patients.models import Patient

#: How long a record stays open for the person who opened it: one working day.
OPEN_FOR = timedelta(hours=12)

_KIND = "patient"


def patient_for(
    actor: Actor, patient_id: UUID, *, purpose: str, action: str = "patients.read"
) -> Patient:
    """Open a record: one line in the journal, whether it is opened or refused.

    ``action`` is a permission of the table; ``purpose`` a code (« record », « print »).
    The address of a record that was united with another one opens that one.
    A refusal must outlive the error that announces it, so call this outside a transaction.

    Raises: PermissionDenied when the role lacks the permission; Http404 when the patient is
    unknown or belongs to another practice (a stranger is not told which).
    """
    patient = _found(actor, patient_id, purpose=purpose, action=action)
    _note_opened(actor, patient, purpose)
    return patient


def patient_at(actor: Actor, patient_id: UUID, *, purpose: str) -> Patient:
    """Return the record that this address leads to, opened when it is its own address.

    At the address of a record that was united with another one, no line is written: the
    caller leads to the other one's address, and that one is opened there.

    Raises: as ``patient_for``.
    """
    patient = _found(actor, patient_id, purpose=purpose, action="patients.read")
    if patient.id == patient_id:
        _note_opened(actor, patient, purpose)
    return patient


def opened_patient(actor: Actor, patient_id: UUID, *, action: str = "patients.read") -> Patient:
    """Return the patient of a fragment, a frame or a thumbnail of a record already open.

    Writes no second line when this person opened this record at this workstation within
    ``OPEN_FOR``; opens it (one line) otherwise.

    Raises: as ``patient_for``.
    """
    patient = _found(actor, patient_id, purpose="fragment", action=action)
    if not is_open(actor, patient.id):
        _note_opened(actor, patient, "fragment")
    return patient


def is_open(actor: Actor, patient_id: UUID) -> bool:
    """Return whether this person opened this record at this workstation within ``OPEN_FOR``."""
    return journal.has_opened(actor, patient_id, since=timezone.now() - OPEN_FOR)


def _note_opened(actor: Actor, patient: Patient, purpose: str) -> None:
    what = Action.PRINT if purpose == "print" else Action.READ
    audit.record(
        action=what,
        actor=actor,
        patient_id=patient.id,
        object_kind=_KIND,
        object_id=str(patient.id),
        detail=_why(actor, purpose),
    )


def _found(actor: Actor, patient_id: UUID, *, purpose: str, action: str) -> Patient:
    """Return the patient when the role and the practice allow it; else write the refusal."""
    patient = next(iter(_by_id(patient_id)), None)
    if not _is_allowed(actor, patient_id, action):
        _refuse(actor, patient_id if patient else None, purpose, "role")
        raise PermissionDenied
    if patient is None:
        raise Http404
    if patient.practice_id != actor.practice_id:
        _refuse(actor, patient_id, purpose, "practice")
        raise Http404
    return leading_to(patient)


@prepared
def _by_id(patient_id: UUID) -> QuerySet[Patient]:
    return Patient.objects.filter(id=patient_id)


def _is_allowed(actor: Actor, patient_id: UUID, action: str) -> bool:
    """Ask the permission table; what an emergency grant lends counts for its record alone."""
    if may(actor.roles - {GLASS}, action):
        return True
    return may(actor.roles, action) and opens_by_grant(actor.person_id, actor.roles, patient_id)


def _why(actor: Actor, purpose: str) -> dict[str, str]:
    """Return the detail of a line: a reading by emergency grant says so."""
    lent = {"reason": "break_glass"} if GLASS in actor.roles else {}
    return {"purpose": purpose, **lent}


def _refuse(actor: Actor, patient_id: UUID | None, purpose: str, reason: str) -> None:
    audit.record(
        action=Action.READ,
        actor=actor,
        patient_id=patient_id,
        object_kind=_KIND,
        object_id=str(patient_id or ""),
        result="refused",
        detail={"purpose": purpose, "reason": reason},
    )
