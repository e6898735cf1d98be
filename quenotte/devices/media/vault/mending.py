"""Makes the log of a repository good again after the vault's disk damaged it.

What can still be followed is kept, longer if a copy from outside reaches further. Whole objects
that no line tells of any more are received anew, now. The damaged file is kept: it is evidence.
"""

import fcntl
import os
import shutil
from pathlib import Path

from quenotte.devices.media.vault.ledger import Chain, LogDamaged
from quenotte.devices.media.vault.shelf import LOG, Shelf


def mend(folder: Path, now: int, by: str, copy: Path | None = None) -> int:
    """Mend the log of the repository in a folder; return how many objects were received anew.

    Raises: LogDamaged when the copy is damaged or tells another tale, OSError.
    """
    path = folder / LOG
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _replace(path, _longest(path.read_bytes(), copy), now)
    finally:
        os.close(descriptor)
    shelf = Shelf(folder)
    shelf.exists()
    return shelf.adopt(now, by)


def _longest(damaged: bytes, copy: Path | None) -> bytes:
    ours = damaged[: _believed(damaged)]
    if copy is None:
        return ours
    theirs = copy.read_bytes()
    shorter, longer = sorted((ours, theirs), key=len)
    if _believed(theirs) != len(theirs) or not longer.startswith(shorter):
        raise LogDamaged(shorter.count(b"\n") + 1)
    return longer


def _believed(data: bytes) -> int:
    """Return how many bytes of a log can be believed.

    When a line does not fit, the one before may be the one that changed: it goes too.
    """
    chain, before = Chain(), 0
    for line in data.split(b"\n")[:-1]:
        here = chain.offset
        try:
            chain.follow(line)
        except LogDamaged:
            return before
        before = here
    return chain.offset


def _replace(path: Path, data: bytes, now: int) -> None:
    if path.read_bytes() == data:
        return
    shutil.copy2(path, path.with_name(f"{LOG}.damaged-{now}"))
    draft = path.with_name(f"{LOG}.part")
    with draft.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
