"""Saving: a new snapshot of some sources.

Order: packs, then the index, then the snapshot, each durable before the next. A crash leaves packs
without an index, which the next run adopts; nothing is ever deleted and no lock is taken.
"""

import getpass
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from quenotte.devices.repository import snapshots, unpacked
from quenotte.devices.repository.blobs import BlobWriter
from quenotte.devices.repository.errors import Damaged
from quenotte.devices.repository.indexes import Index
from quenotte.devices.repository.parents import Before
from quenotte.devices.repository.progress import Listener, Teller
from quenotte.devices.repository.reading import Reader
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.devices.repository.sources import Layout, Source, laid_out
from quenotte.devices.repository.store import DATA, SNAPSHOTS
from quenotte.devices.repository.walking import Walker, total_bytes

__all__ = ["SavedSnapshot", "Source", "save"]

_THREADS: Final = 2


@dataclass(frozen=True)
class SavedSnapshot:
    """What a run did. Sizes in bytes; paths as the system names them.

    ``left_out`` could not be read or is no file; ``changed`` moved each time it was read. ``lost``
    are packs that an index names and that the place has no more, or has cut short.
    """

    id: str
    bytes_read: int
    bytes_added: int
    blobs_new: int
    files: int
    left_out: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def save(
    repository: Repository,
    sources: Sequence[Source],
    *,
    time: datetime,
    host: str,
    tags: Sequence[str] = (),
    parent: Snapshot | None = None,
    progress: Listener | None = None,
    cache: Path | None = None,
    distrusted: Collection[str] = (),
    tagged: Callable[[bytes, int], Sequence[str]] | None = None,
) -> SavedSnapshot:
    """Save sources as a new snapshot. ``time`` is aware.

    Files that the snapshot before (``parent``, else the newest of this host) knows with the same
    dates, size and inode are not read again; databases (``PAGES``) always are. ``cache`` is a
    folder for local copies of what each run reads: for places on a network. ``distrusted`` are
    packs that a check found damaged: what they hold is read and stored again. ``tagged`` is asked
    for further tags once all is stored, with the tree and the bytes that were added.

    Raises: UnreadableSource, Full, Refused, Unreachable, ValueError for impossible names.
    """
    layout = laid_out(sources)
    if cache is not None:
        repository.use_cache(cache)
    parent = parent or _newest(repository, host)
    blobs, lost = _blob_writer(repository, distrusted)
    told = Teller(progress, total_bytes(layout) if progress else 0)
    with _reader(blobs, told) as reader:
        walker = Walker(blobs, reader, now_ns=round(time.timestamp()) * 1_000_000_000)
        tree = walker.walk(layout, _before(repository, parent))
    blobs.finish()
    further = tagged(tree, blobs.stored_bytes) if tagged else ()
    document = snapshots.document(
        time=time,
        tree=tree,
        paths=_paths(layout),
        hostname=host,
        username=_user(),
        tags=(*tags, *further),
        parent=parent.id if parent else "",
    )
    name, size = unpacked.put(repository.store, repository.key, SNAPSHOTS, document)
    told.finish()
    found = walker.outcome
    return SavedSnapshot(
        id=name,
        bytes_read=found.read_bytes,
        bytes_added=blobs.stored_bytes + size,
        blobs_new=blobs.new_blobs,
        files=found.files,
        left_out=tuple(found.left_out),
        changed=tuple(found.changed),
        lost=tuple(sorted(lost)),
    )


@contextmanager
def _reader(blobs: BlobWriter, told: Teller) -> Iterator[Reader]:
    reader = Reader(blobs, threads=_THREADS, told=told.add)
    try:
        yield reader
    finally:
        reader.close()


def _newest(repository: Repository, host: str) -> Snapshot | None:
    try:
        ours = [one for one in repository.snapshots() if one.hostname == host]
    except Damaged:
        # That the last one is lost is a reason more for a new one.
        return None
    return ours[-1] if ours else None


def _before(repository: Repository, parent: Snapshot | None) -> Before:
    return Before.of(repository, parent.tree) if parent else Before.nothing()


def _blob_writer(
    repository: Repository, distrusted: Collection[str]
) -> tuple[BlobWriter, set[str]]:
    """Return a writer that knows what is really there, and the packs that are lost.

    What these held is unknown to it; what lies in packs without an index is known.
    """
    index: Index = repository.refresh()
    there = dict(repository.store.names(DATA))
    lost = {pack for pack, end in index.packs.items() if there.get(pack, 0) < end}
    # Whoever looks for a blob that only these had must not find them by their headers again.
    repository.distrusted = frozenset(lost.union(distrusted))
    index.forget(repository.distrusted)
    blobs = BlobWriter(repository.store, repository.key, index)
    if there.keys() - index.packs.keys():
        for pack, entries in repository.adopt().items():
            repository.store.settle(DATA, pack)
            blobs.note(pack, entries)
    return blobs, lost


def _paths(layout: Layout) -> list[str]:
    return sorted(f"/{name}" for name in {*layout.folders, *layout.sources})


def _user() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        # No name in the environment, and no list of accounts (Windows, containers).
        return ""
