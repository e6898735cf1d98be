"""How a visit is written: locked, still open, traced, told."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live.operations import publish
from quenotte.kernel.errors import Refusal
from quenotte.office.visits.models import Visit

#: Who hears that a visit changed.
AUDIENCE = "visits.read"


class NoSuchVisit(Refusal):
    """The visit, or what is in it, is not one of this patient."""

    message = _("Cet élément n’est plus dans une séance de ce patient. Rien n’a été modifié.")


class VisitClosed(Refusal):
    """The visit has ended: its note is signed."""

    message = _(
        "Cette séance est terminée. Rien n’a été modifié : ouvrez une nouvelle séance, "
        "ou complétez la note par une correction datée."
    )


def locked(actor: Actor, patient_id: UUID, visit_id: UUID) -> Visit:
    """Return a visit that goes on, held until the transaction ends.

    Raises: NoSuchVisit; VisitClosed.
    """
    visit = held(actor, patient_id, visit_id)
    if visit.closed_at is not None:
        raise VisitClosed
    return visit


def held(actor: Actor, patient_id: UUID, visit_id: UUID) -> Visit:
    """Return a visit, open or closed, held until the transaction ends. Raises: NoSuchVisit."""
    visit = (
        Visit.objects.select_for_update(of=("self",))
        .filter(id=visit_id, patient_id=patient_id, practice_id=actor.own_practice_id)
        .first()
    )
    if visit is None:
        raise NoSuchVisit
    return visit


def written(
    actor: Actor,
    visit: Visit,
    what: str,
    *,
    action: Action = Action.CHANGE,
    part: str = "visit",
    **detail: Scalar,
) -> None:
    """Write the line of the journal and tell the open pages; call it last."""
    publish(
        practice_id=actor.own_practice_id,
        name="patient.changed",
        data={"patient": str(visit.patient_id), "part": part},
        audience=AUDIENCE,
    )
    audit.record(
        action=action,
        actor=actor,
        patient_id=visit.patient_id,
        object_kind="visit",
        object_id=str(visit.id),
        detail={"action": what, **detail},
    )
