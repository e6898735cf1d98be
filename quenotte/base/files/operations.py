"""Keeping files: the bytes are safe on the disk before any row names them."""

import logging
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.files import disk, rescue
from quenotte.base.files.models import Blob
from quenotte.base.files.rescue import Rescuer, rescue_with, want_first, wanted
from quenotte.base.files.rules import blob_name
from quenotte.base.files.shelves import LocalShelf, shelf
from quenotte.base.files.verification import check, orphans, verify
from quenotte.kernel.errors import Refusal

logger = logging.getLogger(__name__)

#: What we say of bytes whose kind was lost with their row.
UNKNOWN = "application/octet-stream"
#: What the cache of a distant storage may hold, in bytes.
CACHE_BYTES = 10_000_000_000
#: What the pages of documents drawn as pictures may hold, in bytes.
PAGES_BYTES = 1_000_000_000
#: What Django writes while it reads a form, and removes at its end unless it was killed.
_UPLOADS = "*.upload*"
#: No form takes that long to be read, in seconds.
UPLOAD_LIFE_S = 3_600.0


__all__ = [
    "Missing",
    "NoRoom",
    "Rescuer",
    "StillAway",
    "absent",
    "blob_name",
    "bring_back",
    "has_room",
    "here",
    "keep",
    "let_go",
    "local_path",
    "named",
    "named_since",
    "open_blob",
    "presence",
    "refusing_when_full",
    "reindex",
    "remove_unnamed",
    "rescue_with",
    "sweep",
    "verify",
    "want_first",
    "wanted",
]


class NoRoom(Refusal):
    """The disk is full, or would soon be."""

    message = _(
        "L’espace disque est insuffisant : le fichier n’a pas été enregistré. "
        "Rien d’autre n’est perdu. Libérez de la place, puis recommencez."
    )


class Missing(Refusal):
    """The bytes of a blob are not where they should be."""

    message = _("Ce fichier est introuvable. Lancez « quenotte files verify ».")


class StillAway(Missing):
    """The practice is coming back, and this file is not there yet."""

    message = _(
        "Ce fichier n’est pas encore revenu de la sauvegarde. Il n’est pas perdu : "
        "réessayez dans quelques minutes."
    )


@dataclass(frozen=True)
class _Part:
    path: Path
    sha256: str
    size_bytes: int


def keep(source: Path | BinaryIO | bytes, *, media_type: str, move: bool = False) -> Blob:
    """Keep the bytes of ``source`` for ever and return their row.

    The same content is kept once. With ``move`` a file of the same disk is adopted without
    a copy and disappears from where it was.

    Raises: NoRoom when the disk is full or under its floor; nothing is then kept.
    """
    with refusing_when_full(), ExitStack() as stack:
        if not has_room(0 if move else _size_hint(source)):
            raise NoRoom
        part = _as_part(source, move=move, stack=stack)
        sha256, size = part.sha256, part.size_bytes
        shelf().put(part.path, sha256)
        if move and isinstance(source, Path):
            source.unlink(missing_ok=True)
    return Blob.objects.get_or_create(
        sha256=sha256, defaults={"size_bytes": size, "media_type": media_type}
    )[0]


def open_blob(blob: Blob) -> BinaryIO:
    """Open the bytes of a blob for reading.

    Raises: Missing when they are not there.
    """
    return local_path(blob).open("rb")


def local_path(blob: Blob) -> Path:
    """Return the path of a file of this machine that holds the blob; never write to it.

    Raises: Missing when the bytes are not there (StillAway while the practice comes back).
    """
    path = shelf().local_path(blob.sha256)
    if path is None:
        raise StillAway if rescue.is_under_way() else Missing
    return path


def bring_back(sha256: str, pieces: Iterable[bytes]) -> bool:
    """Put a file of a copy in its place, once it is whole and hashes to its name; tell whether.

    Raises: NoRoom, and what the pieces raise.
    """
    place = shelf()
    with refusing_when_full():
        if not has_room():
            raise NoRoom
        return isinstance(place, LocalShelf) and rescue.put(sha256, pieces, place.root) is not None


def let_go(names: Collection[str]) -> None:
    """Forget files that nothing names any more; their bytes go once this is committed.

    For what a law or a contract bounds, and nothing else: what belongs to care stays.

    Raises: ProtectedError while a row still names one of them.
    """
    with transaction.atomic():
        Blob.objects.filter(pk__in=names).delete()
        transaction.on_commit(partial(remove_unnamed, frozenset(names)))


def remove_unnamed(names: Collection[str]) -> None:
    """Remove the bytes of files that were let go, those that no row names; again after a fall."""
    kept = set(Blob.objects.filter(pk__in=names).values_list("sha256", flat=True))
    for sha256 in sorted(set(names) - kept):
        try:
            shelf().remove(sha256)
        except OSError as error:
            logger.warning("a file that was let go is still there: %s", type(error).__name__)


def named() -> set[str]:
    """Return the digest of every file that a row names."""
    return set(Blob.objects.values_list("sha256", flat=True))


def named_since(moment: datetime) -> list[str]:
    """Return the digests of the files named since a moment (aware), the oldest first."""
    recent = Blob.objects.filter(created_at__gte=moment).order_by("created_at")
    return list(recent.values_list("sha256", flat=True))


def here() -> set[str]:
    """Return the digests of all files that are here."""
    return set(shelf().digests())


@dataclass(frozen=True)
class Presence:
    """How many files rows speak of, and how many of them are not here, or not as long."""

    total: int
    absent: int


def presence() -> Presence:
    """Compare the files that rows speak of with what lies here; none of them is read.

    Rows first: a file is in its place before its row is written, so that what is kept meanwhile
    counts as here or not at all.
    """
    place, left = shelf(), dict(Blob.objects.values_list("sha256", "size_bytes"))
    total = len(left)
    for sha256, size_bytes in place.sizes():
        # A distant storage lists names alone.
        if sha256 in left and size_bytes in (None, left[sha256]):
            del left[sha256]
    # What was put in its place again, or let go, while the list was made.
    still = named() if left else set()
    lacking = [name for name in left if name in still and place.size_bytes(name) != left[name]]
    return Presence(total, len(lacking))


def absent() -> int:
    """Return how many files rows speak of whose bytes are not here, or not all of them."""
    return presence().absent


def has_room(extra_bytes: int = 0) -> bool:
    """Tell whether ``extra_bytes`` more can be written without going under the disk floor."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    return free - extra_bytes >= settings.DISK_FLOOR_BYTES


def reindex() -> int:
    """Give a row to the bytes that have none, once they proved to be whole; return how many."""
    place = shelf()
    found = 0
    for sha256 in orphans(place):
        blob = Blob(sha256=sha256, size_bytes=place.size_bytes(sha256) or 0, media_type=UNKNOWN)
        if check(place, blob) is None:
            Blob.objects.get_or_create(
                sha256=sha256,
                defaults={"size_bytes": blob.size_bytes, "media_type": blob.media_type},
            )
            found += 1
    return found


def sweep(*, older_than_s: float = 86_400.0) -> int:
    """Remove unfinished files that nobody writes any more; return how many.

    Those of a dead process at once, all others when nothing was added for a day; what a page
    was still reading when it was killed, after an hour. The cache
    of a distant storage gives back its oldest files beyond its size.
    """
    folders = (settings.DATA_DIR / "incoming", settings.DATA_DIR / "cache" / "blobs")
    parts = [path for folder in folders for path in folder.glob(f"**/*{disk.PART_SUFFIX}")]
    removed = sum(disk.remove_if_abandoned(path, older_than_s=older_than_s) for path in parts)
    uploads = folders[0].glob(_UPLOADS)
    removed += sum(disk.remove_if_abandoned(path, older_than_s=UPLOAD_LIFE_S) for path in uploads)
    disk.shrink(settings.DATA_DIR / "cache" / "blobs", to_bytes=CACHE_BYTES)
    disk.shrink(settings.DATA_DIR / "cache" / "pages", to_bytes=PAGES_BYTES)
    return removed


@contextmanager
def refusing_when_full() -> Iterator[None]:
    """Turn « no space left on device » into a refusal that a person understands."""
    try:
        yield
    except OSError as error:
        if error.errno in disk.FULL_ERRORS:
            raise NoRoom from error
        raise


def _size_hint(source: Path | BinaryIO | bytes) -> int:
    if isinstance(source, Path):
        return source.stat().st_size
    return len(source) if isinstance(source, bytes) else 0


def _as_part(source: Path | BinaryIO | bytes, *, move: bool, stack: ExitStack) -> _Part:
    incoming = settings.DATA_DIR / "incoming"
    if move and isinstance(source, Path) and disk.same_disk(source, incoming):
        return _Part(source, *disk.seal_in_place(source))
    part = disk.new_part(incoming)
    stack.enter_context(disk.removed_on_failure(part))
    if isinstance(source, Path):
        source = stack.enter_context(source.open("rb"))
    stream = BytesIO(source) if isinstance(source, bytes) else source
    return _Part(part, *disk.copy_to_part(stream, part))
