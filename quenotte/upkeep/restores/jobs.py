"""What the worker does when somebody asks for a moment of the past."""

import time
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.jobs.operations import job
from quenotte.upkeep.backups import queries as backups
from quenotte.upkeep.restores import operations, reaching
from quenotte.upkeep.restores.reaching import Moment, Stage, State


@job(max_attempts=3, backoff_s=10, label=_("Retour sur un moment du passé"))
def reach(destination_id: str, practice_id: str, moment: str, is_search: str) -> None:
    """Make a moment, and search through all of it when that was asked."""
    as_of = datetime.fromisoformat(moment) if moment else None
    practice = UUID(practice_id) if is_search else None
    operations.reach(Moment(UUID(destination_id), as_of, practice))


@job(max_attempts=3, label=_("Rangement des moments du passé"))
def forget() -> None:
    """Throw away the moments that nobody looks at any more."""
    operations.forget_old()


def ask(moment: Moment, *, actor: Actor) -> None:
    """Ask the worker for a moment, unless it is there or under way: others may wait for it too.

    That of the last copy is made anew once a newer one came.

    Raises: Destination.DoesNotExist.
    """
    found = reaching.state_of(moment)
    has_failed = found is None or found.stage is Stage.FAILED
    if not (has_failed or (found and reaching.is_overtaken(moment, found))):
        return
    destination = backups.destination(moment.destination_id)
    # Before the worker can hear of it: it writes there as well.
    reaching.note(moment, State(Stage.ASKED, at=time.time()))
    with transaction.atomic():
        reach.enqueue(
            destination_id=destination.id,
            practice_id=actor.own_practice_id,
            moment=moment.as_of.isoformat() if moment.as_of else "",
            is_search="yes" if moment.search else "",
        )
        record(
            action=Action.CHANGE, actor=actor, object_kind="backup",
            object_id=str(destination.id), detail={"how": "asked", "action": "past"},
        )  # fmt: skip
