"""Which passphrases open a repository, and the new one that each year begins."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from copy import copy as copy_of

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.devices.repository import epochs, keyfiles
from quenotte.devices.repository.errors import AlreadyThere, Damaged, Refused, WrongPassphrase
from quenotte.devices.repository.opening import is_server
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sealing import MasterKey
from quenotte.devices.repository.soundness import bare
from quenotte.devices.repository.store import CONFIG, KEYS, SNAPSHOTS, Store
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import places, rotten
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.operations.destinations import USER, follow, repository_of
from quenotte.upkeep.backups.operations.refusals import EpochBegun, KeysClosed, OtherRepository
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


def holds_key(destination: Destination, names: Collection[str]) -> bool:
    """Tell whether the repository in use has one of some key files; True where nobody can look."""
    try:
        store = bare(repository_of(destination).store)
        return any(name in names for name, _size in store.names(KEYS))
    except Refusal:
        return True


def begin_epoch(used: Sequence[Destination]) -> list[Destination]:
    """Begin a new repository at each place, under a new master key: old papers do not open it.

    Return the places as they will be; nothing goes there before ``use_epoch``. Each has to answer
    before anything is begun at one, and servers come first: a vault whose keys are closed refuses
    while nothing lies elsewhere. What was begun before and never used is taken up again.

    Raises: EpochBegun, KeysClosed, NotPrepared, ForeignKey, OtherRepository, Full, Refused,
        Unreachable.
    """
    year = timezone.localdate().year
    if None in [epochs.following(one.epoch, year) for one in used]:
        raise EpochBegun
    for one in used:
        repository_of(one)
    in_order = sorted(used, key=lambda one: not is_server(one.place))
    key = next(filter(None, (_waiting_key(one, year) for one in in_order)), MasterKey.draw())
    begun = {one.id: _begun(one, year, key) for one in in_order}
    return [begun[one.id] for one in used]


def use_epoch(begun: Sequence[Destination], *, actor: Actor) -> None:
    """Let copies go from now on to the repositories that ``begin_epoch`` began: all, or none."""
    with transaction.atomic():
        for destination in begun:
            destination.save(update_fields=["epoch", "repository_id"])
            told(Action.CHANGE, actor, destination, {"how": "epoch"})
        transaction.on_commit(follow)


def _begun(destination: Destination, year: int, key: MasterKey) -> Destination:
    """Make the next repository of a place that nothing lies in, or take up one that waits."""
    epoch = epochs.following(destination.epoch, year)
    while epoch is not None:
        store = places.store_at(places.at(destination.place, epoch))
        made = _made(store, key, is_vault=is_server(destination.place))
        if made is not None:
            begun = copy_of(destination)
            begun.epoch, begun.repository_id = epoch, made.id
            return begun
        epoch = epochs.following(epoch, year)
    raise EpochBegun


def _made(store: Store, key: MasterKey, *, is_vault: bool) -> Repository | None:
    """Return an empty repository under a master key; None where another one lies."""
    try:
        return Repository.create(store, settings.BACKUP_KEY, host=places.host(), user=USER, key=key)
    except AlreadyThere:
        if any(store.names(SNAPSHOTS)):
            return None
    except Refused as refusal:
        raise (KeysClosed() if is_vault else refusal) from refusal
    with suppress(Damaged):
        return Repository.known(store, key)
    return None


def _waiting_key(destination: Destination, year: int) -> MasterKey | None:
    """Return the master key of a repository that was begun at a place and never used."""
    epoch = epochs.following(destination.epoch, year)
    assert epoch is not None
    store = places.store_at(places.at(destination.place, epoch))
    if store.size(CONFIG, "") is None or any(store.names(SNAPSHOTS)):
        return None
    with suppress(WrongPassphrase, Damaged):
        return keyfiles.opened(store, settings.BACKUP_KEY)
    return None


def _text(key: MasterKey) -> tuple[bytes, bytes, bytes]:
    return key.encrypt, key.mac_k, key.mac_r
