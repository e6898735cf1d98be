"""Files that nobody needs: whoever changes one goes through the folder from end to end.

Two lie in each folder, the first and the last by name. What each holds follows from its name, so
that nothing has to be remembered to know it again.
"""

import contextlib
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

# Neither names nor text ever change: older ones would be taken for touched.
FIRST: Final = "0000 Ne pas modifier.txt"
LAST: Final = "zzzz Ne pas modifier.txt"
NAMES: Final = frozenset({FIRST, LAST})
_TEXT: Final = (
    "{name}\n\nCe fichier ne sert à personne, et personne ne doit y toucher. Quenotte le relit : "
    "s’il change, c’est qu’un programme modifie tout ce qu’il trouve ici.\n"
)


def body_of(name: str) -> bytes:
    """Return what the canary of a name holds."""
    return (_TEXT.format(name=name) * 12).encode()


def plant(folder: Path) -> None:
    """Put the canaries of a folder where there are none at all; those that were touched stay.

    Raises: OSError.
    """
    if folder.is_dir() and not _traces(folder):
        _write(folder)


def renew(folder: Path) -> None:
    """Put whole canaries in the place of those that were touched: somebody knows why.

    Raises: OSError.
    """
    if folder.is_dir():
        for name in _traces(folder):
            (folder / name).unlink()
        _write(folder)


def _write(folder: Path) -> None:
    for name in sorted(NAMES):
        part = folder / f".{name}.part"
        part.write_bytes(body_of(name))
        part.replace(folder / name)


def touched(folders: Iterable[Path], planted: Collection[Path] = ()) -> list[str]:
    """Return the canaries that changed or went, in the folders that have some.

    ``planted``: folders that had some, where none left means that all were deleted.
    """
    found = []
    for folder in folders:
        if folder in planted or _traces(folder):
            found += [str(folder / name) for name in sorted(NAMES) if _is_touched(folder / name)]
    return found


def _is_touched(path: Path) -> bool:
    try:
        return path.read_bytes() != body_of(path.name)
    except OSError:
        return True


def _traces(folder: Path) -> list[str]:
    """Return what there is of canaries in a folder, under names that still begin as theirs."""
    with contextlib.suppress(OSError):
        return [one.name for one in os.scandir(folder) if one.name.startswith(tuple(NAMES))]
    return []
