"""A disk on which faults can be put: full, or cut off at any step."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

from quenotte.devices.repository.disk import Disk


class PowerCut(BaseException):
    """The process ends here: nothing after it is written, and nothing is tidied up."""


def full(_step: int) -> None:
    """Let the disk be full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def cut(_step: int) -> None:
    """Let the power fail."""
    raise PowerCut


class FaultyDisk(Disk):
    """Counts its steps, before and after each; from step ``at`` on, ``fault`` happens at each.

    A write takes at most ``piece_bytes``, so that a large file has many steps. What was renamed
    into a folder that was never synced is in ``unsettled``: a power cut may take it back.
    """

    def __init__(
        self,
        at: int | None = None,
        fault: Callable[[int], None] = cut,
        *,
        piece_bytes: int = 1 << 16,
    ) -> None:
        self._at, self._fault, self._piece_bytes = at, fault, piece_bytes
        self._turn = threading.Lock()
        self.steps = 0
        self.trace: list[tuple[str, str]] = []
        self.unsettled: set[Path] = set()

    def make_folder(self, folder: Path) -> None:
        """Make a folder, in two steps."""
        self._step("make", folder)
        super().make_folder(folder)
        self._step("made", folder)

    def create(self, path: Path) -> int:
        """Make a file, in two steps."""
        self._step("create", path)
        handle = super().create(path)
        try:
            self._step("created", path)
        except BaseException:
            os.close(handle)
            raise
        return handle

    def write(self, handle: int, body: memoryview) -> int:
        """Write a piece."""
        self._step("write", handle)
        return super().write(handle, body[: self._piece_bytes])

    def sync(self, handle: int) -> None:
        """Sync a file, in two steps."""
        self._step("sync", handle)
        super().sync(handle)
        self._step("synced", handle)

    def rename(self, draft: Path, target: Path) -> None:
        """Rename a file, in two steps."""
        self._step("rename", target)
        super().rename(draft, target)
        with self._turn:
            self.unsettled.add(target)
        self._step("renamed", target)

    def sync_folder(self, folder: Path) -> None:
        """Sync a folder, in two steps."""
        self._step("settle", folder)
        super().sync_folder(folder)
        with self._turn:
            self.unsettled -= {path for path in self.unsettled if path.parent == folder}
        self._step("settled", folder)

    def remove(self, path: Path) -> None:
        """Remove a draft."""
        self._step("remove", path)
        super().remove(path)

    def lose_power(self) -> None:
        """Take back every name that never reached the medium."""
        for path in self.unsettled:
            path.unlink()

    def _step(self, what: str, on: object) -> None:
        with self._turn:
            self.steps += 1
            step = self.steps
            self.trace.append((what, str(on)))
        if self._at is not None and step >= self._at:
            self._fault(step)
