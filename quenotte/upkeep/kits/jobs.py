"""The restore that follows a key typed from paper."""

from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.base.jobs.operations import job
from quenotte.base.people import queries as people
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.kits import operations, queries
from quenotte.upkeep.kits.models import Trial
from quenotte.upkeep.restores.rules import Paper

#: The first copy of a practice may have its turn for days; one that never ends is no reason to let
#: somebody believe for ever that the restore is about to begin.
LONGEST_WAIT: Final = timedelta(days=7)


@job(max_attempts=3, backoff_s=5, label=_("Restauration d’essai avec la feuille de secours"))
def restore(trial_id: str, destination_id: str, practice_id: str, person_id: str) -> None:
    """Restore the copy that a typed key opened, for who typed it.

    While a copy has its turn, nothing: ``take_up`` goes on once it is over.
    """
    person = people.account(UUID(practice_id), UUID(person_id))
    name = person.full_name if person else ""
    actor = Actor(UUID(person_id), name, UUID(practice_id), "", "worker")
    _restore(UUID(trial_id), destination_id, actor)


@job(max_attempts=1, label=_("Reprise des essais de la feuille de secours"))
def take_up() -> None:
    """Restore for each key whose restore waits for its turn, or was cut short; end what is old."""
    for trial in queries.open_trials():
        person = trial.person
        actor = Actor(person.id, person.full_name, person.practice_id, "", "worker")
        if timezone.now() - trial.typed_at < LONGEST_WAIT:
            _restore(trial.id, str(trial.destination_id), actor)
        else:
            operations.give_up(trial.id, actor=actor)


def type_back(*, actor: Actor, device: str, passphrase: str, paper: Paper = Paper.SHEET) -> Trial:
    """Note a key typed from paper, and ask the worker for the restore.

    Raises: NoKit, SameDevice, OtherSheet, OtherShares, NoPlaceAnswers.
    """
    with transaction.atomic():
        trial = operations.type_back(actor=actor, device=device, passphrase=passphrase, paper=paper)
        restore.enqueue(
            trial_id=trial.id,
            destination_id=trial.destination_id,
            practice_id=actor.own_practice_id,
            person_id=actor.own_person_id,
        )
    return trial


def _restore(trial_id: UUID, destination_id: str, actor: Actor) -> None:
    # Not even shown before: the page would take how far the copy has come for ours.
    if not backups.is_free():
        return
    with suppress(backups.Busy), backups.shown_proof(destination_id) as listener:
        operations.restore_for(trial_id, actor=actor, progress=listener)
