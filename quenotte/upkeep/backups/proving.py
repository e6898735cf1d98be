"""A proof: the newest copy restored to a throw-away place, opened, compared with its promise."""

import hashlib
import json
import logging
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.devices.phoenix import choosing, returning
from quenotte.devices.phoenix.choosing import Known
from quenotte.devices.repository.packs import CONTENT
from quenotte.devices.repository.progress import Listener
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import restore, tree_of
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.devices.repository.store import DATA
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import manifests, pictures
from quenotte.upkeep.backups.engines import contents as figures
from quenotte.upkeep.backups.engines import engine_named
from quenotte.upkeep.backups.engines.forms import Trial
from quenotte.upkeep.backups.manifests import Manifest
from quenotte.upkeep.backups.saving import ANCHORS, BLOBS, CONFIGURATION, KEYS
from quenotte.upkeep.backups.workshop import workshop

logger = logging.getLogger(__name__)

#: Files that are decoded at each proof; each copy holds all of them, and all are counted.
SAMPLE: Final = 24
#: What a child process must not take from ours: it would look at the practice in use.
_PRACTICE: Final = "quenotte.config.settings.practice"
#: Files that are named when they are missing.
_TOLD: Final = 20
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
    has_files: bool = True
    pending_migrations: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Proven:
    """A snapshot, the moment that it brings back (aware), and the comparison.

    ``ahead``: how many copies of the place claim to be of the future; ``strangers``: how many claim
    to be newer than the journal there, which knows nothing of them.
    """

    snapshot: Snapshot
    data_at: datetime
    compared: Compared
    ahead: int = 0
    strangers: int = 0


def _held(repository: Repository, now: datetime) -> Known:
    """Return the copies of a place, in the order by which a return takes them too.

    Raises: NothingToProve, Damaged, Unreachable.
    """
    held = returning.known(repository, now)
    if not held.snapshots:
        raise NothingToProve
    return held


def prove(repository: Repository, progress: Listener | None = None) -> Proven:
    """Restore the newest copy beside the practice, open it, compare; take it away again.

    Raises: NothingToProve, NotOurs, Unopened, Damaged, Missing, CannotRestore, Unreachable.
    """
    now = timezone.now()
    held = _held(repository, now)
    snapshot, ahead = held.to_try()[0], choosing.ahead_of(held.snapshots, now)
    strangers = [one for one in held.strangers() if one not in ahead and one != snapshot]
    folder = workshop() / "proof"
    try:
        _bring(repository, snapshot, folder, [manifests.NAME, CONFIGURATION, KEYS, ANCHORS])
        manifest = _promise(folder)
        database = engine_named(manifest.contents.engine)
        _bring(repository, snapshot, folder, [database.NAME], progress)
        with database.opened(folder) as trial:
            blobs = dict(trial.blobs) if manifest.has_files else {}
            sample = random.sample(sorted(blobs), min(SAMPLE, len(blobs)))
            _bring(repository, snapshot, folder, [place_of(name) for name in sample])
            compared = _compare(manifest, _looked_at(folder, trial), sample)
            compared.differences += _changed(folder, sample)
            compared.differences += _missing(repository, snapshot, blobs)
    finally:
        workshop()
    return Proven(snapshot, manifest.data_at, compared, len(ahead), len(strangers))


def _bring(
    repository: Repository,
    snapshot: Snapshot,
    folder: Path,
    names: list[str],
    progress: Listener | None = None,
) -> None:
    if names:
        restore(repository, snapshot, folder, only=names, progress=progress)


def _promise(folder: Path) -> Manifest:
    try:
        return manifests.opened((folder / manifests.NAME).read_bytes(), settings.AUDIT_KEY)
    except OSError as error:
        raise manifests.NotOurs from error


def place_of(name: str) -> str:
    """Return where a file of the practice lies in the tree, by its digest."""
    return f"{BLOBS}/{name[:2]}/{name[2:4]}/{name}"


def _looked_at(folder: Path, trial: Trial) -> dict[str, Any]:
    """Open the restored folder with the application, in a process of its own.

    Raises: Unopened.
    """
    env = {name: value for name, value in os.environ.items() if name not in _OURS}
    command = [sys.executable, "-m", "quenotte", "--data", str(folder), "backup", "inspect"]
    done = subprocess.run(
        command,
        env={**env, **trial.environment, "DJANGO_SETTINGS_MODULE": _PRACTICE},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found
    except (ValueError, IndexError) as error:
        logger.error("what was restored does not open: exit code %s", done.returncode)
        raise Unopened from error


def _compare(manifest: Manifest, found: dict[str, Any], sample: list[str]) -> Compared:
    contents = figures.read(found["contents"])
    compared = Compared(
        tables=len(contents.tables),
        rows=contents.rows,
        blobs=contents.blobs[0],
        blob_bytes=contents.blobs[1],
        pictures=len(found["pictures"]),
        sample=len(sample),
        has_files=manifest.has_files,
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
    """Return the pictures that do not open, or do not show what those of the practice show."""
    wrong = []
    for name, pixels in restored.items():
        original = Path(settings.DATA_DIR) / place_of(name)
        if original.is_file() and pixels != _pixels_of(original):
            wrong.append(f"picture {name[:12]}")
    return wrong


def _pixels_of(path: Path) -> str:
    try:
        return pictures.pixels_of(path)
    except Exception:  # noqa: BLE001 - one that no decoder opens is kept as it is, and comes back so
        return pictures.CLOSED


def _changed(folder: Path, sample: list[str]) -> list[str]:
    """Return the restored files that are not what their names say."""
    return [f"file {name[:12]}" for name in sample if _digest(folder / place_of(name)) != name]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _missing(repository: Repository, snapshot: Snapshot, blobs: dict[str, int]) -> list[str]:
    """Return the files that rows speak of and that the copy lacks, or holds with other bytes.

    So do those of which a part lies in no pack that the place lists.
    """
    is_there = _parts_of(repository)
    held = {
        entry.path.rpartition("/")[2]: entry.size
        for entry in tree_of(repository, snapshot)
        if entry.is_file
        and entry.path.startswith(f"{BLOBS}/")
        and all(map(is_there, entry.node.content))
    }
    wrong = [name for name, size in blobs.items() if held.get(name) != size]
    return [f"file {name[:12]}" for name in wrong[:_TOLD]]


def _parts_of(repository: Repository) -> Callable[[bytes], bool]:
    """Return what tells whether a part of a file lies in a pack that the place lists."""
    there = dict(repository.store.names(DATA))

    def is_there(part: bytes) -> bool:
        found = repository.places(CONTENT, part)
        return any(there.get(one.pack, 0) >= one.offset + one.length for one in found)

    return is_there
