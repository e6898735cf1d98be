"""The timeline of a subject: several rooms tell what happened, one list is shown."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Entry:
    """Something that happened. ``at`` is aware; ``kind`` is a CSS-safe word, for example "note".

    ``icon`` is a name of the sprite; ``text``, ``url`` and ``author`` may be empty.
    """

    at: datetime
    kind: str
    icon: str
    title: str
    text: str = ""
    url: str = ""
    author: str = ""
    object_id: str = ""


Source = Callable[[HttpRequest, Any, int, datetime | None], Iterable[Entry]]
_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Add a source: called with (request, subject, limit, before), it answers newest first.

    A generator is best: of four sources, most of what they could tell is never shown.
    """
    if source not in _sources:
        _sources.append(source)


def entries_for(
    request: HttpRequest, subject: Any, limit: int = 30, before: datetime | None = None
) -> list[Entry]:
    """Return at most ``limit`` entries of all sources, newest first.

    ``before`` (exclusive) asks for the next page: give the ``at`` of the last entry shown.
    """
    answers = [source(request, subject, limit, before) for source in _sources]
    return list(islice(heapq.merge(*answers, key=attrgetter("at"), reverse=True), limit))
