"""Making a copy, and proving that one comes back."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit import queries as audit
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.devices.repository.checking import Finding, check
from quenotte.devices.repository.errors import Damaged, Missing, file_of
from quenotte.devices.repository.progress import Listener
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.soundness import HEADS, Heads, Reread
from quenotte.devices.repository.store import DATA
from quenotte.upkeep.backups import disks, manifests, proving, queries, retiring, rotten, rules
from quenotte.upkeep.backups.engines.forms import UnreadableDatabase
from quenotte.upkeep.backups.models import Copy, Destination, Proof, State
from quenotte.upkeep.backups.operations import (
    chains,
    holders,
    holding,
    outcomes,
    pasts,
    tending,
    yearly,
)
from quenotte.upkeep.backups.operations.destinations import known, repository_of, trust_longer
from quenotte.upkeep.backups.operations.ending import close_interrupted, ended, kept_when_failed
from quenotte.upkeep.backups.operations.outcomes import Around
from quenotte.upkeep.backups.operations.telling import told
from quenotte.upkeep.backups.progress import What, listening
from quenotte.upkeep.backups.proving import Proven
from quenotte.upkeep.backups.saving import Saved
from quenotte.upkeep.backups.turns import turn
from quenotte.upkeep.guard import operations as guard

#: Rotten packs that one copy makes good by itself; more are for somebody to look at.
_PACKS_MET: Final = 8
#: What SQLite says of a file that is no database, or whose pages do not fit.
_RUINED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def run(
    place: str,
    *,
    kind: str = Copy.Kind.BY_HAND,
    actor: Actor = SYSTEM,
    progress: Listener | None = None,
    patience_s: float = 0.0,
) -> Copy:
    """Copy the practice as it is now to a place that was prepared; return the row of the copy.

    ``patience_s``: how long it waits for its turn.

    Raises: Busy, NotPrepared, ForeignKey, OtherRepository, NoDatabase, NoRoomForCopy,
        UnreadableDatabase, UnreadableSource, Damaged, Full, Refused, Unreachable. The refusal is
        kept with the copy too.
    """
    with turn(patience_s=patience_s):
        close_interrupted()
        destination = known(place)
        copy = Copy.objects.create(
            destination=destination, kind=kind, started_at=timezone.now(), summary=_noted()
        )
        with kept_when_failed(copy, actor):
            repository = repository_of(destination)
            with suppress(OSError):
                guard.plant_canaries()
            # Before the database is read: the copy holds all that these steps tell.
            copy.summary[retiring.STEPS] = retiring.steps_at(destination)
            copy.summary |= _disk_of(destination)
            with _alarmed_when_ruined(destination):
                saved, used = _saved(repository, destination, kind, progress)
            lost = tending.note_packs(destination, saved.snapshot.lost)
            if used.id != destination.repository_id:
                # What the year before lost, no copy stores there again.
                rotten.note_gone(destination.id, rotten.known(destination.id))
            if rotten.known(destination.id):
                rotten.settle(destination.id, used.refresh().entries())
            heads = tending.heads_met(destination, used)
            holders.look(destination, used)
            chains.look_again(destination, used)
        trust_longer(destination)
        with transaction.atomic():
            done = _end_copy(copy, saved, heads, len(lost), actor)
            if used.id != destination.repository_id and saved.is_good:
                yearly.move_on(destination, used, actor)
        return done


def _saved(
    repository: Repository, destination: Destination, kind: str, progress: Listener | None
) -> tuple[Saved, Repository]:
    """Save; where it meets a pack that has rotted, what that held is stored again at once.

    Raises: what ``yearly.save`` does.
    """
    for _time in range(_PACKS_MET):
        try:
            return yearly.save(repository, destination, kind, progress)
        except (Damaged, Missing) as met:
            known_ones = rotten.known(destination.id)
            if met.kind != DATA or met.name in known_ones:
                raise
            rotten.note(destination.id, [*known_ones, met.name])
    return yearly.save(repository, destination, kind, progress)


def prove(
    place: str,
    *,
    actor: Actor = SYSTEM,
    progress: Listener | None = None,
    reads_packs: bool = False,
    patience_s: float = 0.0,
) -> Proof:
    """Restore the newest copy of a place beside the practice, open it, compare; return the row.

    A copy that differs from its promise ends the proof as failed, without an error here; so does
    a place that no longer holds the last good copy made to it, or a file of it that rotted.
    ``reads_packs``: those whose turn it is are read whole too, as each night, and the steps of the
    journal since its last base. ``patience_s``: how
    long it waits for its turn.

    Raises: Busy, NotPrepared, ForeignKey, OtherRepository, NothingToProve, NotOurs, Unopened,
        Damaged, Missing, CannotRestore, Refused, Unreachable. The refusal is kept too.
    """
    with turn(patience_s=patience_s):
        close_interrupted()
        destination = known(place)
        proof = Proof.objects.create(
            destination=destination, asked_at=timezone.now(), compared=_noted()
        )
        with kept_when_failed(proof, actor):
            repository = repository_of(destination)
            around = _around(destination, repository, reads_packs=reads_packs)
            with _noted_when_met(destination):
                proven = proving.prove(repository, progress)
            around.heads = tending.note_too(destination, around.heads, repository)
            holders.look(destination, repository)
            around.lost += tending.packs_absent(destination, repository)
            past, put_again = pasts.tend(destination)
            around.past, around.heads = around.past + past, around.heads + put_again
            around.journal = chains.look(destination, repository, is_read=reads_packs)
        done = _end_proof(proof, proven, around, actor)
        _shorten_journal(done, repository)
        return done


@contextmanager
def _noted_when_met(destination: Destination) -> Iterator[None]:
    """Let the next copy store again what a pack held that does not come, or comes damaged."""
    try:
        yield
    except (Damaged, Missing) as met:
        if met.kind == DATA:
            rotten.note(destination.id, [*rotten.known(destination.id), met.name])
        raise


def _around(destination: Destination, repository: Repository, *, reads_packs: bool) -> Around:
    """Look at what lies around the copy that is proved; what rotted is put again if it can be."""
    heads = tending.all_heads(destination, repository)
    gone = holding.missing(destination, repository, heads.left)
    reread = _reread(destination) if reads_packs else None
    lost = rotten.new_ones(destination.id, reread.rotten) if reread else ()
    return Around(gone, heads, reread, lost, past=reread.past if reread else ())


def _reread(destination: Destination) -> Reread:
    """Read the packs whose turn it is; those of years that are over are no business of copies."""
    found = tending.packs_of_the_night(destination)
    past = pasts.of_them(destination, found.rotten)
    now = tuple(pack for pack in found.rotten if pack not in past)
    tending.note_packs(destination, now)
    return replace(found, rotten=now, past=rotten.note_gone(destination.id, past))


def _shorten_journal(proof: Proof, repository: Repository) -> None:
    """Let old steps of the journal go, once a copy that makes them needless was proved."""
    if proof.restorable_until is None:
        return
    copies = Copy.objects.filter(destination=proof.destination, snapshot_id=proof.snapshot_id)
    proved = copies.first()
    covered = proved.summary.get(retiring.STEPS, {}) if proved else {}
    gone = retiring.retire(proof.destination, repository, covered=covered)
    if gone:
        with transaction.atomic():
            detail = {"how": "journal", "count": gone}
            told(Action.CHANGE, SYSTEM, proof.destination, detail)


def verify(place: str, *, read_data: bool = True) -> list[Finding]:
    """Read a repository and name what is damaged, without restoring.

    A damaged pack is put again from another place that holds the same bytes, and its finding says
    so; else what it held is stored again by the next copy. So is a step of the journal that a
    return from there would miss; else a new base of the journal is asked for. Of years that are
    over, heads are read and packs compared with their indexes: the nights read those in turn.
    Without ``read_data`` the packs that were found rotten before are read all the same.

    Raises: NotPrepared, ForeignKey, Refused, Unreachable.
    """
    destination = known(place)
    repository = repository_of(destination)
    findings = check(repository, read_data=read_data)
    if not read_data:
        findings += tending.still_rotten(destination, repository, findings)
    errors = [one for one in findings if one.is_error]
    damaged = {one.name for one in errors if one.kind == DATA}
    packs = tending.packs_left(destination, damaged, repository)
    rotten.note(destination.id, packs)
    past = pasts.verify(destination)
    rotten.forget(destination.id, but=[*packs, *past.left])
    heads = [file_of(one.kind, one.name) for one in errors if one.kind in HEADS]
    rotten.note_heads(destination.id, [*heads, *past.heads])
    mended = damaged - {*packs}
    journal = chains.look(destination, repository, is_read=read_data, is_whole=True)
    told = [one.put_again() if one.kind == DATA and one.name in mended else one for one in findings]
    return [*told, *past.findings, *journal.findings()]


@contextmanager
def shown_proof(destination_id: str) -> Iterator[Listener]:
    """Show on the page how far the proof inside has come."""
    with listening(What.PROOF, destination_id) as listener:
        yield listener


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


def _noted() -> dict[str, int]:
    """Return when a work began, as no clock tells it: by the last line of the journal."""
    return {queries.AFTER: audit.last_number()}


def _disk_of(destination: Destination) -> dict[str, Any]:
    """Return which disk a folder lies on, to be kept with its copy."""
    seen = disks.look(destination, queries.destinations())
    return {disks.NOTED: seen.noted()} if seen else {}


def _end_copy(copy: Copy, saved: Saved, heads: Heads, lost: int, actor: Actor) -> Copy:
    snapshot = saved.snapshot
    copy.snapshot_id, copy.data_at = snapshot.id, saved.data_at
    copy.bytes_read, copy.bytes_added = snapshot.bytes_read, snapshot.bytes_added
    copy.files = snapshot.files
    copy.summary |= manifests.summary_of(saved.manifest) | {
        "left_out": len(snapshot.left_out),
        "changed": len(snapshot.changed),
    }
    is_whole = not snapshot.left_out
    words = outcomes.saved(copy) if is_whole else outcomes.partial(len(snapshot.left_out))
    words += "" if saved.manifest.has_files else outcomes.away()
    words += outcomes.of_heads(heads) + outcomes.of_lost(lost)
    with transaction.atomic():
        look = guard.note(
            saved.weighed,
            destination_id=copy.destination_id,
            snapshot_id=snapshot.id,
            added_bytes=snapshot.bytes_added,
            is_night=copy.kind == Copy.Kind.NIGHTLY,
        )
        copy.summary |= {"guard": _guarded(saved.weighed, is_good=look.is_good)}
        ended(copy, State.DONE if is_whole else State.FAILED, words)
        detail = {"count": copy.files, "bytes": copy.bytes_added}
        told(Action.SEND, actor, copy.destination, detail, "ok" if is_whole else "failed")
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


def _end_proof(proof: Proof, proven: Proven, around: Around, actor: Actor) -> Proof:
    compared = proven.compared
    around.is_ahead = rules.is_ahead(proven.data_at, timezone.now())
    is_good = not compared.differences and around.is_sound
    proof.snapshot_id = proven.snapshot.id
    proof.compared |= asdict(compared)
    proof.restorable_until = proven.data_at if is_good else None
    with transaction.atomic():
        words = outcomes.of_proof(proven, around)
        words += "" if compared.has_files else outcomes.away()
        words += outcomes.ahead(proven.ahead) if proven.ahead else ""
        words += outcomes.strangers(proven.strangers) if proven.strangers else ""
        ended(proof, State.DONE if is_good else State.FAILED, words)
        detail = {"count": compared.tables}
        told(Action.READ, actor, proof.destination, detail, "ok" if is_good else "failed")
    return proof
