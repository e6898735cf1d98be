"""Reads of the documents of a record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.base.prepared import prepared
from quenotte.care.documents import copies, rules, wording
from quenotte.care.documents.boxes import patient_box
from quenotte.care.documents.models import Document, DocumentEvent, DocumentVersion, Kind

# Rooms that set papers ask here alone; how a patient is told on them is in ``boxes``.
__all__ = ["patient_box"]

#: Documents that the card of the record shows.
CARD_LENGTH = 5
#: Documents of one page of the list.
PAGE_LENGTH = 50

_COLUMNS = (
    "id",
    "kind",
    "title",
    "dated_on",
    "created_at",
    "signed_as",
    "source",
    "withdrawn_at",
    "cancelled_at",
    "current__media_type",
    "current__pages",
    "current__number",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as a line of a list."""

    id: UUID
    kind: str
    title: str
    dated_on: date
    created_at: datetime
    signed_as: str
    source: str
    withdrawn_at: datetime | None
    cancelled_at: datetime | None
    media_type: str
    pages: int
    number: int

    @property
    def kind_words(self) -> str:
        """The kind as it is shown."""
        return str(Kind(self.kind).label)

    @property
    def ended_words(self) -> str:
        """What it says of itself once it holds no more."""
        return wording.ended_words(self.kind)

    @property
    def is_once(self) -> bool:
        """Whether its file is asked on its own page, where one reads what it will say."""
        return copies.makes(self.source)

    @property
    def icon(self) -> str:
        """The picture that goes with what the file is."""
        return "image" if self.media_type.startswith("image/") else "file-text"


# ``hidden`` is everywhere the kinds that do not exist for who reads (``rules.hidden_from``).


def card_of(patient_id: UUID, hidden: tuple[str, ...]) -> list[Listed]:
    """Return the newest documents of a record, and one more when there are others."""
    return [Listed(*row) for row in _newest(patient_id, limit=CARD_LENGTH + 1, hidden=hidden)]


@prepared
def _newest(
    patient_id: UUID, *, limit: int, hidden: tuple[str, ...]
) -> QuerySet[Document, tuple[Any, ...]]:
    rows = _shown(patient_id, hidden)
    return rows.order_by("-dated_on", "-created_at").values_list(*_COLUMNS)[:limit]


def listed(
    patient_id: UUID,
    hidden: tuple[str, ...],
    *,
    asked: str = "",
    kind: str = "",
    withdrawn: bool = False,
    offset: int = 0,
) -> list[Listed]:
    """Return one page of the documents of a record, newest first, and one more.

    ``asked``: beginnings of words of the title, of the kind or of the document itself.
    """
    rows = Document.objects.filter(patient_id=patient_id, withdrawn_at__isnull=not withdrawn)
    rows = rows.exclude(kind__in=hidden)
    if kind:
        rows = rows.filter(kind=kind)
    words = rules.asked_words(asked)
    if words:
        rows = rows.filter(id__in=_found(rows, words))
    end = offset + PAGE_LENGTH + 1
    found = rows.order_by("-dated_on", "-created_at").values_list(*_COLUMNS)[offset:end]
    return [Listed(*row) for row in found]


def _found(rows: QuerySet[Document], words: list[str]) -> set[UUID]:
    """Return the ids of those that hold each word: a record has some hundreds at most."""
    named = [
        (row[0], rules.searched(f"{row[1]} {Kind(row[2]).label}"))
        for row in rows.values_list("id", "title", "kind")
    ]
    found: set[UUID] = {row[0] for row in named}
    for word in words:
        begins = f" {word}"
        inside = rows.filter(current__words__contains=begins).values_list("id", flat=True)
        found &= {id_ for id_, title in named if begins in title} | set(inside)
    return found


def handed_over(patient_id: UUID) -> QuerySet[Document]:
    """Return what goes with a record that is handed over: what was taken out stays."""
    rows = Document.objects.filter(patient_id=patient_id, withdrawn_at=None)
    return rows.select_related("current__blob").order_by("dated_on", "created_at")


def count_withdrawn(patient_id: UUID, hidden: tuple[str, ...]) -> int:
    """Return how many documents were taken out of a record's list."""
    rows = Document.objects.filter(patient_id=patient_id).exclude(withdrawn_at=None)
    return rows.exclude(kind__in=hidden).count()


def versions_of(document_id: UUID) -> list[DocumentVersion]:
    """Return the versions of a document, newest first, without their words."""
    rows = DocumentVersion.objects.filter(document_id=document_id)
    return list(rows.defer("words").select_related("blob").order_by("-number"))


def events_of(document_id: UUID) -> list[DocumentEvent]:
    """Return what happened to a document, newest first."""
    rows = DocumentEvent.objects.filter(document_id=document_id)
    return list(rows.select_related("from_patient"))


def was_printed(document_id: UUID) -> bool:
    """Tell whether a document is on paper already."""
    return last_out(document_id) > 0


def last_out(document_id: UUID) -> int:
    """Return the last time a document was printed or saved, as a number; 0: never."""
    out = DocumentEvent.objects.filter(document_id=document_id, what=DocumentEvent.What.PRINTED)
    return out.order_by("-id").values_list("id", flat=True).first() or 0


def taken_from(patient_id: UUID, hidden: tuple[str, ...]) -> list[DocumentEvent]:
    """Return the documents that were found not to be this patient's."""
    rows = DocumentEvent.objects.filter(from_patient_id=patient_id)
    return list(rows.exclude(document__kind__in=hidden)[:20])


def told(
    patient_id: UUID, hidden: tuple[str, ...], limit: int, before: datetime | None
) -> list[Listed]:
    """Return the documents that entered a record last, for the timeline."""
    if before is None:
        rows = _entered(patient_id, limit=limit, hidden=hidden)
    else:
        rows = _entered_before(patient_id, before, limit=limit, hidden=hidden)
    return [Listed(*row) for row in rows]


@prepared
def _entered(
    patient_id: UUID, *, limit: int, hidden: tuple[str, ...]
) -> QuerySet[Document, tuple[Any, ...]]:
    rows = _shown(patient_id, hidden)
    return rows.order_by("-created_at").values_list(*_COLUMNS)[:limit]


@prepared
def _entered_before(
    patient_id: UUID, before: datetime, *, limit: int, hidden: tuple[str, ...]
) -> QuerySet[Document, tuple[Any, ...]]:
    rows = _shown(patient_id, hidden).filter(created_at__lt=before)
    return rows.order_by("-created_at").values_list(*_COLUMNS)[:limit]


def _shown(patient_id: UUID, hidden: tuple[str, ...]) -> QuerySet[Document]:
    rows = Document.objects.filter(patient_id=patient_id, withdrawn_at=None)
    return rows.exclude(kind__in=hidden)


def patient_of(document_id: UUID) -> UUID | None:
    """Return whose document it is: what an emergency grant is asked about."""
    return Document.objects.filter(id=document_id).values_list("patient_id", flat=True).first()


def made_by(source: str) -> Document | None:
    """Return the document that something made (« prescription:<uuid> »)."""
    return Document.objects.filter(source=source).select_related("current").first()


def duplicate_words(who: str) -> str:
    """Return what a paper that is printed or handed out again says, on paper and on the page."""
    day = date_format(timezone.localdate(), "j F Y")
    return _("Duplicata du %(day)s, par %(who)s") % {"day": day, "who": who}


def files_of(patient_ids: Iterable[UUID]) -> Iterator[str]:
    """Yield the digests of some patients' documents, the newest first."""
    rows = DocumentVersion.objects.filter(document__patient_id__in=list(patient_ids))
    yield from rows.order_by("-added_at").values_list("blob_id", flat=True).iterator()
