"""Answers kept for some seconds in this process: whoever asks meanwhile costs nothing."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class ForAWhile(Generic[Key, Value]):
    """A question that is asked again when its answer is old.

    While one request asks anew, the others are told what was known before.
    """

    def __init__(self, ask: Callable[[Key], Value], *, seconds: float) -> None:
        self._ask, self._seconds = ask, seconds
        self._known: dict[Key, tuple[float, Value]] = {}
        self._asking = Lock()

    def __call__(self, key: Key) -> Value:
        """Return what is known of ``key``, asked again when it is old."""
        kept = self._known.get(key)
        if kept is not None and monotonic() - kept[0] < self._seconds:
            return kept[1]
        if not self._asking.acquire(blocking=kept is None):
            assert kept is not None
            return kept[1]
        try:
            return self.anew(key)
        finally:
            self._asking.release()

    def anew(self, key: Key) -> Value:
        """Ask now, and keep the answer."""
        found = self._ask(key)
        self._known[key] = (monotonic(), found)
        return found
