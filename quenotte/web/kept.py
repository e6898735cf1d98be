"""What is kept from one request to the next: pieces of page, and answers for some seconds.

Pieces of page depend on a few words only: drawn once, and shown to everybody. Never give one
anything of a patient: what is kept outlives the request.
"""

from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Key = TypeVar("Key")
Value = TypeVar("Value")


def drawn(template: str, **said: Any) -> SafeString:
    """Return ``template`` drawn with ``said``: hashable values, none of a person or a request."""
    return _drawn(template, get_language(), tuple(sorted(said.items())))


@lru_cache(maxsize=256)
def _drawn(template: str, language: str | None, said: tuple[tuple[str, Any], ...]) -> SafeString:
    return render_to_string(template, dict(said))


class ForAWhile(Generic[Key, Value]):
    """Answers kept for some seconds in this process: whoever asks meanwhile costs nothing.

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
