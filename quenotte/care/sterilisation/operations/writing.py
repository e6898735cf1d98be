"""What every change of the sterilisation does: find its row, lock it, tell."""

from uuid import UUID

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live.operations import publish
from quenotte.care.sterilisation.models import (
    Autoclave,
    SterilisationCycle,
    SterilisationSettings,
)
from quenotte.care.sterilisation.operations.refusals import NotOurs, WrongStep
from quenotte.care.sterilisation.rules import State


def locked_settings(actor: Actor) -> SterilisationSettings:
    """Return the settings of the practice, locked; made when nobody saved any."""
    SterilisationSettings.objects.get_or_create(practice_id=actor.own_practice_id)
    return SterilisationSettings.objects.select_for_update().get(practice_id=actor.own_practice_id)


def autoclave_of(actor: Actor, autoclave_id: UUID) -> Autoclave:
    """Return an autoclave of the actor's practice, locked. Raises: NotOurs."""
    rows = Autoclave.objects.select_for_update().filter(practice_id=actor.own_practice_id)
    found = rows.filter(id=autoclave_id).first()
    if found is None:
        raise NotOurs
    return found


def locked(actor: Actor, cycle_id: UUID, *states: State) -> SterilisationCycle:
    """Return a cycle that stands at one of these steps, locked. Raises: NotOurs, WrongStep."""
    rows = SterilisationCycle.objects.select_for_update(of=("self",))
    cycle = rows.filter(id=cycle_id, practice_id=actor.own_practice_id).first()
    if cycle is None:
        raise NotOurs
    if cycle.state not in states:
        raise WrongStep
    return cycle


def patient_changed(actor: Actor, patient_id: UUID) -> None:
    """Tell the open pages of a record that its pouches changed."""
    publish(
        practice_id=actor.practice_id,
        name="patient.changed",
        data={"patient": str(patient_id), "part": "pouches"},
        audience="trace.read",
    )


def tell(
    actor: Actor,
    action: Action,
    kind: str,
    object_id: UUID | int,
    patient_id: UUID | None = None,
    **detail: Scalar,
) -> None:
    """Tell the open pages that something changed, and write one line of ids."""
    publish(
        practice_id=actor.practice_id,
        name="sterilisation",
        data={kind: str(object_id)},
        audience="sterilisation.read",
    )
    audit.record(
        action=action,
        actor=actor,
        patient_id=patient_id,
        object_kind=kind,
        object_id=str(object_id),
        detail=detail,
    )
