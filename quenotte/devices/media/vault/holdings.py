"""What lies on the vault's disk, by its directory alone: no file is opened.

The log says what was received; whether it is still there, only the disk tells.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from quenotte.devices.media.vault.rules import Kind, Refused, hash_in


def on_disk(folder: Path, kind: Kind) -> Iterator[tuple[str, int]]:
    """Yield names and sizes (bytes) of the files of a kind that lie in their place.

    ``folder`` is that of a repository. Raises: OSError.
    """
    if kind is Kind.CONFIG:
        with contextlib.suppress(FileNotFoundError):
            yield "", (folder / kind).stat().st_size
        return
    for entry in _packs(folder / kind) if kind is Kind.DATA else _entries(folder / kind):
        with contextlib.suppress(Refused, FileNotFoundError):
            hash_in(kind, entry.name)
            if entry.is_file():
                yield entry.name, entry.stat().st_size


def _packs(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield what lies in the folders that bear the first two signs of its name."""
    for one in _entries(folder):
        if len(one.name) == 2:
            yield from (entry for entry in _entries(one) if entry.name.startswith(one.name))


def _entries(folder: Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    """Return what lies in a folder; nothing where there is no folder. Raises: OSError."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):
        return []
