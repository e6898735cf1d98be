"""Which passphrases open a repository, and the new one that each year begins."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.devices.repository import epochs
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sealing import MasterKey
from quenotte.upkeep.backups import places, rotten
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.operations.destinations import USER, follow, repository_of
from quenotte.upkeep.backups.operations.refusals import EpochBegun, OtherRepository
from quenotte.upkeep.backups.operations.telling import told

#: As a key file names who holds its passphrase.
_PAPER = "papier"


def add_key(destination: Destination, passphrase: str) -> str:
    """Let a passphrase open the repository in use; return the name of its key file.

    Raises: NotPrepared, ForeignKey, OtherRepository, Damaged, Full, Refused (a vault whose keys
        are closed), Unreachable.
    """
    name = repository_of(destination).add_key(passphrase, host=places.host(), user=_PAPER)
    rotten.note_closed(destination.id, [])
    return name


def check_key(destination: Destination, passphrase: str) -> None:
    """Make sure that a passphrase opens the very repository that the server writes to.

    Raises: NotPrepared, WrongPassphrase, OtherRepository, Damaged, Refused, Unreachable.
    """
    place = places.at(destination.place, destination.epoch)
    given, own = places.opened_with(place, passphrase), repository_of(destination)
    if given.id != own.id or _text(given.key) != _text(own.key):
        raise OtherRepository


def begin_epoch(used: Sequence[Destination], *, actor: Actor) -> list[Destination]:
    """Begin a new repository at each place, under a new master key: old papers do not open it.

    Each place has to answer before anything is begun at one.

    Raises: EpochBegun, NotPrepared, ForeignKey, OtherRepository, AlreadyThere, Full, Refused,
        Unreachable.
    """
    year, key = timezone.localdate().year, MasterKey.draw()
    following = [epochs.following(one.epoch, year) for one in used]
    if None in following:
        raise EpochBegun
    for one in used:
        repository_of(one)
    return [_begun(one, epoch, key, actor) for one, epoch in zip(used, following, strict=True)]


def _begun(destination: Destination, year: int | None, key: MasterKey, actor: Actor) -> Destination:
    assert year is not None
    store = places.store_at(places.at(destination.place, year))
    made = Repository.create(store, settings.BACKUP_KEY, host=places.host(), user=USER, key=key)
    with transaction.atomic():
        destination.epoch, destination.repository_id = year, made.id
        destination.save(update_fields=["epoch", "repository_id"])
        transaction.on_commit(follow)
        told(Action.CHANGE, actor, destination, {"how": "epoch"})
    return destination


def _text(key: MasterKey) -> tuple[bytes, bytes, bytes]:
    return key.encrypt, key.mac_k, key.mac_r
