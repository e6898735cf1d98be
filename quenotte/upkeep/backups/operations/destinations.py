"""Preparing a place for copies, finding it again, sending nothing more to it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.devices.repository import keyfiles
from quenotte.devices.repository.errors import Damaged, WrongPassphrase
from quenotte.devices.repository.opening import is_server
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sealing import MasterKey
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import following, places, queries
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.operations import tending
from quenotte.upkeep.backups.operations.refusals import (
    EmptyPassphrase,
    NothingGoes,
    OtherPassphrase,
    OtherRepository,
)
from quenotte.upkeep.backups.operations.telling import told
from quenotte.upkeep.guard import queries as guard

#: As a key file names who holds the server's own passphrase.
USER = "quenotte"


@dataclass(frozen=True)
class Prepared:
    """A place that copies can go to. ``is_new``: no repository was there before."""

    destination: Destination
    is_new: bool


def init(
    place: str,
    passphrase: str,
    *,
    actor: Actor = SYSTEM,
    kind: str = "",
    fingerprint: str = "",
    authority: bytes = b"",
) -> Prepared:
    """Make the repository at a place, for two keys: that of the paper and the server's own.

    One that is there and that the passphrase opens is adopted: the server's key is added to it.

    ``fingerprint`` is that of a vault's certificate, or of the authority that it made itself;
    ``authority`` the certificate (PEM) of that authority. What lasts longest is noted.

    Raises: EmptyPassphrase, UnreadableFingerprint, OtherPassphrase, Damaged, Full, Refused,
        Unreachable.
    """
    passphrase = passphrase.strip()
    if not passphrase:
        raise EmptyPassphrase
    place = places.normal(place)
    fingerprint = places.read_fingerprint(fingerprint)
    with places.authority_noted(place, authority):
        repository, epoch, is_new = _made(place, passphrase, fingerprint)
    if fingerprint and is_server(place):
        fingerprint = places.lasting_fingerprint(place, fingerprint)
    if not _opens(repository):
        repository.add_key(settings.BACKUP_KEY, host=places.host(), user=USER)
    with transaction.atomic():
        destination = _noted(place, repository.id, epoch, kind, fingerprint)
        transaction.on_commit(follow)
        told(Action.CREATE if is_new else Action.CHANGE, actor, destination, {"how": "init"})
    return Prepared(destination, is_new)


def known(place: str) -> Destination:
    """Return the destination of a place; one that another server prepared is noted on the way.

    Raises: NotPrepared, ForeignKey, Damaged, Refused, Unreachable.
    """
    place = places.normal(place)
    found = queries.destination_at(place)
    if found is not None:
        return found
    epoch = places.newest_epoch(place, on=timezone.localdate())
    repository = places.opened(places.at(place, epoch))
    with transaction.atomic():
        destination = _noted(place, repository.id, epoch, "")
        transaction.on_commit(follow)
        told(Action.CREATE, SYSTEM, destination, {"how": "found"})
    return destination


def retire(destination_id: UUID, *, actor: Actor) -> None:
    """Send nothing more to a destination; what it holds stays.

    Raises: DoesNotExist, NothingGoes.
    """
    if guard.is_alarmed():
        raise NothingGoes
    with transaction.atomic():
        destination = Destination.objects.select_for_update().get(pk=destination_id)
        destination.use = Destination.Use.RETIRED
        destination.save(update_fields=["use"])
        transaction.on_commit(follow)
        told(Action.CHANGE, actor, destination, {"how": "retired"})


def follow() -> None:
    """Let the process of the journal know where copies go, without a look into the database."""
    following.tell(
        [
            following.Followed(
                one.label, places.at(one.place, one.epoch), **places.trust_of(one.place)
            )
            for one in queries.destinations().filter(kind__in=following.KINDS)
        ]
    )


def trust_longer(destination: Destination) -> None:
    """Note the authority of a vault that is known by its certificate, before that is renewed."""
    if not (destination.fingerprint and is_server(destination.place)):
        return
    with suppress(Refusal):
        lasting = places.lasting_fingerprint(destination.place, destination.fingerprint)
        if lasting != destination.fingerprint:
            destination.fingerprint = lasting
            destination.save(update_fields=["fingerprint"])
            follow()


def repository_of(destination: Destination) -> Repository:
    """Return the repository in use at a destination, open with the server's own key.

    A key file that rotted is put again where its bytes are at hand.

    Raises: Away, ForeignKey, OtherRepository, Damaged, Refused, Unreachable.
    """
    place = places.at(destination.place, destination.epoch)
    try:
        repository = places.opened(place)
    except places.NotPrepared as error:
        raise places.Away from error
    except Damaged:
        mended = tending.keys_put_again(destination)
        if not mended:
            raise
        repository = places.opened(place)
        repository.mended = mended
    if repository.id != destination.repository_id:
        raise OtherRepository
    return repository


def _made(place: str, passphrase: str, fingerprint: str) -> tuple[Repository, int, bool]:
    """Return the repository of a place, its year, and whether it was made now."""
    try:
        epoch = places.newest_epoch(place, on=timezone.localdate(), fingerprint=fingerprint)
    except places.NotPrepared:
        store = places.store_at(place, fingerprint)
        shared = _shared()
        made = Repository.create(
            store,
            passphrase,
            host=places.host(),
            user=USER,
            key=shared.key if shared else None,
            key_files=shared.files if shared else (),
        )
        return made, 0, True
    repository = places.opened_with(
        places.at(place, epoch), passphrase, OtherPassphrase, fingerprint=fingerprint
    )
    return repository, epoch, False


class _Shared(NamedTuple):
    """The master key of the practice's repositories, and its key files: names and bytes."""

    key: MasterKey
    files: list[tuple[str, bytes]]


def _shared() -> _Shared | None:
    """Return what a new place begins with; None for the first of all.

    The paper that lies in a safe opens a new place at once, although it does not name it yet.
    Where no place answers, the key files that were kept here serve.
    """
    for one in queries.destinations():
        with suppress(Refusal):
            repository = repository_of(one)
            return _Shared(repository.key, [*keyfiles.whole_ones(repository.store)])
    for one in queries.destinations():
        with suppress(Refusal):
            kept = tending.kept_keys(one)
            key = keyfiles.opened(kept, settings.BACKUP_KEY)
            return _Shared(key, [*keyfiles.whole_ones(kept)])
    return None


def _opens(repository: Repository) -> bool:
    """Tell whether the server's own key opens it."""
    try:
        Repository.open(repository.store, settings.BACKUP_KEY)
    except WrongPassphrase:
        return False
    return True


def _noted(
    place: str, repository_id: str, epoch: int, kind: str, fingerprint: str = ""
) -> Destination:
    destination, _is_new = Destination.objects.update_or_create(
        place_digest=places.digest_of(place),
        defaults={
            "place": place,
            "repository_id": repository_id,
            "epoch": epoch,
            "use": Destination.Use.ACTIVE,
        }
        | ({"kind": kind} if kind else {})
        | ({"fingerprint": fingerprint} if fingerprint else {}),
        create_defaults={
            "place": place,
            "label": places.label_of(place)[:200],
            "repository_id": repository_id,
            "epoch": epoch,
            "kind": kind or places.usual_kind(place),
            "fingerprint": fingerprint,
            "created_at": timezone.now(),
        },
    )
    return destination
