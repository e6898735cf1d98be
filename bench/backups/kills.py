"""A run that is killed, or whose disk is full, at each of many places.

The run is a process of its own that receives SIGKILL, or whose writes fail with ENOSPC, at one of
its steps (each system call that changes the disk has a step before and one after). Then stock
restic checks the repository with all its data, and the snapshot before is read back by us.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from quenotte.devices.repository import blobs, indexes
from quenotte.devices.repository.chunks import Chunking
from quenotte.devices.repository.errors import Full
from quenotte.devices.repository.fake import FaultyDisk, full
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.restoring import read_file
from quenotte.devices.repository.snapshots import Snapshot
from quenotte.devices.repository.writing import Source, save

_PASSPHRASE = "une phrase pour tuer"
_AT = datetime(2026, 3, 17, 20, 30, tzinfo=UTC)
_PIECE_BYTES = 2048
#: Small packs and indexes: a small run then has the steps of a large one.
_PACK_BYTES, _INDEX_BLOBS = 200_000, 40
_ENDED_FULL = 3


def measure(folder: Path, *, points: int) -> dict[str, Any]:
    """Return how many of the places ended well, and which did not."""
    small_packs = patch.object(blobs, "AIMED_BYTES", _PACK_BYTES)
    small_indexes = patch.object(indexes, "MOST_BLOBS", _INDEX_BLOBS)
    with small_packs, small_indexes:
        return _measured(folder, points)


def _measured(folder: Path, points: int) -> dict[str, Any]:
    base = folder / "base"
    repository = Repository.create(FolderStore(base), _PASSPHRASE, host="b", user="b")
    save(repository, _sources(0), time=_AT, host="b")
    [first] = repository.snapshots()
    steps = _steps(folder, base, repository)
    bad = [
        f"{fault.__name__} at {step} of {steps}"
        for number in range(points)
        for step in (1 + number * steps // points,)
        for fault in ((kill, full)[number % 2],)
        if not _ends_well(folder, base, repository, first, step, fault)
    ]
    return {
        "kill_points": points,
        "kill_points_ok": points - len(bad),
        "kill_steps": steps,
        "kill_points_bad": bad,
    }


def kill(_step: int) -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def _sources(generation: int) -> list[Source]:
    chance = Random(generation)
    rows = [chance.randbytes(4096) * 4 for _ in range(60)]
    pictures = [Source(f"pictures/{n}.dcm", Random(n).randbytes(90_000)) for n in range(3)]
    new = Source(f"pictures/new-{generation}.dcm", chance.randbytes(900_000))
    return [Source("db.sqlite3", b"".join(rows), Chunking.PAGES), *pictures, new]


def _steps(folder: Path, base: Path, repository: Repository) -> int:
    """Return how many steps a run has that nothing breaks off."""
    copy = _copy(folder, base)
    disk = FaultyDisk(piece_bytes=_PIECE_BYTES)
    _run(copy, repository, disk)
    return disk.steps


def _run(place: Path, repository: Repository, disk: FaultyDisk) -> None:
    broken = Repository(FolderStore(place, disk), repository.key, repository.id)
    save(broken, _sources(1), time=_AT, host="b")


def _copy(folder: Path, base: Path) -> Path:
    """Return a copy by hard links: a repository's files are never changed in place."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(base, copy, copy_function=os.link)
    return copy


def _ends_well(
    folder: Path,
    base: Path,
    repository: Repository,
    first: Snapshot,
    step: int,
    fault: Callable[[int], None],
) -> bool:
    status = 0
    while not status:
        # Which folders a run must make hangs on random names: it may end before the step comes.
        copy = _copy(folder, base)
        status = _broken_off(copy, repository, FaultyDisk(step, fault, piece_bytes=_PIECE_BYTES))
        step -= 1
    if not _ended_as_meant(status, fault):
        return False
    opened = Repository.open(FolderStore(copy), _PASSPHRASE)
    are_back = all(read_file(opened, first, one.name_in_tree) == one.path for one in _sources(0))
    return are_back and _restic_finds_nothing(copy)


def _broken_off(place: Path, repository: Repository, disk: FaultyDisk) -> int:
    """Run in a child and return how it ended: 0 when nothing broke it off."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    ending = 1
    try:
        _run(place, repository, disk)
        ending = 0
    except Full:
        ending = _ENDED_FULL
    finally:
        os._exit(ending)


def _ended_as_meant(status: int, fault: Callable[[int], None]) -> bool:
    if fault is kill:
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == _ENDED_FULL


def _restic_finds_nothing(place: Path) -> bool:
    done = subprocess.run(
        ["restic", "-r", str(place), "--no-cache", "--no-lock", "check", "--read-data"],
        env={**os.environ, "RESTIC_PASSWORD": _PASSPHRASE},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0 and "no errors were found" in done.stdout
