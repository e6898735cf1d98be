"""Writes that survive a power cut: the file, then its name."""

import os
from pathlib import Path


def written(path: Path, body: bytes) -> None:
    """Write a file and wait until the disk has it.

    Raises: OSError; what was written of it is then taken away.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        rest = memoryview(body)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def names_kept(folder: Path) -> None:
    """Wait until the disk has the names in a folder.

    Raises: OSError.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def kept(path: Path, body: bytes) -> None:
    """Put a file in its place, whole or not at all.

    Raises: OSError.
    """
    draft = path.with_name(f".{path.name}.part")
    written(draft, body)
    draft.replace(path)
    names_kept(path.parent)
