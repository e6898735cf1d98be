"""One flipped bit at a time: found, and the file is named.

`_PLACES` are the kinds of carrier; each yields, for each flip, whether it was found.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from bench.backups import journal, media
from quenotte.devices.journal import deltas
from quenotte.devices.journal.carriers import Folder
from quenotte.devices.journal.shipping import Shipper
from quenotte.devices.journal.spool import Courier
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import check
from quenotte.devices.repository.writing import Source, save

_AT = datetime(2026, 3, 17, 20, 30, tzinfo=UTC)
_FLIPS = 300
_FLIPS_OF_DELTAS = 100


def measure(folder: Path) -> dict[str, Any]:
    """Return the share of flips that were found, and their number."""
    found = [one for place in _PLACES for one in place(folder)]
    return {"flip_detected": round(sum(found) / len(found), 4), "flips": len(found)}


def in_a_repository(folder: Path) -> Iterator[bool]:
    """Flip bits in every file of a repository: packs, index, snapshots, keys, config."""
    chance = Random(5)
    place = folder / "flipped"
    repository = Repository.create(FolderStore(place), "retourner", host="b", user="b")
    pictures = [Source(f"{n}.dcm", chance.randbytes(50_000)) for n in range(4)]
    pages = Source("db", b"".join(chance.randbytes(8192) * 2 for _ in range(20)), Chunking.PAGES)
    for sources in (pictures, [pages]):
        save(repository, sources, time=_AT, host="b")
    files = sorted(path for path in place.rglob("*") if path.is_file())
    for number in range(_FLIPS):
        path = files[number % len(files)]
        content = path.read_bytes()
        changed = bytearray(content)
        changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        named = {one.name or "config" for one in check(repository, read_data=True) if one.is_error}
        path.write_bytes(content)
        yield path.name in named


def in_deltas(folder: Path) -> Iterator[bool]:
    """Flip bits in the objects of the journal: a base, and what changed after it."""
    chance = Random(7)
    path, kept = folder / "followed.sqlite3", folder / "deltas"
    kept.mkdir()
    journal.fill(path, 2_000)
    shipper = Shipper(path, folder / "state", journal.SEAL)
    courier = Courier(Folder(kept), shipper.end.spool, journal.SEAL)
    for _ in range(5):
        with closing(journal.connect(path)) as database:
            journal.commit(database, chance)
        shipper.turn([courier])
        courier.deliver()
    shipper.close()
    objects = sorted(kept.iterdir())
    for number in range(_FLIPS_OF_DELTAS):
        one = objects[number % len(objects)]
        changed = bytearray(one.read_bytes())
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        try:
            deltas.opened(one.name, bytes(changed), journal.SEAL)
        except deltas.Damaged:
            yield True
        else:
            yield False


_PLACES: tuple[Callable[[Path], Iterator[bool]], ...] = (
    in_a_repository,
    in_deltas,
    media.in_tape_blocks,
    media.in_discs,
    media.in_files_of_a_disk,
)
