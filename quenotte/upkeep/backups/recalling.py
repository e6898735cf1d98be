"""What a place itself tells of its last good copy, by a sealed manifest, when nothing else does.

The guard remembers copies in the database that it judges: whoever spoils its rows may empty that
memory. What was promised with each copy lies out of their reach.
"""

import json
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from quenotte.devices.repository.browsing import open_file
from quenotte.devices.repository.errors import Damaged, NoSuchPath, RepositoryError
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.upkeep.backups import manifests
from quenotte.upkeep.backups.engines.contents import Contents
from quenotte.upkeep.backups.manifests import Manifest
from quenotte.upkeep.guard import operations as guard

#: Copies whose manifests are tried, where the newest have rotted.
_TRIED: Final = 12
#: What claims to be later than that is of a clock that was ahead.
_LENIENCE: Final = timedelta(minutes=5)
#: A manifest is some kilobytes; nothing larger is one.
_MOST_BYTES: Final = 1 << 22
_LOOKS: Final = "upkeep_look"


def recalled(repository: Repository, tag: str) -> guard.Recalled | None:
    """Return what the newest copy that was not doubted promised; None when there is none.

    Copies are those with ``tag``. Raises: Unreachable.
    """
    now = timezone.now() + _LENIENCE
    try:
        there = _snapshots(repository)
    except Damaged:
        # What nobody can read any more must not keep the next copy from being made.
        return None
    good = [
        one
        for one in there
        if tag in one.tags and guard.QUARANTINE not in one.tags and one.time <= now
    ]
    for snapshot in list(reversed(good))[:_TRIED]:
        manifest = _promised(repository, snapshot)
        if manifest is not None:
            return _told(snapshot, manifest)
    return None


def _snapshots(repository: Repository) -> list[Snapshot]:
    """Return the copies of a place; of the year before while a new one has none."""
    there = repository.snapshots()
    return there if there or repository.earlier is None else repository.earlier.snapshots()


def migrations_of(contents: Contents) -> str:
    """Return the migrations of a database as the guard compares them."""
    return json.dumps(dict(contents.migrations), sort_keys=True)


def _told(snapshot: Snapshot, manifest: Manifest) -> guard.Recalled:
    contents = manifest.contents
    picture = guard.Picture(
        at=manifest.data_at,
        rows=contents.tables,
        schema=contents.schema,
        migrations=migrations_of(contents),
        size_bytes=manifest.database_bytes + contents.blobs[1],
        journal=contents.journal,
    )
    return guard.Recalled(picture, snapshot.tree, contents.tables.get(_LOOKS, 0))


def _promised(repository: Repository, snapshot: Snapshot) -> Manifest | None:
    """Return the manifest of a copy; None where there is none that bears our seal."""
    stored = b""
    try:
        for part in open_file(repository, snapshot, manifests.NAME):
            stored += part
            if len(stored) > _MOST_BYTES:
                return None
        return manifests.opened(stored, settings.AUDIT_KEY)
    except (RepositoryError, NoSuchPath, manifests.NotOurs):
        return None
