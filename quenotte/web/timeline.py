"""The timeline of a subject: several rooms tell what happened, one list is shown."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, Final

from django.http import HttpRequest


@dataclass(frozen=True)
class Entry:
    """Something that happened. ``at`` is aware; ``kind`` is a CSS-safe word, for example "note".

    ``icon`` is a name of the sprite; ``text``, ``url`` and ``author`` may be empty. ``covers`` is
    the ``object_id`` of an entry of the same moment that this one tells better.
    """

    at: datetime
    kind: str
    icon: str
    title: str
    text: str = ""
    url: str = ""
    author: str = ""
    object_id: str = ""
    covers: str = ""


#: Characters of a text that an entry quotes: about a line.
_FIRST_WORDS: Final = 90


def first_words(text: str) -> str:
    """Return the beginning of a text, on one line and cut between words."""
    line = " ".join(text.split())
    if len(line) <= _FIRST_WORDS:
        return line
    return f"{line[: _FIRST_WORDS - 1].rpartition(' ')[0] or line[: _FIRST_WORDS - 1]}…"


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
    merged = heapq.merge(*answers, key=attrgetter("at"), reverse=True)
    return list(islice(_uncovered(merged), limit))


def _uncovered(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Leave out what another entry of the same moment tells better."""
    for _at, together in groupby(entries, key=attrgetter("at")):
        told = list(together)
        covered = {one.covers for one in told if one.covers}
        yield from (one for one in told if not covered or one.object_id not in covered)
