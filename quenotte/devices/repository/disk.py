"""What a folder is asked for when something must outlive a power cut, one step each.

Steps have a class of their own so that a fault can be put at each of them.
"""

import errno
import os
from pathlib import Path
from typing import Final

_DRAFT: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Disk:
    """The system's own steps. Each raises OSError."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder for its owner alone."""
        folder.mkdir(mode=0o700, exist_ok=True)

    def create(self, path: Path) -> int:
        """Make an empty file and return its handle."""
        # What was sealed needs no further readers.
        return os.open(path, _DRAFT, 0o600)

    def write(self, handle: int, body: memoryview) -> int:
        """Write the begin of some bytes; return how many were taken."""
        return os.write(handle, body)

    def sync(self, handle: int) -> None:
        """Let the content of a file reach the medium."""
        os.fsync(handle)

    def rename(self, draft: Path, target: Path) -> None:
        """Give a file its name."""
        draft.replace(target)

    def sync_folder(self, folder: Path) -> None:
        """Let new names reach the medium. Windows keeps them with the file, and opens no folder."""
        if os.name == "nt":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            # Some shares and simple file systems know no such thing.
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(handle)

    def remove(self, path: Path) -> None:
        """Forget a draft."""
        path.unlink(missing_ok=True)
