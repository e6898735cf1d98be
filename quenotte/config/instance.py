"""One supervisor for one data folder."""

import fcntl
import os
from pathlib import Path


class AlreadyRunning(Exception):
    """Another supervisor holds this data folder; ``pid`` is its process number (0: unknown)."""

    def __init__(self, pid: int) -> None:
        super().__init__(pid)
        self.pid = pid


class Lock:
    """The lock of a data folder; the kernel frees it when its holder dies, however it dies."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "run" / "supervisor.lock"
        self._descriptor = -1

    def take(self) -> None:
        """Hold the folder until this process ends.

        Raises: AlreadyRunning.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise AlreadyRunning(int(holder) if holder.isdigit() else 0) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._descriptor = descriptor

    def give_back(self) -> None:
        """Free the folder."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def holder(folder: Path) -> int | None:
    """Return the process number of the supervisor that holds a folder; None when nobody does."""
    lock = Lock(folder)
    try:
        lock.take()
    except AlreadyRunning as running:
        return running.pid
    lock.give_back()
    return None
