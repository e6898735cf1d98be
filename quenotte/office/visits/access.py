"""The door to a visit, and to the list of those that are open."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from quenotte.base.audit import operations as audit
from quenotte.base.audit import queries as journal
from quenotte.base.audit.rules import Action, Actor
from quenotte.care.patients.access import opened_patient
from quenotte.office.visits.models import Visit

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: How long a list that was read stays read: one working day.
OPEN_FOR = timedelta(hours=12)
_KIND = "open_visits"


def visit_for(
    actor: Actor, patient_id: UUID, visit_id: UUID, *, action: str
) -> tuple["Patient", Visit]:
    """Return a patient and a visit of hers; ``action`` is a permission of the table.

    Raises: as ``opened_patient``; Http404 when the visit is another patient's.
    """
    patient = opened_patient(actor, patient_id, action=action)
    found = (
        Visit.objects.filter(id=visit_id, patient_id=patient.id)
        .select_related("practitioner", "appointment", "note")
        .first()
    )
    if found is None:
        raise Http404
    return patient, found


def open_list(actor: Actor, count: int) -> None:
    """Note that somebody read who is in a visit: one line a working day, none for nobody."""
    since = timezone.now() - OPEN_FOR
    day = timezone.localdate().isoformat()
    if not count or journal.has_looked(actor, _KIND, day, patient_id=None, since=since):
        return
    audit.record(
        action=Action.READ,
        actor=actor,
        object_kind=_KIND,
        object_id=day,
        detail={"count": count},
    )
