"""What the doors look at on each request: one login, one grant.

Apart from ``queries`` because ``access`` needs it too.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from quenotte.base.keyboard.models import Grant, Sitting
from quenotte.base.keyboard.rules import State
from quenotte.base.practice.rules import IDLE_LOCK_S

_COLUMNS = (
    "id",
    "person_id",
    "workstation_id",
    "state",
    "opened_at",
    "last_input_at",
    "proven_at",
    "locked_at",
    "needs_factor",
    "needs_reason",
    "reason",
    "glass_until",
    "workstation__idle_lock_s",
)


@dataclass(frozen=True)
class Login:
    """What a request must know of the login it comes with; read at each of them."""

    id: UUID
    person_id: UUID
    workstation_id: UUID | None
    state: State
    opened_at: datetime
    last_input_at: datetime
    proven_at: datetime
    locked_at: datetime | None
    needs_factor: bool
    needs_reason: bool
    reason: str
    glass_until: datetime | None
    idle_s: int


def look(sitting_id: object) -> Login | None:
    """Return a login by its id, in one query; None when there is no such login."""
    try:
        wanted = UUID(str(sitting_id))
    except ValueError:
        return None
    question = _question(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(question.sql, [Sitting._meta.pk.get_db_prep_value(wanted, connection)])
        row = cursor.fetchone()
    if row is None:
        return None
    values: list[Any] = list(row)
    for place, (converters, expression) in question.converters.items():
        for convert in converters:
            values[place] = convert(values[place], expression, connection)
    values[3] = State(values[3])
    values[-1] = values[-1] or IDLE_LOCK_S
    return Login(*values)


@dataclass(frozen=True)
class _Question:
    sql: str
    converters: dict[int, Any]


@cache
def _question(vendor: str) -> _Question:
    """Build the question once: it is asked at each request, and building costs more than it."""
    found = Sitting.objects.filter(id=UUID(int=0)).values_list(*_COLUMNS)
    compiler = found.query.get_compiler(connection=connection)
    sql, _ = compiler.as_sql()
    return _Question(sql, compiler.get_converters([one[0] for one in compiler.select]))


def open_grant(person_id: UUID | None, patient_id: UUID) -> Grant | None:
    """Return the grant that opens this record to this person now; nobody has none."""
    if person_id is None:
        return None
    now = timezone.now()
    return Grant.objects.filter(
        person_id=person_id, patient_id=patient_id, granted_at__lte=now, expires_at__gt=now
    ).first()
