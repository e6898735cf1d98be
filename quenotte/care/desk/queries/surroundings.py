"""What is to do for one patient, as her record shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, QuerySet, Value
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.prepared import prepared
from quenotte.care.desk.models import Callback
from quenotte.care.desk.queries.tasks import concerning, whom_words
from quenotte.care.desk.rules.tasks import Due, due_of
from quenotte.kernel.phones import display_phone

#: Lines of each kind on a record.
_SHOWN: Final = 20
_CALL: Final = "call"


@dataclass(frozen=True, slots=True)
class ToDo:
    """A task (``whom`` it is for), or somebody to telephone (``phone``)."""

    id: UUID
    text: str
    due_on: date | None
    due: Due
    created_at: datetime
    whom: str = ""
    phone: str = ""
    is_call: bool = False


def to_do_for(actor: Actor, patient_id: UUID, *, with_calls: bool) -> list[ToDo]:
    """Return what is to do for a patient and concerns the reader, what is due first; one query."""
    rows = _rows(
        actor.own_person_id,
        actor.own_practice_id,
        patient_id,
        roles=frozenset(actor.roles),
        with_calls=with_calls,
    )
    return sorted(_read(rows), key=lambda one: (one.due_on or date.max, one.created_at))


@prepared
def _rows(
    person_id: UUID,
    practice_id: UUID,
    patient_id: UUID,
    *,
    roles: frozenset[Any],
    with_calls: bool,
) -> QuerySet[Any, tuple[Any, ...]]:
    mine = concerning(person_id, practice_id, roles).filter(patient_id=patient_id, done_at=None)
    tasks = mine.order_by().values_list(
        Value("task", CharField()), "id", "text", "due_on", "created_at", "role",
        "person__title", "person__first_name", "person__last_name",
    )  # fmt: skip
    if not with_calls:
        return tasks[:_SHOWN]
    nothing = Value("", CharField())
    found = Callback.objects.filter(practice_id=practice_id, patient_id=patient_id, done_at=None)
    calls = found.order_by().values_list(
        Value(_CALL, CharField()), "id", "reason", "due_on", "created_at", "phone",
        nothing, nothing, nothing,
    )  # fmt: skip
    return tasks.union(calls, all=True)[: 2 * _SHOWN]


def _read(rows: list[tuple[Any, ...]]) -> Iterator[ToDo]:
    today = timezone.localdate()
    for kind, ident, text, due_on, created_at, other, *names in rows:
        due = due_of(due_on, today)
        if kind == _CALL:
            phone = display_phone(other)
            yield ToDo(ident, text, due_on, due, created_at, phone=phone, is_call=True)
        else:
            name = " ".join(part for part in names if part)
            yield ToDo(ident, text, due_on, due, created_at, whom=whom_words(name, other))
