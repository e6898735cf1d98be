"""The restore that follows a key typed from paper."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.base.jobs.operations import job
from quenotte.base.people import queries as people
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.kits import operations
from quenotte.upkeep.kits.models import Trial
from quenotte.upkeep.restores.rules import Paper


@job(
    # Another copy may have its turn for minutes, and who typed the key looks at the page.
    max_attempts=60,
    backoff_s=5,
    longest_s=20,
    label=_("Restauration d’essai avec la feuille de secours"),
)
def restore(trial_id: str, destination_id: str, practice_id: str, person_id: str) -> None:
    """Restore the copy that a typed key opened, for who typed it."""
    person = people.account(UUID(practice_id), UUID(person_id))
    name = person.full_name if person else ""
    actor = Actor(UUID(person_id), name, UUID(practice_id), "", "worker")
    with backups.shown_proof(destination_id) as listener:
        operations.restore_for(UUID(trial_id), actor=actor, progress=listener)


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
