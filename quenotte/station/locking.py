"""One process at a time, and a folder that others do not read: both differ between systems."""

import os
import subprocess
from pathlib import Path
from typing import Final

#: The system itself and the administrators, whatever they are called in the language of Windows.
_OURS: Final = ("*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F")
_LOCK: Final = "station.lock"


def take(folder: Path) -> int:
    """Hold a folder; return what to leave it with. Raises: BlockingIOError when it is held."""
    if os.name == "nt":
        return _take_file(folder / _LOCK)
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def leave(lock: int) -> None:
    """Let it go; the end of the process does so too."""
    os.close(lock)


def close_to_others(folder: Path) -> None:
    """Take the rights of ordinary accounts from a folder of Windows; elsewhere its mode does it."""
    if os.name != "nt":
        return
    words = ["icacls", str(folder), "/inheritance:r"]
    for one in _OURS:
        words += ["/grant:r", one]
    subprocess.run(words, check=False, capture_output=True, timeout=30)


def _take_file(path: Path) -> int:
    import msvcrt

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # mypy reads this file as on Linux, where the module has no such names.
        getattr(msvcrt, "locking")(descriptor, getattr(msvcrt, "LK_NBLCK"), 1)  # noqa: B009
    except OSError:
        os.close(descriptor)
        raise BlockingIOError from None
    return descriptor
