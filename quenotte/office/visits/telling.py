"""What a record tells of its visits: one line for each, with its acts and its note; one query."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, Substr

from quenotte.base.prepared import prepared
from quenotte.care.chart import queries as chart
from quenotte.office.visits.models import Visit

#: No visit ends later.
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
#: Characters of a note that are read for the line that tells it.
_FIRST_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class VisitTold:
    """A visit that has ended, in the words of a line; ``at``: signed, or closed unsigned."""

    id: UUID
    at: datetime
    acts: list[str]
    note: str
    who: str
    note_id: UUID | None
    is_corrected: bool
    amended_at: datetime | None

    @property
    def is_to_sign(self) -> bool:
        """Whether the note waits for a signature."""
        return self.note_id is None and bool(self.note.strip())


def told(patient_id: UUID, limit: int, before: datetime | None = None) -> list[VisitTold]:
    """Return the visits of a patient that ended before a moment, latest first; one query."""
    rows = _told_rows(patient_id, before or _NEVER, limit=limit)
    found: dict[UUID, VisitTold] = {}
    for row in rows:
        ident, at, note_id, signed_as, signed, draft, names, is_corrected, amended = row[:9]
        label, teeth = row[9:]
        one = found.setdefault(
            ident,
            VisitTold(
                id=ident,
                at=at,
                acts=[],
                note=(signed if note_id else draft) or "",
                who=signed_as or " ".join(names.split()),
                note_id=note_id,
                is_corrected=is_corrected,
                amended_at=amended,
            ),
        )
        if label:
            one.acts.append(f"{label} {teeth}".strip())
    return list(found.values())


@prepared
def _told_rows(
    patient_id: UUID, before: datetime, *, limit: int
) -> QuerySet[Visit, tuple[Any, ...]]:
    """Return a row for each act of the latest visits, or one for a visit without any."""
    at = Coalesce("note__signed_at", "closed_at")
    ended = Visit.objects.filter(patient_id=patient_id, closed_at__isnull=False)
    latest = ended.annotate(at=at).filter(at__lt=before).order_by("-at")[:limit]
    names = Concat(
        "practitioner__title", Value(" "), "practitioner__first_name", Value(" "),
        "practitioner__last_name",
    )  # fmt: skip
    rows = Visit.objects.filter(id__in=latest.values("id")).annotate(
        at=at,
        done=FilteredRelation("acts", condition=Q(acts__undone_at=None)),
        signed=Substr("note__text", 1, _FIRST_WORDS),
        draft=Substr("note_text", 1, _FIRST_WORDS),
        names=names,
        is_corrected=Exists(chart.corrections_of(OuterRef("note_id"))),
    )
    return rows.order_by("-at", "id", "done__done_at", "done__id").values_list(
        "id", "at", "note_id", "note__signed_as", "signed", "draft", "names", "is_corrected",
        "amended_at", "done__label", "done__teeth",
    )  # fmt: skip
