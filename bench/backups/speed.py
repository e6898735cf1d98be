"""First backup, a night, and a restore: our wall clock over stock restic's, in one run.

Each step is a process of its own on both sides, from its start to its end: the opening of the
repository, key derivation included, is in every figure. Files are in the disk's cache.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.backups.practices import Practice

PASSPHRASE = "une phrase pour mesurer"
ROOT = Path(__file__).resolve().parents[2]


def measure(folder: Path, *, share: float) -> dict[str, Any]:
    """Return the ratios and the seconds behind them."""
    practice = Practice(folder / "practice", share=share)
    practice.make()
    sides: tuple[_Side, _Side] = (_Ours(folder, practice), _Restic(folder, practice))
    first = [side.backup() for side in sides]
    sizes = [side.size_bytes() for side in sides]
    added = practice.pass_a_day()
    night = [side.backup() for side in sides]
    grown = [side.size_bytes() - size - added for side, size in zip(sides, sizes, strict=True)]
    restored = [side.restore() for side in sides]
    _check(sides[0])
    ours, theirs = 0, 1
    return {
        "first_ratio": round(first[ours] / first[theirs], 2),
        "night_ratio": round(night[ours] / night[theirs], 2),
        "restore_ratio": round(restored[ours] / restored[theirs], 2),
        "night_db_growth_ratio": round(grown[ours] / grown[theirs], 3),
        "first_s": round(first[ours], 2),
        "night_s": round(night[ours], 2),
        "restore_s": round(restored[ours], 2),
        "restic_first_s": round(first[theirs], 2),
        "restic_night_s": round(night[theirs], 2),
        "restic_restore_s": round(restored[theirs], 2),
        "night_db_growth_mb": round(grown[ours] / 1e6, 2),
        "restic_night_db_growth_mb": round(grown[theirs] / 1e6, 2),
    }


class _Side:
    """One of the two that are compared."""

    def __init__(self, folder: Path, practice: Practice) -> None:
        self.place = folder / type(self).__name__.strip("_").lower()
        self.target = folder / f"{self.place.name}-back"
        self.practice = practice
        self.begin()

    def begin(self) -> None:
        """Make the repository."""
        raise NotImplementedError

    def backup(self) -> float:
        """Return the seconds of one backup."""
        raise NotImplementedError

    def restore(self) -> float:
        """Return the seconds of a restore of the newest snapshot."""
        raise NotImplementedError

    def size_bytes(self) -> int:
        """Return what the repository takes."""
        return sum(path.stat().st_size for path in self.place.rglob("*") if path.is_file())


class _Ours(_Side):
    def begin(self) -> None:
        self._run("begin")

    def backup(self) -> float:
        return self._run("save", self.practice.folder)

    def restore(self) -> float:
        taken_s = self._run("restore", self.target)
        _compare(self.practice.folder, self.target / "practice")
        return taken_s

    def _run(self, *words: object) -> float:
        command = [sys.executable, "-m", "bench.backups.child", str(self.place), *map(str, words)]
        return timed(command)


class _Restic(_Side):
    def begin(self) -> None:
        restic(self.place, "init")

    def backup(self) -> float:
        return restic(self.place, "backup", str(self.practice.folder), "--host", "bench")

    def restore(self) -> float:
        taken_s = restic(self.place, "restore", "latest", "--target", str(self.target))
        shutil.rmtree(self.target)
        return taken_s


def restic(place: Path, *words: str) -> float:
    """Run stock restic as people do, with its cache; return the seconds."""
    cache = place.with_name("restic-cache")
    return timed(["restic", "-r", str(place), "--cache-dir", str(cache), "-q", *words])


def timed(command: list[str]) -> float:
    """Run a command to its end and return the seconds. Raises: CalledProcessError."""
    environment = {**os.environ, "RESTIC_PASSWORD": PASSPHRASE}
    # What the step before left to be written is not part of this one.
    os.sync()
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return time.perf_counter() - began


def _check(ours: _Side) -> None:
    restic(ours.place, "check", "--read-data", "--no-lock")


def _compare(one: Path, other: Path) -> None:
    subprocess.run(["diff", "-r", str(one), str(other)], check=True)
    shutil.rmtree(other)
