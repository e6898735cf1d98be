"""Whether all that came back is there: counted in the database and the folder, by another process.

That a return ended says what was brought back, not what lies there now; and the page has neither a
database nor a site.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: So long a count that lacks something is believed, in seconds: somebody may bring it meanwhile.
_BELIEVED_S: Final = 30.0


@dataclass(frozen=True)
class Counted:
    """The files that the database names, and those of them that are not there whole.

    ``is_read`` is false when the database, or the folder, could not be read at all.
    """

    total: int = 0
    absent: int = 0
    is_read: bool = True

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is missing."""
        return self.is_read and not self.absent


class Counting:
    """Counts when it is asked, one count at a time; used by several threads."""

    def __init__(self) -> None:
        self._last: Counted | None = None
        self._at = 0.0
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None

    def told(self, folder: Path, environment: Mapping[str, str]) -> Counted | None:
        """Return what was counted last in a data folder; None while the first count lasts."""
        with self._turn:
            if self._is_due():
                self._thread = threading.Thread(
                    target=self._count, args=(folder, environment), daemon=True
                )
                self._thread.start()
            return self._last

    def close(self) -> None:
        """Stop a count that is under way."""
        process, thread = self._process, self._thread
        if process is not None and process.poll() is None:
            process.terminate()
        if thread is not None:
            thread.join()

    def _is_due(self) -> bool:
        if self._thread is not None and self._thread.is_alive():
            return False
        last = self._last
        return last is None or (not last.is_whole and time.monotonic() - self._at > _BELIEVED_S)

    def _count(self, folder: Path, environment: Mapping[str, str]) -> None:
        words = [*("files", "--data", str(folder)), *("verify", "--sizes", "--json")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "quenotte", *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, encoding="utf-8", errors="replace", env=environment,
        )  # fmt: skip
        said, _nothing = self._process.communicate()
        self._last, self._at = _read(said), time.monotonic()


def _read(said: str) -> Counted:
    try:
        told = json.loads(said.strip().rpartition("\n")[2])
        return Counted(int(told["files"]), int(told["absent"]))
    except (ValueError, KeyError, TypeError):
        return Counted(is_read=False)
