"""How far a long work has come, told a few times a second."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_EVERY_S: Final = 0.1


@dataclass(frozen=True)
class Progress:
    """Bytes done of bytes to do (0 when nobody knows), and the file at hand."""

    done_bytes: int
    total_bytes: int
    what: str


Listener = Callable[[Progress], None]


class Teller:
    """Adds up what threads do, and tells a listener at most ten times a second."""

    def __init__(self, listener: Listener | None, total_bytes: int = 0) -> None:
        self._listener, self._total = listener, total_bytes
        self._done = 0
        self._last_s = 0.0
        self._turn = threading.Lock()

    def add(self, count: int, what: str) -> None:
        """Note ``count`` more bytes."""
        with self._turn:
            self._done += count
            now = time.perf_counter()
            if self._listener is not None and now - self._last_s >= _EVERY_S:
                self._last_s = now
                self._listener(Progress(self._done, self._total, what))

    def finish(self) -> None:
        """Tell the last figure, whenever the one before was."""
        if self._listener is not None:
            self._listener(Progress(self._done, max(self._total, self._done), ""))

    @property
    def done_bytes(self) -> int:
        """Return what was noted."""
        return self._done
