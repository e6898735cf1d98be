"""A repository on media, looked at without its key: each file is what its name says, or is not."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quenotte.devices.media.carriers import Finding
from quenotte.devices.media.sorts import Sort
from quenotte.devices.repository.errors import Missing, RepositoryError
from quenotte.devices.repository.progress import Listener, Teller
from quenotte.devices.repository.store import CONFIG, DATA, INDEX, KEYS, SNAPSHOTS, Store

#: What a snapshot needs is written before it.
_ORDER: Final = (KEYS, DATA, INDEX, SNAPSHOTS)
#: Where a repository lies on a disk, beside the marker.
FOLDER: Final = "depot"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a repository held at a moment: names by kind, and its config."""

    names: Mapping[str, frozenset[str]]
    config: bytes


def listed(store: Store) -> Listing:
    """Return what a repository holds now; copies go on into it meanwhile.

    Snapshots are listed first, so that what each needs is listed too. Raises: RepositoryError.
    """
    names = {
        kind: frozenset(name for name, _size in store.names(kind)) for kind in reversed(_ORDER)
    }
    return Listing(names, store.get(CONFIG, ""))


def look(
    store: Store, wanted: Listing | None = None, progress: Listener | None = None
) -> Sequence[Finding]:
    """Read each file; return those that are not what their name says.

    With ``wanted``, what was listed there and is not here is named as well.

    Raises: RepositoryError.
    """
    findings = [*_looked(store, progress)]
    if wanted is not None:
        findings += _lacking(store, wanted)
    return findings


def files_of(folder: Path) -> list[tuple[str, Path]]:
    """Return the files of a repository in a folder, under the names that media keep them by.

    In the order in which they are safe: the config first, snapshots last.
    """
    # Listed the other way round: a copy that comes meanwhile would lack what it needs.
    below = {
        kind: sorted(path for path in (folder / kind).rglob("*") if path.is_file())
        for kind in reversed(_ORDER)
    }
    found = [(path.relative_to(folder).as_posix(), path) for kind in _ORDER for path in below[kind]]
    return [(CONFIG, folder / CONFIG), *found]


def gather(names: Sequence[str], get: Callable[[str, Path], None], folder: Path) -> int:
    """Bring files of media back into a folder, which is then a repository.

    What is there already stays. Return how many came.
    """
    lacking = [name for name in names if not (folder / name).exists()]
    for name in lacking:
        target = folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        get(name, target)
    return len(lacking)


def _looked(store: Store, progress: Listener | None) -> Iterator[Finding]:
    files = [(kind, name, size) for kind in _ORDER for name, size in sorted(store.names(kind))]
    teller = Teller(progress, sum(size for _kind, _name, size in files))
    for kind, name, size in files:
        if (sort := _sort_of(store, kind, name)) is not None:
            yield Finding(sort, f"{kind}/{name}")
        teller.add(size, f"{kind}/{name[:8]}")
    if store.size(CONFIG, "") is None:
        yield Finding(Sort.ABSENT, CONFIG)
    teller.finish()


def _sort_of(store: Store, kind: str, name: str) -> Sort | None:
    try:
        body = store.get(kind, name)
    except Missing:
        return Sort.ABSENT
    except RepositoryError:
        return Sort.UNREADABLE
    return None if hashlib.sha256(body).hexdigest() == name else Sort.CHANGED


def _lacking(store: Store, wanted: Listing) -> Iterator[Finding]:
    for kind in _ORDER:
        there = {name for name, _size in store.names(kind)}
        for name in sorted(wanted.names[kind] - there):
            yield Finding(Sort.ABSENT, f"{kind}/{name}")
    if store.size(CONFIG, "") is not None and store.get(CONFIG, "") != wanted.config:
        yield Finding(Sort.CHANGED, CONFIG)
