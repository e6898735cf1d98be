"""Reads about the mouth: what is charted, and the notes."""

from quenotte.care.chart.queries.mouths import days_of, mouth_on, sources_of, trail
from quenotte.care.chart.queries.notes import (
    NOTES_SHOWN,
    NotesPage,
    SignedNote,
    correction_key,
    corrections_of,
    draft_key,
    draft_of,
    every_note,
    note_of,
    notes_of,
    notes_page,
    page_of,
    with_corrections,
)
from quenotte.care.chart.queries.objections import objector

__all__ = [
    "NOTES_SHOWN",
    "NotesPage",
    "SignedNote",
    "correction_key",
    "corrections_of",
    "days_of",
    "draft_key",
    "draft_of",
    "every_note",
    "mouth_on",
    "note_of",
    "notes_of",
    "notes_page",
    "objector",
    "page_of",
    "sources_of",
    "trail",
    "with_corrections",
]
