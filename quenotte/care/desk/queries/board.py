"""Reads of the board."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.care.desk.models import BoardNote, BoardReading
from quenotte.care.desk.rules.board import may_take_down

#: Under which key the draft of a new word is kept.
NEW_WORD: Final = "desk:word"


@dataclass(frozen=True, slots=True)
class Word:
    """A pinned word and who has read it."""

    id: UUID
    text: str
    author: str
    pinned_at: datetime
    shown_until: date
    readers: list[str]
    is_read: bool
    may_take_down: bool
    is_down: bool

    @property
    def read_by(self) -> str:
        """Who has read it, in words."""
        return ", ".join(self.readers)


def board(actor: Actor) -> list[Word]:
    """Return the words pinned today, the newest first; two queries."""
    today = timezone.localdate()
    rows = BoardNote.objects.filter(
        practice_id=actor.own_practice_id, taken_down_at=None, shown_until__gte=today
    )
    return _words(actor, rows[:20])


def past_words(actor: Actor, limit: int = 30) -> list[Word]:
    """Return the words that came down lately, the newest first."""
    over = Q(taken_down_at__isnull=False) | Q(shown_until__lt=timezone.localdate())
    rows = BoardNote.objects.filter(over, practice_id=actor.own_practice_id)
    return _words(actor, rows[:limit])


def _words(actor: Actor, rows: QuerySet[BoardNote]) -> list[Word]:
    readings = Prefetch("readings", BoardReading.objects.select_related("person"))
    return [_word(actor, note) for note in rows.select_related("author").prefetch_related(readings)]


def _word(actor: Actor, note: BoardNote) -> Word:
    readings = list(note.readings.all())
    return Word(
        id=note.id,
        text=note.text,
        author=note.author.full_name,
        pinned_at=note.pinned_at,
        shown_until=note.shown_until,
        readers=[one.person.full_name for one in readings if one.person_id != note.author_id],
        is_read=any(one.person_id == actor.person_id for one in readings),
        may_take_down=may_take_down(note.author_id, actor.own_person_id, actor.roles),
        is_down=note.taken_down_at is not None,
    )
