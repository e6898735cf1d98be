"""What a code reader reads: each room says which codes are its own, and what they do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Read:
    """What a code did. ``undo_url`` takes it back when POSTed; ``go_url``: where to go on."""

    text: str = ""
    undo_url: str = ""
    go_url: str = ""


#: Called with (request, patient or None, code); None when the code is another room's. What it
#: declines it says with a ``Refusal``.
Reader = Callable[[HttpRequest, Any, str], Read | None]
_readers: list[tuple[int, Reader]] = []


def register(order: int, reader: Reader) -> None:
    """Add a reader; the same function is never added twice."""
    if all(known is not reader for _, known in _readers):
        _readers.append((order, reader))
        _readers.sort(key=lambda one: one[0])


def read(request: HttpRequest, patient: Any, code: str) -> Read | None:
    """Ask the rooms in their order; None when the code is nobody's.

    Raises: Refusal.
    """
    answers = (reader(request, patient, code) for _, reader in _readers)
    return next((answer for answer in answers if answer is not None), None)
