"""What the chart shows on the patient page."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.chart import cards, queries
from quenotte.care.chart.forms import NoteForm
from quenotte.web import kept
from quenotte.web.links import link_to
from quenotte.web.timeline import Entry, first_words

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Notes read for the patient page, shown whole or told by the timeline.
_FIRST_NOTES = 20


def mouth(request: HttpRequest, patient: "Patient") -> str:
    """Draw the chart of the mouth; nothing for those who may not read it."""
    if not _may_read(request):
        return ""
    found = queries.mouth_on(patient.id, patient.born_on, timezone.localdate())
    return cards.chart(request, patient, found)


def notes(request: HttpRequest, patient: "Patient") -> str:
    """Draw the notes and the place where the next one is typed."""
    if not _may_read(request):
        return ""
    page = queries.page_of(_first_notes(request, patient), queries.NOTES_SHOWN)
    begun = queries.draft_of(actor_of(request), queries.draft_key(patient.id))
    context = {"patient": patient, "page": page, "form": note_form(request, patient, begun)}
    return render_to_string("care/chart/_notes.html", context, request)


def note_form(request: HttpRequest, patient: "Patient", text: str = "", error: str = "") -> str:
    """Draw where the next note is typed; nothing for those who may not write one."""
    if not may(actor_of(request).roles, "chart.write"):
        return ""
    places = {
        "write_url": link_to("chart:write", patient.id),
        "draft_key": queries.draft_key(patient.id),
        "text": text,
        "who": actor_of(request).person_label,
        "key": str(uuid4()),
    }
    label = NoteForm.base_fields["text"].label
    return kept.drawn_form(
        "care/chart/_note_form.html", request, fill=places, label=str(label), error=error
    )


def told(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline which notes were signed."""
    if not _may_read(request):
        return []
    if before is None:
        notes = _first_notes(request, patient)
    else:
        notes = queries.notes_of(patient.id, limit, before)
    shown = {note.id for note in _first_notes(request, patient)[: queries.NOTES_SHOWN]}
    record, older = (link_to(name, patient.id) for name in ("patients:record", "chart:notes"))
    return (
        Entry(
            at=note.signed_at,
            kind="note",
            icon="file-text",
            title=_("Note corrigée depuis") if note.corrected_by else _("Note de séance"),
            text=first_words(note.text),
            url=_address(record if note.id in shown else older, note, is_shown=note.id in shown),
            author=note.signed_as,
            object_id=str(note.id),
        )
        for note in notes[:limit]
    )


def _address(page: str, note: queries.SignedNote, *, is_shown: bool) -> str:
    """Lead to the note on the record, or to the page that opens with it."""
    if is_shown:
        return f"{page}#note-{note.id}"
    after = urlencode({"avant": (note.signed_at + timedelta(microseconds=1)).isoformat()})
    return f"{page}?{after}#note-{note.id}"


def _first_notes(request: HttpRequest, patient: "Patient") -> list[queries.SignedNote]:
    """Read once what the notes and the timeline of one page both show."""
    kept: dict[UUID, list[queries.SignedNote]] = request.__dict__.setdefault("_first_notes", {})
    if patient.id not in kept:
        kept[patient.id] = queries.notes_of(patient.id, _FIRST_NOTES)
    return kept[patient.id]


def _may_read(request: HttpRequest) -> bool:
    return may(actor_of(request).roles, "chart.read")
