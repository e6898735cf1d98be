"""A copy restored to a folder beside the practice, which goes on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.devices.phoenix import choosing, opening, returning
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.repository.progress import Listener
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import restore
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.upkeep.backups import queries as backups


@dataclass(frozen=True)
class Restored:
    """What was restored, and where; ``moment`` in words."""

    folder: Path
    snapshot: str
    moment: str
    files: int
    bytes: int


def restore_to(
    place: str,
    wish: Wish,
    folder: Path,
    *,
    actor: Actor = SYSTEM,
    progress: Listener | None = None,
) -> Restored:
    """Restore a copy of a place, whole, into a new or empty folder.

    Raises: NotEmpty, NoCopy, NoCopyThen, UnknownCopy, NotThere, WrongPassphrase, OtherYear,
        Damaged, Missing, CannotRestore, Refused, Unreachable.
    """
    returning.check_folder(folder)
    trust = backups.trust_of(place)
    repository, _secret = opening.opened(place, settings.BACKUP_KEY, wish=wish, **trust)
    snapshot = chosen(repository, wish)
    with transaction.atomic():
        record(
            action=Action.EXPORT, actor=actor, object_kind="backup", object_id=snapshot.id[:8],
            detail={"how": "restore"},
        )  # fmt: skip
    done = restore(repository, snapshot, folder, progress=progress)
    folder.chmod(0o700)
    return Restored(folder, snapshot.id, returning.said(snapshot.time), done.files, done.bytes)


def chosen(repository: Repository, wish: Wish) -> Snapshot:
    """Return the copy that is meant. Raises: NoCopy, NoCopyThen, UnknownCopy, Unreachable."""
    return choosing.wanted(returning.copies(repository, datetime.now(UTC)), wish)[0]
