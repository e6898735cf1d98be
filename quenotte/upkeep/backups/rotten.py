"""Files of a place that rotted: what the next copy stores again, and what restic stumbles over."""

import contextlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings

from quenotte.devices.repository.packs import Entry


def note(destination_id: UUID, packs: Sequence[str]) -> None:
    """Remember packs that a check found damaged: the next copy stores again what they held.

    None: they were made good. Lost with the cache, they are found again.
    """
    _note(_path("rotten", destination_id), packs)


def known(destination_id: UUID) -> list[str]:
    """Return the names of the packs that are not believed any more."""
    return _noted(_path("rotten", destination_id))


def settle(destination_id: UUID, entries: Iterable[tuple[str, Entry]]) -> None:
    """Note that a copy was made since: what the practice still has of those packs is whole again.

    ``entries``: each place of each blob, with its pack, as the index tells now. The packs stay
    where they are and are not held against the place any more. Those of which something lies
    nowhere else are remembered: copies of before do not come back whole.
    """
    packs = set(known(destination_id))
    if not packs:
        return
    inside: dict[str, set[tuple[str, bytes]]] = {pack: set() for pack in packs}
    elsewhere = set()
    for pack, entry in entries:
        if pack in packs:
            inside[pack].add((entry.kind, entry.id))
        else:
            elsewhere.add((entry.kind, entry.id))
    gone = [pack for pack in packs if not inside[pack] <= elsewhere]
    _note(_path("gone", destination_id), [*_noted(_path("gone", destination_id)), *gone])
    settled = _path("stored-again", destination_id)
    _note(settled, [*_noted(settled), *packs])
    note(destination_id, [])


def gone(destination_id: UUID) -> list[str]:
    """Return the rotten packs of which older copies lack something for good."""
    return _noted(_path("gone", destination_id))


def note_gone(destination_id: UUID, packs: Sequence[str]) -> tuple[str, ...]:
    """Remember packs of years that are over, which no copy stores again; return those that are new.

    Copies of those years do not come back whole.
    """
    known_ones = gone(destination_id)
    new = tuple(pack for pack in packs if pack not in known_ones)
    if packs:
        _note(_path("gone", destination_id), [*known_ones, *new])
        _note(_path("past", destination_id), [*past(destination_id), *packs])
    return new


def past(destination_id: UUID) -> list[str]:
    """Return those of the packs that are gone that lie in years that are over."""
    lost = gone(destination_id)
    return [pack for pack in _noted(_path("past", destination_id)) if pack in lost]


def found_again(destination_id: UUID, packs: Sequence[str]) -> None:
    """Remember some packs no more: they are sound, or were put there again."""
    if packs:
        forget(destination_id, but=[one for one in gone(destination_id) if one not in packs])


def forget(destination_id: UUID, *, but: Sequence[str]) -> None:
    """Remember no pack as lost that a whole look found sound or gone."""
    _note(_path("gone", destination_id), [one for one in gone(destination_id) if one in but])


def new_ones(destination_id: UUID, packs: Sequence[str]) -> tuple[str, ...]:
    """Return those of some rotten packs whose content no copy has stored again since."""
    settled = _noted(_path("stored-again", destination_id))
    return tuple(pack for pack in packs if pack not in settled)


def note_heads(destination_id: UUID, files: Sequence[str]) -> None:
    """Remember the keys, indexes and snapshots that rotted and could not be put again."""
    _note(_path("heads", destination_id), files)


def heads(destination_id: UUID) -> list[str]:
    """Return the files for which stock restic refuses the repository, as people see them."""
    return _noted(_path("heads", destination_id))


def note_closed(destination_id: UUID, keys: Sequence[str]) -> None:
    """Remember the key files of papers that a place has no more: those papers do not open it."""
    _note(_path("closed", destination_id), keys)


def closed(destination_id: UUID) -> list[str]:
    """Return the key files of papers that a place lacked at the last look."""
    return _noted(_path("closed", destination_id))


def _note(path: Path, files: Sequence[str]) -> None:
    with contextlib.suppress(OSError):
        if files:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.write_text(json.dumps(sorted(set(files))))
        else:
            path.unlink(missing_ok=True)


def _noted(path: Path) -> list[str]:
    try:
        found: list[str] = json.loads(path.read_text())
    except (OSError, ValueError):
        return []
    return found


def _path(what: str, destination_id: UUID) -> Path:
    return Path(settings.DATA_DIR) / "cache" / f"{what}-{destination_id}.json"
