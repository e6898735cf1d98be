"""The disks that an installation knows, and their visits: one small file of the data folder.

The disks describe themselves; this only remembers what a disk in a drawer cannot say.
"""

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from quenotte.devices.media.disks.rotation import Run

#: Runs remembered: more than a year of nights.
_RUNS: Final = 400


@dataclass(frozen=True, slots=True)
class Known:
    """A disk that was enrolled. ``uuid``: that of its filesystem."""

    letter: str
    uuid: str


@dataclass(frozen=True, slots=True)
class Rota:
    """What is remembered. ``is_refused``: an anomaly is open, no disk may be written."""

    disks: tuple[Known, ...] = ()
    runs: tuple[Run, ...] = ()
    is_refused: bool = False

    @property
    def uuids(self) -> set[str]:
        """Return the filesystems of our disks."""
        return {disk.uuid for disk in self.disks}


class Register:
    """The file ``media/disks.json`` of a data folder. Raises: OSError."""

    def __init__(self, data: Path) -> None:
        self._path = data / "media" / "disks.json"

    def read(self) -> Rota:
        """Return what is remembered; nothing when there is no file yet."""
        try:
            said = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return Rota()
        disks = tuple(Known(one["letter"], one["uuid"]) for one in said["disks"])
        runs = tuple(
            Run(one["letter"], one["uuid"], datetime.fromisoformat(one["ended_at"]))
            for one in said["runs"]
        )
        return Rota(disks, runs, bool(said.get("refused")))

    def enrol(self, letter: str, uuid: str) -> None:
        """Remember a disk; one that takes its letter or comes again replaces the former."""
        with self._changing() as said:
            left = [one for one in said["disks"] if letter != one["letter"] and uuid != one["uuid"]]
            said["disks"] = [*left, {"letter": letter, "uuid": uuid}]

    def note(self, run: Run) -> None:
        """Remember a visit that ended well."""
        with self._changing() as said:
            line = {"letter": run.letter, "uuid": run.uuid, "ended_at": run.ended_at.isoformat()}
            said["runs"] = [*said["runs"], line][-_RUNS:]

    def refuse(self, is_refused: bool) -> None:
        """Refuse the disks while an anomaly is open, or take them again."""
        with self._changing() as said:
            said["refused"] = is_refused

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _held(self._path.with_suffix(".lock")):
            said: dict[str, Any] = {"disks": [], "runs": []}
            with contextlib.suppress(FileNotFoundError):
                said = json.loads(self._path.read_bytes())
            yield said
            draft = self._path.with_suffix(".part")
            with draft.open("w", encoding="utf-8") as file:
                json.dump(said, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)


_turn = threading.Lock()


@contextlib.contextmanager
def _held(path: Path) -> Iterator[None]:
    """Let one process, and one thread of it, change the file at a time."""
    with _turn, path.open("w") as lock:
        if os.name != "nt":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
