"""What the worker does when somebody asks for it on the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.jobs.operations import job
from quenotte.base.live import operations as live
from quenotte.base.people import queries as people
from quenotte.devices.repository.progress import Listener
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import operations, progress, queries
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.progress import What
from quenotte.upkeep.backups.turns import PATIENCE_S, Busy


@job(max_attempts=6, backoff_s=5, label=_("Copie de sauvegarde demandée"))
def copy(destination_id: str, practice_id: str, person_id: str) -> None:
    """Copy the practice to a destination, for who asked."""
    destination, actor = _asked(destination_id, practice_id, person_id)
    with _shown(What.COPY, destination) as listener:
        operations.run(destination.place, actor=actor, progress=listener, patience_s=PATIENCE_S)


@job(max_attempts=6, backoff_s=5, label=_("Preuve de restauration demandée"))
def prove(destination_id: str, practice_id: str, person_id: str) -> None:
    """Prove the newest copy of a destination, for who asked."""
    destination, actor = _asked(destination_id, practice_id, person_id)
    with _shown(What.PROOF, destination) as listener:
        operations.prove(destination.place, actor=actor, progress=listener, patience_s=PATIENCE_S)


def ask(what: What, *, actor: Actor, destination_id: UUID) -> None:
    """Ask the worker for a copy or a proof, on behalf of somebody.

    Raises: Destination.DoesNotExist, Busy.
    """
    if queries.under_way() is not None:
        raise Busy
    destination = queries.destination(destination_id)
    wanted = copy if what is What.COPY else prove
    # Before the worker can hear of it: it writes there as well.
    progress.ask(what, str(destination.id))
    with transaction.atomic():
        wanted.enqueue(
            destination_id=destination.id,
            practice_id=actor.own_practice_id,
            person_id=actor.own_person_id,
        )
        _tell(destination)
        record(
            action=Action.CHANGE,
            actor=actor,
            object_kind="backup",
            object_id=str(destination.id),
            detail={"how": "asked", "action": what.value},
        )


def _tell(destination: Destination) -> None:
    live.publish(
        practice_id=None,
        name=operations.EVENT,
        data={"id": str(destination.id)},
        audience=operations.AUDIENCE,
    )


def _asked(destination_id: str, practice_id: str, person_id: str) -> tuple[Destination, Actor]:
    person = people.account(UUID(practice_id), UUID(person_id))
    name = person.full_name if person else ""
    actor = Actor(UUID(person_id), name, UUID(practice_id), "", "worker")
    return queries.destination(UUID(destination_id)), actor


@contextmanager
def _shown(what: What, destination: Destination) -> Iterator[Listener]:
    """Show how far the work inside comes; a refusal ends there: it is kept with the work.

    When another copy holds the turn, the page goes on saying that this one is asked for.
    """
    try:
        with progress.listening(what, str(destination.id)) as listener:
            _tell(destination)
            yield listener
    except Busy:
        progress.ask(what, str(destination.id))
        raise
    except Refusal:
        return
