"""Whether stored files still are what their names say: no key is needed, nothing is changed.

Keys, indexes and snapshots are the heads of a repository: stock restic reads all of them first, and
refuses the whole for one that rotted. We step over it, so somebody has to look on purpose; and look
at the place itself, for a local copy would hide it.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from quenotte.devices.repository import keyfiles, mirroring
from quenotte.devices.repository.caching import CachedStore
from quenotte.devices.repository.checking import Finding, What
from quenotte.devices.repository.errors import (
    Damaged,
    Full,
    Missing,
    Refused,
    Unreachable,
    file_of,
)
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.store import DATA, INDEX, KEYS, SNAPSHOTS, Store

HEADS: Final = (KEYS, INDEX, SNAPSHOTS)
_AT_ONCE: Final = 8


@dataclass(frozen=True)
class Heads:
    """Files that rotted, as people see them (``index/0a1b…``): put again, or still rotten."""

    mended: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def __add__(self, other: "Heads") -> "Heads":
        """Return both together, each file once."""
        left = tuple(dict.fromkeys(self.left + other.left))
        return Heads(tuple(dict.fromkeys(self.mended + other.mended)), left)


@dataclass(frozen=True)
class Reread:
    """Packs that were read whole: how many of how many, which rotted, where to go on from.

    ``past``: those that rotted in years that are over, which no copy stores again.
    """

    read: int
    total: int
    rotten: tuple[str, ...]
    last: str
    past: tuple[str, ...] = ()


def bare(store: Store) -> Store:
    """Return the place itself, without the local copy before it."""
    return store.behind if isinstance(store, CachedStore) else store


def is_sound(store: Store, file: tuple[str, str]) -> bool:
    """Tell whether a file, by kind and name, is what it was. Raises: Refused, Unreachable.

    A pack that does not come is lost: what a copy refers to lies in it. A head that is gone from
    the list as well is nothing that restic stumbles over; one that is listed and does not come is.
    """
    kind, name = file
    try:
        body = store.get(kind, name)
        if kind == KEYS:
            keyfiles.whole(name, body)
    except Damaged:
        return False
    except Missing:
        return kind != DATA and name not in dict(store.names(kind))
    return hashlib.sha256(body).hexdigest() == name


def rotten(store: Store, kinds: Iterable[str] = HEADS) -> list[tuple[str, str]]:
    """Return kind and name of the heads that are not what they were. Raises: Unreachable."""
    named = [(kind, name) for kind in kinds for name, _size in sorted(store.names(kind))]
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="heads") as crew:
        sound = crew.map(partial(is_sound, bare(store)), named)
        return [one for one, is_sound in zip(named, sound, strict=True) if not is_sound]


def mend(
    store: Store, files: Iterable[tuple[str, str]], others: Callable[[str], Iterable[Store]]
) -> Heads:
    """Put rotten heads again where other stores hold their bytes; return what became of each.

    ``others`` names the stores that may hold files of a kind. The bytes have to hash to the name,
    so nothing else is ever written in its place, and nothing is removed.
    """
    mended: list[str] = []
    left: list[str] = []
    for kind, name in files:
        _put_again(bare(store), kind, name, others(kind))
        (mended if is_sound(bare(store), (kind, name)) else left).append(file_of(kind, name))
    return Heads(tuple(mended), tuple(left))


def _put_again(store: Store, kind: str, name: str, others: Iterable[Store]) -> None:
    finding = Finding(kind, name, What.DAMAGED)
    for other in others:
        with suppress(Refused, Full, Unreachable):
            if mirroring.mend(store, [other], [finding]):
                return


def absent(repository: Repository) -> tuple[str, ...]:
    """Return the packs that the indexes name and that the place does not list, or lists cut short.

    Raises: Refused, Unreachable.
    """
    # The index first: a pack is stored before an index tells of it.
    named = repository.index.sizes()
    there = dict(bare(repository.store).names(DATA))
    return tuple(sorted(pack for pack, size in named.items() if there.get(pack, 0) < size))


def reread(
    stores: Sequence[Store], *, after: str, share: float, is_time_over: Callable[[], bool]
) -> Reread:
    """Read the next packs whole, in the order of their names, from ``after`` round.

    Names are hashes: their order is that of chance, and all come in turn. ``share``: of all packs,
    0 to 1; one at least is read. A place may list a pack and not give it: that one is rotten too.

    Raises: Refused, Unreachable.
    """
    where = {name: store for store in map(bare, stores) for name, _size in store.names(DATA)}
    found, last, read = [], after, 0
    for name in _in_turn(sorted(where), after)[: math.ceil(len(where) * min(1.0, share))]:
        if read and is_time_over():
            break
        if not is_sound(where[name], (DATA, name)):
            found.append(name)
        read, last = read + 1, name
    return Reread(read, len(where), tuple(found), last)


def _in_turn(names: list[str], after: str) -> list[str]:
    later = [name for name in names if name > after]
    return later + [name for name in names if name <= after]
