"""Reads of the list of those to telephone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from quenotte.base.people import queries as people
from quenotte.base.people.rules import Role
from quenotte.care.desk.models import Callback
from quenotte.care.desk.rules.tasks import Due, due_of
from quenotte.kernel.phones import display_phone

_LONGEST: Final = 200
_NAMES: Final = ("patient", "author", "done_by")


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody to telephone, as a line of the list."""

    id: UUID
    name: str
    patient_id: UUID | None
    phone: str
    dialled: str
    reason: str
    due_on: date
    due: Due
    author: str
    tries: int
    tried_at: datetime | None
    done_at: datetime | None
    done_by: str
    version: int

    @property
    def tone(self) -> str:
        """The colour of its due date."""
        return {Due.LATE: "danger", Due.TODAY: "attention"}.get(self.due, "neutral")


def new_callback_key(patient_id: UUID | None) -> str:
    """Return under which key the draft of a new callback is kept: one for each patient."""
    return f"desk:callback:of:{patient_id}" if patient_id else "desk:callback"


def callbacks_to_do(practice_id: UUID, *, until: date | None = None) -> list[Line]:
    """Return whom to telephone, the most urgent first; ``until`` leaves out later days."""
    rows = Callback.objects.filter(practice_id=practice_id, done_at=None)
    if until is not None:
        rows = rows.filter(due_on__lte=until)
    return _lines(rows.order_by("due_on", "created_at")[:_LONGEST])


def callbacks_done(practice_id: UUID, limit: int = 50) -> list[Line]:
    """Return who was reached lately, the latest first."""
    rows = Callback.objects.filter(practice_id=practice_id, done_at__isnull=False)
    return _lines(rows.order_by("-done_at")[:limit])


def callback_of(practice_id: UUID, callback_id: UUID) -> Line | None:
    """Return one line, None when it is not of this practice."""
    found = _lines(Callback.objects.filter(practice_id=practice_id, id=callback_id))
    return found[0] if found else None


def has_reception(practice_id: UUID) -> bool:
    """Tell whether somebody works at the reception of this practice."""
    accounts = people.accounts(practice_id)
    return accounts.filter(role=Role.SECRETARY.value, is_active=True).exists()


def _lines(rows: QuerySet[Callback]) -> list[Line]:
    today = timezone.localdate()
    return [_line(row, today) for row in rows.select_related(*_NAMES)]


def _line(row: Callback, today: date) -> Line:
    return Line(
        id=row.id,
        name=row.patient.full_name if row.patient else row.name,
        patient_id=row.patient_id,
        phone=display_phone(row.phone),
        dialled=row.phone,
        reason=row.reason,
        due_on=row.due_on,
        due=due_of(row.due_on, today),
        author=row.author.full_name,
        tries=row.tries,
        tried_at=row.tried_at,
        done_at=row.done_at,
        done_by=row.done_by.full_name if row.done_by else "",
        version=row.version,
    )
