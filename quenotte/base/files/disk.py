"""Bytes on a disk: written whole, synchronised, then put in place by one rename."""

import contextlib
import errno
import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from quenotte.base.files.rules import CHUNK_BYTES, blob_name
from quenotte.base.rings import is_alive

#: The end of the name of a file that is still being written.
PART_SUFFIX = ".part"

#: What a disk answers when nothing more fits on it.
FULL_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def new_part(folder: Path) -> Path:
    """Return the path of a new unfinished file; its name tells which process writes it."""
    return folder / f"{os.getpid()}-{secrets.token_hex(12)}{PART_SUFFIX}"


@contextmanager
def removed_on_failure(path: Path) -> Iterator[None]:
    """Leave no unfinished file behind when the work inside fails."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def digest_of(stream: BinaryIO) -> tuple[str, int]:
    """Return the SHA-256 (hexadecimal) and the length in bytes of what remains to be read."""
    seal, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK_BYTES):
        seal.update(chunk)
        size += len(chunk)
    return seal.hexdigest(), size


def copy_to_part(source: BinaryIO, part: Path) -> tuple[str, int]:
    """Write ``source`` to ``part`` and synchronise it; return its SHA-256 and its length.

    Raises: OSError when the disk refuses.
    """
    return pieces_to_part(iter(lambda: source.read(CHUNK_BYTES), b""), part)


def pieces_to_part(pieces: Iterable[bytes], part: Path) -> tuple[str, int]:
    """Write pieces to ``part`` one after another and synchronise it; return as `copy_to_part`.

    Raises: OSError when the disk refuses.
    """
    seal, size = hashlib.sha256(), 0
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as target:
        for chunk in pieces:
            seal.update(chunk)
            size += len(chunk)
            _write_all(target.fileno(), chunk)
        os.fsync(target.fileno())
    return seal.hexdigest(), size


def seal_in_place(path: Path) -> tuple[str, int]:
    """Synchronise a file written by somebody else; return its SHA-256 and its length."""
    with path.open("rb") as stream:
        found = digest_of(stream)
        os.fsync(stream.fileno())
    return found


def put_in_place(part: Path, root: Path, sha256: str) -> Path:
    """Move a synchronised file to its place under ``root``; the folders are synchronised too.

    A file already there is replaced: its content is the same, or it was damaged.
    """
    final = root / blob_name(sha256)
    made = _make_folders(final.parent, root)
    part.chmod(0o400)
    part.replace(final)
    for folder in (final.parent, *made):
        sync_folder(folder)
    return final


def sync_folder(folder: Path) -> None:
    """Put the names held by a folder on the disk (a rename alone survives no power cut)."""
    if os.name != "posix":  # pragma: no cover - other systems order this themselves
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_if_abandoned(part: Path, *, older_than_s: float) -> bool:
    """Remove an unfinished file whose writer is dead, or that is older than that."""
    writer = part.name.partition("-")[0]
    try:
        is_old = time.time() - part.stat().st_mtime > older_than_s
        if is_old or (writer.isdigit() and not is_alive(int(writer))):
            part.unlink()
            return True
    except FileNotFoundError:
        pass
    return False


def remove(path: Path) -> None:
    """Remove a file of ours, if it is there. Raises: OSError."""
    try:
        # Files in their place are read-only, and some systems remove no such file.
        path.chmod(0o600)
        path.unlink()
    except FileNotFoundError:
        pass


def shrink(folder: Path, *, to_bytes: int) -> None:
    """Remove the files read longest ago until the folder holds no more than that."""
    files = [(path, path.stat()) for path in folder.glob("??/??/*") if path.is_file()]
    excess = sum(it.st_size for _path, it in files) - to_bytes
    for path, it in sorted(files, key=lambda one: max(one[1].st_atime, one[1].st_mtime)):
        if excess <= 0:
            return
        path.unlink(missing_ok=True)
        excess -= it.st_size


def same_disk(path: Path, folder: Path) -> bool:
    """Tell whether a file can be moved into a folder without copying its bytes."""
    return path.stat().st_dev == folder.stat().st_dev


def _make_folders(folder: Path, root: Path) -> list[Path]:
    """Make the missing folders; return those whose own list of names changed."""
    changed = []
    for place in (folder.parent, folder):
        if place != root and not place.exists():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            changed.append(place.parent)
    return changed


def _write_all(descriptor: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(descriptor, view) :]
