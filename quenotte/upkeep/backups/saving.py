"""One copy of the practice: database, files, keys, settings, and what it promises."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quenotte import __version__
from quenotte.base import erasures
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.progress import Listener
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sources import Source
from quenotte.devices.repository.writing import SavedSnapshot, save
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import manifests, marking, places, recalling, rotten
from quenotte.upkeep.backups.engines import engine
from quenotte.upkeep.backups.engines.forms import DatabaseCopy
from quenotte.upkeep.backups.manifests import Manifest
from quenotte.upkeep.backups.workshop import workshop
from quenotte.upkeep.guard import operations as guard

#: Parts of the data folder that come back as they are. The tree is that of a data folder: what
#: stock restic restores is one that the program opens.
BLOBS: Final = "blobs"
KEYS: Final = "keys"
ANCHORS: Final = "anchors"
CONFIGURATION: Final = "configuration.json"
TAG: Final = "quenotte"


class ClosedFile(Refusal):
    """A file without which no practice comes back is another account's."""

    def __init__(self, name: str) -> None:
        super().__init__(
            gettext("Quenotte ne peut pas lire {name}, dans son dossier de données.").format(
                name=name
            )
        )

    next_step = _(
        "Les copies précédentes restent bonnes, mais aucune autre ne se fera : votre technicien "
        "rend ce fichier au compte de Quenotte (« quenotte doctor » dit comment)."
    )


@dataclass(frozen=True)
class Saved:
    """What a run wrote, and what it promises. ``data_at`` is aware."""

    snapshot: SavedSnapshot
    manifest: Manifest
    weighed: guard.Weighed

    @property
    def data_at(self) -> datetime:
        """Return the moment that the practice can be brought back to."""
        return self.manifest.data_at

    @property
    def is_good(self) -> bool:
        """Tell whether the guard lets it be taken by itself."""
        return guard.QUARANTINE not in guard.tags_of(self.weighed)


def save_practice(
    repository: Repository,
    *,
    kind: str,
    destination_id: UUID,
    progress: Listener | None = None,
) -> Saved:
    """Write the practice as it is now to an open repository.

    The journal's marks are read before the database and the files after it: a copy never speaks
    of a line or of a file that it does not hold. A tag says where it stands among the steps of the
    database's own journal. The guard weighs what was stored before the
    snapshot is written: one that it doubts waits in quarantine.

    Raises: ClosedFile, NoDatabase, NoRoomForCopy, UnreadableDatabase, NoProgram, UnreadableSource,
        Full, Refused, Unreachable.
    """
    folder = Path(settings.DATA_DIR)
    mark = marking.begun(repository)
    small = [*_small(folder / ANCHORS, ANCHORS), *_small(folder / KEYS, KEYS), *_erasures(folder)]
    with engine().copied(workshop()) as database:
        manifest = _manifest(database, destination_id)
        sources = [
            Source(database.name, database.path, Chunking.PAGES),
            Source(manifests.NAME, manifests.sealed(manifest, settings.AUDIT_KEY)),
            Source(CONFIGURATION, _configuration()),
            *small,
            *_blobs(folder / BLOBS),
        ]
        guarded = _Guarded(repository, destination_id, database)
        saved = save(
            repository,
            sources,
            time=database.data_at,
            host=places.host(),
            tags=(TAG, kind, *marking.tags(mark)),
            progress=progress,
            cache=folder / "cache" / "repository",
            tagged=guarded.tags,
            distrusted=rotten.known(destination_id),
        )
    assert guarded.found is not None
    return Saved(saved, manifest, guarded.found)


class _Guarded:
    """Lets the guard look at a copy in the making."""

    def __init__(
        self, repository: Repository, destination_id: UUID, database: DatabaseCopy
    ) -> None:
        self._repository, self._destination_id = repository, destination_id
        self._database = database
        self.found: guard.Weighed | None = None

    def tags(self, tree: bytes, added_bytes: int) -> tuple[str, ...]:
        contents = self._database.contents
        # All is added to the repository of a new year; what is new to the practice, the trees tell.
        added_bytes = 0 if self._repository.earlier else added_bytes
        copied = guard.Copied(
            destination_id=self._destination_id,
            at=self._database.data_at,
            tree=tree,
            added_bytes=added_bytes,
            database=self._database.name,
            database_path=self._database.path,
            tables=contents.tables,
            schema=contents.schema,
            migrations=recalling.migrations_of(contents),
            journal=contents.journal,
            size_bytes=self._database.size_bytes + contents.blobs[1],
            recalled=partial(recalling.recalled, self._repository, TAG),
        )
        self.found = guard.weighed(self._repository, copied)
        return guard.tags_of(self.found)


def _manifest(database: DatabaseCopy, destination_id: UUID) -> Manifest:
    return Manifest(
        version=__version__,
        data_at=database.data_at,
        contents=database.contents,
        database_bytes=database.size_bytes,
        declared=guard.notes_for(destination_id, database.data_at),
        has_files=_are_files_here(),
    )


def _small(folder: Path, name: str) -> list[Source]:
    """Return the files of a folder, read now; drafts of somebody else are left out."""
    return [
        Source(f"{name}/{path.name}", _read(path, name))
        for path in sorted(folder.glob("*"))
        if path.is_file() and path.suffix != ".part"
    ]


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise ClosedFile(f"{name}/{path.name}") from error


def _erasures(folder: Path) -> list[Source]:
    """Return what was erased, for whoever comes back from an older copy."""
    path = folder / erasures.NAME
    return [Source(erasures.NAME, path.read_bytes())] if path.is_file() else []


def _blobs(folder: Path) -> list[Source]:
    return [Source(BLOBS, folder)] if folder.is_dir() and _are_files_here() else []


def _are_files_here() -> bool:
    return str(settings.STORAGES["blobs"]["BACKEND"]).endswith("FileSystemStorage")


def _configuration() -> bytes:
    """Return how this server was set: what somebody has to set again elsewhere."""
    told: dict[str, Any] = {
        "version": __version__,
        "engine": settings.DATABASES["default"]["ENGINE"],
        "settings": {
            name: value
            for name, value in sorted(os.environ.items())
            if name.startswith("QUENOTTE_") and name != "QUENOTTE_DATA"
        },
    }
    return json.dumps(told, indent=2, ensure_ascii=False).encode()
