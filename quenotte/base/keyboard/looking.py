"""What the doors look at on each request: one login, one grant.

Apart from ``queries`` because ``access`` needs it too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

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
    row: Any = Sitting.objects.filter(id=wanted).values_list(*_COLUMNS).first()
    if row is None:
        return None
    values = list(row)
    values[3] = State(values[3])
    values[-1] = values[-1] or IDLE_LOCK_S
    return Login(*values)


def open_grant(person_id: UUID | None, patient_id: UUID) -> Grant | None:
    """Return the grant that opens this record to this person now; nobody has none."""
    if person_id is None:
        return None
    now = timezone.now()
    return Grant.objects.filter(
        person_id=person_id, patient_id=patient_id, granted_at__lte=now, expires_at__gt=now
    ).first()
