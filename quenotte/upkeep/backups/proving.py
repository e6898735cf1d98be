"""A proof: the newest copy restored to a throw-away place, opened, compared with its promise."""

import json
import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quenotte.devices.repository.progress import Listener
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import restore, tree_of
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import copying, manifests, pictures
from quenotte.upkeep.backups.manifests import Manifest
from quenotte.upkeep.backups.saving import ANCHORS, BLOBS, CONFIGURATION, KEYS

#: Files that are decoded at each proof; each copy holds all of them, and all are counted.
SAMPLE: Final = 24
#: What a child process must not take from ours: it would look at the practice in use.
_OURS: Final = ("QUENOTTE_DATABASE_URL", "QUENOTTE_S3_BUCKET", "QUENOTTE_LAN")


class NothingToProve(Refusal):
    """The repository holds no copy yet."""

    message = _("Ce dépôt ne contient encore aucune copie.")
    next_step = _("Faites-en une : « quenotte backup run ».")


class Unopened(Refusal):
    """The application did not open what was restored."""

    message = _("La copie a été restaurée, mais l’application ne l’a pas ouverte.")
    next_step = _("Ne supprimez rien. Essayez un autre emplacement et prévenez votre technicien.")


@dataclass
class Compared:
    """What was compared, and what differed (codes and names, never contents)."""

    tables: int = 0
    rows: int = 0
    blobs: int = 0
    blob_bytes: int = 0
    pictures: int = 0
    sample: int = 0
    journal_lines: int = 0
    pending_migrations: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Proven:
    """A snapshot, the moment that it brings back (aware), and the comparison."""

    snapshot: Snapshot
    data_at: datetime
    compared: Compared


def newest_of(repository: Repository) -> Snapshot:
    """Return the newest copy. Raises: NothingToProve, Damaged, Unreachable."""
    found = repository.snapshots()
    if not found:
        raise NothingToProve
    return found[-1]


def prove(repository: Repository, progress: Listener | None = None) -> Proven:
    """Restore the newest copy beside the practice, open it, compare; take it away again.

    Raises: NothingToProve, NotOurs, Unopened, Damaged, Missing, CannotRestore, Unreachable.
    """
    snapshot = newest_of(repository)
    folder = copying.workshop() / "proof"
    try:
        restore(
            repository,
            snapshot,
            folder,
            only=[copying.SQLITE_NAME, manifests.NAME, CONFIGURATION, KEYS, ANCHORS],
            progress=progress,
        )
        manifest = _promise(folder)
        listed = _listed(folder / copying.SQLITE_NAME)
        sample = random.sample(sorted(listed), min(SAMPLE, len(listed)))
        if sample:
            restore(repository, snapshot, folder, only=[_place_of(name) for name in sample])
        compared = _compare(manifest, _opened(folder), folder, sample)
        compared.differences += _files(repository, snapshot, listed)
    finally:
        copying.workshop()
    return Proven(snapshot, manifest.data_at, compared)


def _promise(folder: Path) -> Manifest:
    try:
        return manifests.opened((folder / manifests.NAME).read_bytes(), settings.AUDIT_KEY)
    except OSError as error:
        raise manifests.NotOurs from error


def _listed(path: Path) -> dict[str, int]:
    """Return the files that the restored rows speak of, with their bytes."""
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            return dict(database.execute("SELECT sha256, size_bytes FROM base_blob"))
    except sqlite3.Error as error:
        raise Unopened from error


def _place_of(name: str) -> str:
    return f"{BLOBS}/{name[:2]}/{name[2:4]}/{name}"


def _opened(folder: Path) -> dict[str, Any]:
    """Open the restored folder with the application, in a process of its own."""
    env = {name: value for name, value in os.environ.items() if name not in _OURS}
    command = [sys.executable, "-m", "quenotte", "--data", str(folder), "backup", "inspect"]
    done = subprocess.run(
        command,
        env={**env, "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.practice"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found
    except (ValueError, IndexError) as error:
        raise Unopened from error


def _compare(
    manifest: Manifest, found: dict[str, Any], folder: Path, sample: list[str]
) -> Compared:
    contents = manifests.contents_of(found["contents"])
    compared = Compared(
        tables=len(contents.tables),
        rows=contents.rows,
        blobs=contents.blobs[0],
        blob_bytes=contents.blobs[1],
        pictures=len(found["pictures"]),
        sample=len(sample),
        journal_lines=found["journal_lines"],
        pending_migrations=len(found["pending_migrations"]),
        differences=manifests.differences(manifest.contents, contents),
    )
    if found["integrity"]:
        compared.differences.append("integrity")
    if found["foreign_keys"]:
        compared.differences.append("foreign_keys")
    if found["journal_faults"]:
        compared.differences.append("journal_of_accesses")
    compared.differences += _pixels(found["pictures"])
    return compared


def _pixels(restored: dict[str, str]) -> list[str]:
    """Return the pictures that do not show what those of the practice show."""
    wrong = []
    for name, pixels in restored.items():
        original = Path(settings.DATA_DIR) / _place_of(name)
        if original.is_file() and pixels != pictures.pixels_of(original):
            wrong.append(f"picture {name[:12]}")
    return wrong


def _files(repository: Repository, snapshot: Snapshot, listed: dict[str, int]) -> list[str]:
    """Return the files that rows speak of and that the copy lacks, or holds with other bytes."""
    held = {
        entry.path.rpartition("/")[2]: entry.size
        for entry in tree_of(repository, snapshot)
        if entry.is_file and entry.path.startswith(f"{BLOBS}/")
    }
    return [f"file {name[:12]}" for name, size in listed.items() if held.get(name) != size][:20]
