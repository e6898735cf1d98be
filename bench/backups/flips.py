"""One flipped bit at a time: found, and the file is named.

`_PLACES` are the kinds of carrier; each yields, for each flip, whether it was found.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from bench.backups import media
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import check
from quenotte.devices.repository.writing import Source, save

_AT = datetime(2026, 3, 17, 20, 30, tzinfo=UTC)
_FLIPS = 300


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


_PLACES: tuple[Callable[[Path], Iterator[bool]], ...] = (
    in_a_repository,
    media.in_tape_blocks,
    media.in_discs,
    media.in_files_of_a_disk,
)
