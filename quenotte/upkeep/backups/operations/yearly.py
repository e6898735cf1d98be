"""The first copy of a year goes to a repository of its own, which is in use from then on."""

import logging
from collections.abc import Callable
from copy import copy as copy_of
from typing import TypeAlias

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.devices.repository.errors import Full, Refused
from quenotte.devices.repository.progress import Listener
from quenotte.devices.repository.repository import Repository
from quenotte.upkeep.backups import saving, years
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.operations.destinations import follow
from quenotte.upkeep.backups.operations.telling import told
from quenotte.upkeep.backups.saving import Saved

logger = logging.getLogger(__name__)

#: Told of a place as it was and as it is.
NewYear: TypeAlias = Callable[[Destination, Destination], None]
_listeners: list[NewYear] = []


def on_new_year(listener: NewYear) -> None:
    """Name who is told when a place goes on in the repository of a new year: before, after."""
    _listeners[:] = [listener]


def save(
    repository: Repository, destination: Destination, kind: str, progress: Listener | None
) -> tuple[Saved, Repository]:
    """Save to the repository of the year, or to the one in use where that does not take it.

    Raises: what ``saving.save_practice`` does.
    """
    year = years.due(destination, on=timezone.localdate())
    begun = years.begun(destination, year, repository) if year else None

    def saved_to(one: Repository) -> Saved:
        return saving.save_practice(
            one, kind=kind, destination_id=destination.id, progress=progress
        )

    if begun is not None:
        try:
            return saved_to(begun), begun
        except (Full, Refused) as refusal:
            logger.warning("the first copy of a year is refused: %s", type(refusal).__name__)
    return saved_to(repository), repository


def move_on(destination: Destination, used: Repository, actor: Actor) -> None:
    """Use the repository of the new year from now on; papers name it as they are."""
    before = copy_of(destination)
    destination.epoch = timezone.localdate().year
    destination.repository_id = used.id
    destination.save(update_fields=["epoch", "repository_id"])
    for listener in _listeners:
        listener(before, destination)
    transaction.on_commit(follow)
    told(Action.CHANGE, actor, destination, {"how": "year"})
