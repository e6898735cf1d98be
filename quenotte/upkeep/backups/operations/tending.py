"""Looking after the files of a place: what rotted is found, and put again where we hold its bytes.

Stock restic refuses a whole repository for one rotten key, index or snapshot, which Quenotte steps
over: without this look nobody would know before the day of the return.
"""

import json
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from quenotte.devices.repository import caching, epochs, soundness
from quenotte.devices.repository.checking import Finding, What
from quenotte.devices.repository.errors import Missing, RepositoryError, file_of
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.opening import is_server
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.soundness import HEADS, Heads, Reread, bare
from quenotte.devices.repository.store import DATA, KEYS, Store
from quenotte.upkeep.backups import places, queries, rotten
from quenotte.upkeep.backups.models import Destination

#: In so many nights all packs of a place are read.
NIGHTS: Final = 30
#: A night that reads longer goes on with the next one. Seconds.
_LONGEST_S: Final = 1200.0


def heads_met(destination: Destination, repository: Repository) -> Heads:
    """Look at the heads of the repository that was written to: put again what rotted, or note it.

    Those of a server are looked at as far as the copy read them, and its keys; the proof looks at
    all.
    What was noted before is looked for wherever it lies. A place that goes away meanwhile keeps the
    copy that it has just taken: it is looked at another time.
    """
    try:
        return _heads_met(destination, repository)
    except RepositoryError:
        return Heads()


def _heads_met(destination: Destination, repository: Repository) -> Heads:
    strange = Heads(left=strangers(repository))
    if rotten.heads(destination.id):
        return _noted(destination, all_heads(destination, repository) + strange)
    kinds = (KEYS,) if is_server(destination.place) else HEADS
    met = [file for file in _met(repository) if file_of(*file) not in strange.left]
    found = _tended(repository.store, [*soundness.rotten(repository.store, kinds), *met])
    _keep_keys(repository)
    return _noted(destination, found + strange + Heads(repository.mended))


def all_heads(destination: Destination, repository: Repository) -> Heads:
    """Look at the heads of all years of a place, as they lie there; the same is done about them.

    Raises: Refused, Unreachable.
    """
    found = Heads(repository.mended)
    for store in stores_of(destination):
        found += _tended(store, soundness.rotten(store))
    _keep_keys(repository)
    return _noted(destination, found)


def strangers(repository: Repository) -> tuple[str, ...]:
    """Return the heads met so far that are as they came, and yet say nothing: somebody's junk."""
    store = bare(repository.store)
    return tuple(file_of(*one) for one in _met(repository) if soundness.is_sound(store, one))


def note_too(destination: Destination, found: Heads, repository: Repository) -> Heads:
    """Return what was found with the junk that was met since. Raises: Refused, Unreachable."""
    return _noted(destination, found + Heads(left=strangers(repository)))


def keys_put_again(destination: Destination) -> tuple[str, ...]:
    """Put again the rotten keys of a repository that no longer opens; return which ones.

    Raises: Refused, Unreachable.
    """
    store = places.store_at(places.at(destination.place, destination.epoch))
    found = _tended(store, soundness.rotten(store, (KEYS,)))
    return _noted(destination, found).mended


def kept_keys(destination: Destination) -> Store:
    """Return what holds the local copies of the key files in use at a destination."""
    return FolderStore(_cache() / destination.repository_id)


def stores_of(destination: Destination) -> list[Store]:
    """Return the stores of all years of a place. Raises: Refused, Unreachable."""
    on = epochs.horizon(timezone.localdate())
    found = epochs.existing(destination.place, on=on, open_at=places.store_at)
    return [places.store_at(place) for place in found]


def packs_of_the_night(destination: Destination) -> Reread:
    """Read the packs whose turn it is, whole: one thirtieth for each day since the last turn.

    Raises: Refused, Unreachable.
    """
    path, today = _turn_of(destination), timezone.localdate()
    after, on = _turn(path)
    days = (today - on).days if on else 1
    ends = time.monotonic() + _LONGEST_S
    found = soundness.reread(
        stores_of(destination),
        after=after,
        share=max(1, days) / NIGHTS,
        is_time_over=lambda: time.monotonic() > ends,
    )
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text(json.dumps({"after": found.last, "on": today.isoformat()}))
    return replace(found, rotten=packs_left(destination, found.rotten))


def packs_absent(destination: Destination, repository: Repository) -> tuple[str, ...]:
    """Return the packs that a place should hold and does not, and that no copy made up for since.

    They are put again where another place holds their bytes, else the next copy stores again what
    they held.

    Raises: Refused, Unreachable.
    """
    return note_packs(
        destination, packs_left(destination, soundness.absent(repository), repository)
    )


def note_packs(destination: Destination, packs: Collection[str]) -> tuple[str, ...]:
    """Let the next copy store again what some packs held; return those that are news."""
    lost = rotten.new_ones(destination.id, sorted(packs))
    if lost:
        rotten.note(destination.id, [*rotten.known(destination.id), *lost])
    return lost


def noted_in(repository: Repository, packs: Collection[str]) -> set[str]:
    """Return those of some packs that a repository lists, or that its indexes name.

    Raises: Refused, Unreachable.
    """
    if not packs:
        return set()
    listed = (name for name, _size in bare(repository.store).names(DATA))
    return set(packs).intersection({*repository.index.packs, *listed})


def still_rotten(
    destination: Destination, repository: Repository, told: Collection[Finding]
) -> list[Finding]:
    """Return the packs of a repository that were noted before, and are rotten or lost still.

    ``told``: what a look that read no pack found; what it names is not named again.

    Raises: Refused, Unreachable.
    """
    noted = noted_in(repository, [*rotten.known(destination.id), *rotten.gone(destination.id)])
    new = noted.difference(one.name for one in told if one.is_error)
    store = bare(repository.store)
    left = [pack for pack in sorted(new) if not soundness.is_sound(store, (DATA, pack))]
    return [Finding(DATA, pack, What.DAMAGED) for pack in left]


def packs_left(
    destination: Destination, packs: Collection[str], repository: Repository | None = None
) -> tuple[str, ...]:
    """Put rotten packs again where another place holds their bytes; return those still rotten.

    ``repository``: the one in use, whose index names packs that no list does any more.

    Raises: Refused, Unreachable.
    """
    left = set(packs)
    for store in stores_of(destination) if packs else ():
        _put_packs_again(store, left, {name for name, _size in store.names(DATA)})
    if repository is not None:
        _put_packs_again(repository.store, left, repository.index.packs.keys())
    return tuple(sorted(left))


def _put_packs_again(store: Store, left: set[str], its_own: Collection[str]) -> None:
    for name in sorted(left.intersection(its_own)):
        found = soundness.mend(store, [(DATA, name)], others)
        left.difference_update({name} if found.mended else ())


def _turn_of(destination: Destination) -> Path:
    return Path(settings.DATA_DIR) / "cache" / f"reread-{destination.id}.json"


def _turn(path: Path) -> tuple[str, date | None]:
    try:
        told = json.loads(path.read_text())
        return str(told["after"]), date.fromisoformat(told["on"])
    except (OSError, ValueError, TypeError, KeyError):
        return "", None


def _tended(store: Store, found: list[tuple[str, str]]) -> Heads:
    files = list(dict.fromkeys(found))
    return soundness.mend(store, files, others) if files else Heads()


def others(kind: str) -> Iterator[Store]:
    """Yield where the same bytes may lie: local copies of heads, and all folders.

    Names are hashes: years share keys, and a folder that was copied whole shares everything.
    """
    if kind != DATA:
        yield from (FolderStore(path) for path in sorted(_cache().glob("*")))
    for one in queries.destinations():
        if not is_server(one.place):
            with suppress(RepositoryError):
                yield from stores_of(one)


def _keep_keys(repository: Repository) -> None:
    """Keep a local copy of the key files: nothing else of ours holds their bytes."""
    store, folder = bare(repository.store), _cache() / repository.id
    for name, _size in store.names(KEYS):
        if not (folder / KEYS / name).is_file():
            with suppress(Missing):
                caching.keep(folder, KEYS, name, store.get(KEYS, name))


def _noted(destination: Destination, found: Heads) -> Heads:
    rotten.note_heads(destination.id, found.left)
    return found


def _met(repository: Repository) -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in repository.damages if one.kind in HEADS]


def _cache() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "repository"
