"""Preparing a place for copies, making one, proving that it comes back."""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.live import operations as live
from quenotte.devices.repository.checking import Finding, check
from quenotte.devices.repository.errors import WrongPassphrase
from quenotte.devices.repository.opening import is_server
from quenotte.devices.repository.progress import Listener
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sealing import MasterKey
from quenotte.devices.repository.store import DATA
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import (
    following,
    manifests,
    places,
    proving,
    queries,
    rotten,
    rules,
    saving,
    turns,
)
from quenotte.upkeep.backups.engines.forms import UnreadableDatabase
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State
from quenotte.upkeep.backups.progress import What, listening
from quenotte.upkeep.backups.proving import Proven
from quenotte.upkeep.backups.saving import Saved
from quenotte.upkeep.backups.turns import turn
from quenotte.upkeep.guard import operations as guard

logger = logging.getLogger(__name__)

#: The live event of what changes here, and the permission to hear it.
EVENT = "backups.changed"
AUDIENCE = "backups.read"
#: As the lines of the journal of accesses name it.
OBJECT = "backup"
_USER = "quenotte"
#: As a key file names who holds its passphrase.
_PAPER = "papier"

#: For the other rooms: nothing was begun.
Busy = turns.Busy
#: What SQLite says of a file that is no database, or whose pages do not fit.
_RUINED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

Work = TypeVar("Work", Copy, Proof)


class EmptyPassphrase(Refusal):
    """A repository that anybody opens."""

    message = _("La clé est vide : rien n’a été préparé.")
    next_step = _("Donnez le fichier qui contient la clé de la feuille de secours.")


class OtherPassphrase(Refusal):
    """A repository is there, and this passphrase is none of its keys."""

    message = _("Il y a déjà un dépôt à cet endroit, et cette clé ne l’ouvre pas.")
    next_step = _(
        "Rien n’a été modifié. Prenez la clé de la feuille qui porte l’adresse de ce dépôt, ou "
        "donnez un autre endroit."
    )


class OtherRepository(Refusal):
    """The place holds another repository than the one that was prepared."""

    message = _("Ce n’est plus le même dépôt à cet endroit.")
    next_step = _(
        "Rien n’y a été écrit. Vérifiez que le bon support est branché ; si le dépôt a été refait, "
        "« quenotte backup init » le reprend."
    )


class EpochBegun(Refusal):
    """The repository of this year is the one in use."""

    message = _("Le dépôt de cette année est déjà celui qui sert.")
    next_step = _(
        "Rien n’a été modifié. Pour une clé toute neuve, préparez un autre emplacement, puis "
        "retirez celui-ci."
    )


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

    ``fingerprint`` is that of a vault's certificate that no known authority vouches for;
    ``authority`` the certificate (PEM) of the authority that it made itself.

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
    if not _opens(repository):
        repository.add_key(settings.BACKUP_KEY, host=places.host(), user=_USER)
    with transaction.atomic():
        destination = _noted(place, repository.id, epoch, kind, fingerprint)
        transaction.on_commit(follow)
        _told(Action.CREATE if is_new else Action.CHANGE, actor, destination, {"how": "init"})
    return Prepared(destination, is_new)


def run(
    place: str,
    *,
    kind: str = Copy.Kind.BY_HAND,
    actor: Actor = SYSTEM,
    progress: Listener | None = None,
) -> Copy:
    """Copy the practice as it is now to a place that was prepared; return the row of the copy.

    Raises: Busy, NotPrepared, ForeignKey, OtherRepository, NoDatabase, NoRoomForCopy,
        UnreadableDatabase, UnreadableSource, Damaged, Full, Refused, Unreachable. The refusal is
        kept with the copy too.
    """
    with turn():
        close_interrupted()
        destination = known(place)
        copy = Copy.objects.create(destination=destination, kind=kind, started_at=timezone.now())
        with _kept_when_failed(copy, actor):
            repository = _repository_of(destination)
            with suppress(OSError):
                guard.plant_canaries()
            with _alarmed_when_ruined(destination):
                saved = saving.save_practice(
                    repository, kind=kind, destination_id=destination.id, progress=progress
                )
            rotten.note(destination.id, [])
        return _end_copy(copy, saved, actor)


def prove(place: str, *, actor: Actor = SYSTEM, progress: Listener | None = None) -> Proof:
    """Restore the newest copy of a place beside the practice, open it, compare; return the row.

    A copy that differs from its promise ends the proof as failed, without an error here.

    Raises: Busy, NotPrepared, ForeignKey, OtherRepository, NothingToProve, NotOurs, Unopened,
        Damaged, Missing, CannotRestore, Refused, Unreachable. The refusal is kept too.
    """
    with turn():
        close_interrupted()
        destination = known(place)
        proof = Proof.objects.create(destination=destination, asked_at=timezone.now())
        with _kept_when_failed(proof, actor):
            proven = proving.prove(_repository_of(destination), progress)
        return _end_proof(proof, proven, actor)


def verify(place: str, *, read_data: bool = True) -> list[Finding]:
    """Read a repository and name what is damaged, without restoring.

    What a damaged pack held is stored again by the next copy.

    Raises: NotPrepared, ForeignKey, Refused, Unreachable.
    """
    destination = known(place)
    findings = check(_repository_of(destination), read_data=read_data)
    rotten.note(destination.id, [one.name for one in findings if one.kind == DATA and one.is_error])
    return findings


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
        _told(Action.CREATE, SYSTEM, destination, {"how": "found"})
    return destination


@contextmanager
def shown_proof(destination_id: str) -> Iterator[Listener]:
    """Show on the page how far the proof inside has come."""
    with listening(What.PROOF, destination_id) as listener:
        yield listener


def retire(destination_id: UUID, *, actor: Actor) -> None:
    """Send nothing more to a destination; what it holds stays. Raises: DoesNotExist."""
    with transaction.atomic():
        destination = Destination.objects.select_for_update().get(pk=destination_id)
        destination.use = Destination.Use.RETIRED
        destination.save(update_fields=["use"])
        transaction.on_commit(follow)
        _told(Action.CHANGE, actor, destination, {"how": "retired"})


def add_key(destination: Destination, passphrase: str) -> str:
    """Let a passphrase open the repository in use; return the name of its key file.

    Raises: NotPrepared, ForeignKey, OtherRepository, Damaged, Full, Refused (a vault whose keys
        are closed), Unreachable.
    """
    return _repository_of(destination).add_key(passphrase, host=places.host(), user=_PAPER)


def check_key(destination: Destination, passphrase: str) -> None:
    """Make sure that a passphrase opens the very repository that the server writes to.

    Raises: NotPrepared, WrongPassphrase, OtherRepository, Damaged, Refused, Unreachable.
    """
    place = places.at(destination.place, destination.epoch)
    given, own = places.opened_with(place, passphrase), _repository_of(destination)
    if given.id != own.id or _text(given.key) != _text(own.key):
        raise OtherRepository


def begin_epoch(used: Sequence[Destination], *, actor: Actor) -> list[Destination]:
    """Begin a new repository at each place, under a new master key: old papers do not open it.

    Each place has to answer before anything is begun at one.

    Raises: EpochBegun, NotPrepared, ForeignKey, OtherRepository, AlreadyThere, Full, Refused,
        Unreachable.
    """
    year, key = timezone.localdate().year, MasterKey.draw()
    for one in used:
        if one.epoch >= year:
            raise EpochBegun
        _repository_of(one)
    return [_begun(one, year, key, actor) for one in used]


def _begun(destination: Destination, year: int, key: MasterKey, actor: Actor) -> Destination:
    store = places.store_at(places.at(destination.place, year))
    made = Repository.create(store, settings.BACKUP_KEY, host=places.host(), user=_USER, key=key)
    with transaction.atomic():
        destination.epoch, destination.repository_id = year, made.id
        destination.save(update_fields=["epoch", "repository_id"])
        transaction.on_commit(follow)
        _told(Action.CHANGE, actor, destination, {"how": "epoch"})
    return destination


def _text(key: MasterKey) -> tuple[bytes, bytes, bytes]:
    return key.encrypt, key.mac_k, key.mac_r


def close_interrupted() -> int:
    """End what a stop of the machine left open; return how many. Called with the turn."""
    now, count = timezone.now(), 0
    for model in (Copy, Proof):
        left = model.objects.filter(state=State.RUNNING)
        count += left.update(
            state=State.INTERRUPTED,
            ended_at=now,
            outcome=_("Interrompue par un arrêt. Les copies précédentes restent bonnes."),
        )
    return count


def _made(place: str, passphrase: str, fingerprint: str) -> tuple[Repository, int, bool]:
    """Return the repository of a place, its year, and whether it was made now."""
    try:
        epoch = places.newest_epoch(place, on=timezone.localdate(), fingerprint=fingerprint)
    except places.NotPrepared:
        store = places.store_at(place, fingerprint)
        made = Repository.create(
            store, passphrase, host=places.host(), user=_USER, key=_shared_key()
        )
        return made, 0, True
    repository = places.opened_with(
        places.at(place, epoch), passphrase, OtherPassphrase, fingerprint=fingerprint
    )
    return repository, epoch, False


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


def _shared_key() -> MasterKey | None:
    """Return the master key of a repository of ours that answers, None for the first of all."""
    for one in queries.destinations():
        try:
            return _repository_of(one).key
        except Refusal:
            continue
    return None


def _opens(repository: Repository) -> bool:
    """Tell whether the server's own key opens it."""
    try:
        Repository.open(repository.store, settings.BACKUP_KEY)
    except WrongPassphrase:
        return False
    return True


def _repository_of(destination: Destination) -> Repository:
    repository = places.opened(places.at(destination.place, destination.epoch))
    if repository.id != destination.repository_id:
        raise OtherRepository
    return repository


def _noted(
    place: str, repository_id: str, epoch: int, kind: str, fingerprint: str = ""
) -> Destination:
    usual = Destination.Kind.VAULT if is_server(place) else Destination.Kind.FOLDER
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
            "kind": kind or usual,
            "fingerprint": fingerprint,
            "created_at": timezone.now(),
        },
    )
    return destination


@contextmanager
def _kept_when_failed(work: Work, actor: Actor) -> Iterator[None]:
    """Write beside the work why it failed; the error goes on its way."""
    try:
        yield
    except Exception as error:
        refusal = error if isinstance(error, Refusal) else None
        words = refusal or _("Incident imprévu : les détails sont dans « logs ».")
        if refusal is None:
            logger.error("a copy or a proof failed: %s", type(error).__name__)
        with transaction.atomic():
            _ended(work, State.FAILED, str(words))
            _told(_action_of(work), actor, work.destination, {}, result="failed")
        raise


@contextmanager
def _alarmed_when_ruined(destination: Destination) -> Iterator[None]:
    """Raise an alarm when the database is none any more; one that is busy is no reason."""
    try:
        yield
    except (UnreadableDatabase, sqlite3.DatabaseError) as error:
        cause = error if isinstance(error, sqlite3.Error) else error.__cause__
        if getattr(cause, "sqlite_errorcode", 0) & 0xFF in _RUINED:
            guard.raise_alarm([guard.Signal(guard.Sign.UNREADABLE)], destination.id)
        if isinstance(error, UnreadableDatabase):
            raise
        raise UnreadableDatabase from error


def _end_copy(copy: Copy, saved: Saved, actor: Actor) -> Copy:
    snapshot = saved.snapshot
    copy.snapshot_id, copy.data_at = snapshot.id, saved.data_at
    copy.bytes_read, copy.bytes_added = snapshot.bytes_read, snapshot.bytes_added
    copy.files = snapshot.files
    copy.summary = manifests.summary_of(saved.manifest) | {
        "left_out": len(snapshot.left_out),
        "changed": len(snapshot.changed),
    }
    is_whole = not snapshot.left_out
    words = _saved_words(copy) if is_whole else _partial_words(len(snapshot.left_out))
    words += "" if saved.manifest.has_files else _away_words()
    with transaction.atomic():
        look = guard.note(
            saved.weighed,
            destination_id=copy.destination_id,
            snapshot_id=snapshot.id,
            added_bytes=snapshot.bytes_added,
            is_night=copy.kind == Copy.Kind.NIGHTLY,
        )
        copy.summary |= {"guard": _guarded(saved.weighed, is_good=look.is_good)}
        _ended(copy, State.DONE if is_whole else State.FAILED, words)
        detail = {"count": copy.files, "bytes": copy.bytes_added}
        _told(Action.SEND, actor, copy.destination, detail, "ok" if is_whole else "failed")
    return copy


def _guarded(found: guard.Weighed, *, is_good: bool) -> dict[str, Any]:
    """Return what is remembered of the guard's look at a copy."""
    verdict = found.verdict
    return {
        "state": verdict.state.value,
        "score": verdict.score,
        "signs": [signal.sign.value for signal in verdict.signals],
        "is_good": is_good,
    }


def _end_proof(proof: Proof, proven: Proven, actor: Actor) -> Proof:
    compared = proven.compared
    is_good = not compared.differences
    proof.snapshot_id = proven.snapshot.id
    proof.compared = asdict(compared)
    proof.restorable_until = proven.data_at if is_good else None
    with transaction.atomic():
        words = _proven_words(proven) if is_good else _differing_words(compared.differences)
        words += "" if compared.has_files else _away_words()
        _ended(proof, State.DONE if is_good else State.FAILED, words)
        detail = {"count": compared.tables}
        _told(Action.READ, actor, proof.destination, detail, "ok" if is_good else "failed")
    return proof


def _ended(work: Work, state: State, words: str) -> None:
    work.state, work.ended_at, work.outcome = state, timezone.now(), words[:600]
    work.save()


def _action_of(work: Work) -> Action:
    return Action.SEND if isinstance(work, Copy) else Action.READ


def _told(
    action: Action,
    actor: Actor,
    destination: Destination,
    detail: dict[str, Any],
    result: str = "ok",
) -> None:
    """Tell the open pages, then the journal: its lock is held until the transaction ends."""
    live.publish(practice_id=None, name=EVENT, data={"id": str(destination.id)}, audience=AUDIENCE)
    record(
        action=action,
        actor=actor,
        object_kind=OBJECT,
        object_id=str(destination.id),
        result=result,
        detail=detail,
    )


def _saved_words(copy: Copy) -> str:
    assert copy.data_at is not None
    now = timezone.localtime()
    return _(
        "Le cabinet tel qu’il était à {moment} est copié : {files} fichiers, {added} ajoutés. "
        "Reste à le prouver par une restauration."
    ).format(
        moment=rules.moment(copy.data_at, now), files=copy.files, added=rules.size(copy.bytes_added)
    )


def _partial_words(count: int) -> str:
    return _(
        "Copie incomplète : {count} fichiers n’ont pas pu être lus. Les copies précédentes restent "
        "bonnes ; vérifiez les fichiers (« quenotte files verify »)."
    ).format(count=count)


def _proven_words(proven: Proven) -> str:
    now, compared = timezone.localtime(), proven.compared
    return _(
        "Restaurable jusqu’à {moment}, prouvé à {proven} : base rouverte et comparée ({tables} "
        "tables, {rows} lignes), journal des accès suivi, {blobs} fichiers présents, {sample} "
        "relus dont {pictures} images au pixel."
    ).format(
        moment=rules.moment(proven.data_at, now),
        proven=rules.moment(now, now),
        tables=compared.tables,
        rows=compared.rows,
        blobs=compared.blobs,
        sample=compared.sample,
        pictures=compared.pictures,
    )


def _away_words() -> str:
    return " " + str(_("Les fichiers restent sur leur stockage distant : ils n’y sont pas."))


def _differing_words(differences: list[str]) -> str:
    return _(
        "Cette copie ne rend pas ce qu’elle promet ({what}). Ne supprimez rien : les autres copies "
        "restent, et la prochaine copie repart du cabinet lui-même."
    ).format(what=", ".join(differences[:5]))
