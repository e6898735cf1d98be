"""What every step of an import begins and ends with."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from quenotte.base import masses
from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live.operations import publish
from quenotte.base.people import queries as people
from quenotte.care.takeover import rules
from quenotte.care.takeover.models import Import, Progress
from quenotte.kernel.errors import Refusal

#: The live event of the pages of imports, and the permission to hear it.
EVENT = "takeover"
AUDIENCE = "takeover.manage"
#: What an import fills, and what its undoing empties.
_FILLED: Final = (
    "care.Appointment",
    "care.ImportedAppointment",
    "care.ImportedPatient",
    "care.Message",
    "care.OpeningBalance",
    "care.Patient",
    "care.RelatedPerson",
    "care.StagedRow",
)


class NoSuchImport(Refusal):
    """No such import in this practice."""

    message = _("Cette reprise n’existe pas dans votre cabinet. Rien n’a été modifié.")


class NotNow(Refusal):
    """The import is elsewhere by now: somebody was faster, or the worker is at it."""

    message = _(
        "Cette reprise a avancé entre-temps. Rien n’a été modifié : la page montre où elle en est."
    )


def locked(actor: Actor, import_id: UUID, step: str) -> Import:
    """Return an import from which this step may follow, held until the transaction ends.

    Raises: NoSuchImport; NotNow.
    """
    rows = Import.objects.select_for_update(of=("self",)).select_related("blob")
    found = rows.filter(id=import_id, practice_id=actor.own_practice_id).first()
    if found is None:
        raise NoSuchImport
    if not rules.may(step, found.state):
        raise NotNow
    return found


def ask(job: str, source: Import, actor: Actor) -> None:
    """Ask the worker for a job of this room, once the transaction is committed."""
    Progress.objects.get_or_create(source=source)
    Progress.objects.filter(source=source).update(done=0, total=0)
    wanted: Any = import_string(f"quenotte.care.takeover.jobs.{job}")
    wanted.enqueue(import_id=source.id, person_id=actor.own_person_id)


def tell(source: Import) -> None:
    """Tell the open pages that an import moved on."""
    publish(
        practice_id=source.practice_id,
        name=EVENT,
        data={"import": str(source.id)},
        audience=AUDIENCE,
    )


def declare(mass: masses.Mass, since: datetime | None = None) -> None:
    """Say that much changes at once, within the transaction that changes it."""
    masses.declare(mass, *_FILLED, since=since)


def trace(actor: Actor, source: Import, action: Action, **detail: Scalar) -> None:
    """Write the line of a step; call it last."""
    tell(source)
    audit.record(
        action=action,
        actor=actor,
        object_kind="import",
        object_id=str(source.id),
        detail={"purpose": source.kind, **detail},
    )


def actor_at_work(source: Import, person_id: UUID) -> Actor:
    """Return the person in whose name the worker acts."""
    person = people.account(source.practice_id, person_id)
    return Actor(
        person_id=person_id,
        person_label=person.full_name if person else "",
        practice_id=source.practice_id,
        workstation="",
        source="worker",
        roles=person.roles if person else frozenset(),
    )
