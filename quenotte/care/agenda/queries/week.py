"""The window of the grid: some days, compact enough to be asked again at each change."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.utils import timezone

from quenotte.care.agenda import rules
from quenotte.care.agenda.models import Appointment, AppointmentType, Pin
from quenotte.care.agenda.queries.columns import (
    Column,
    chairs,
    practitioners,
    settings_of,
    types,
)
from quenotte.care.agenda.queries.opening import Closure, closures
from quenotte.kernel.names import display_name

#: One letter a status, in the order of ``rules.STATUSES``.
LETTERS = dict(zip(rules.STATUSES, "bcaidmx", strict=True))

_COLUMNS = (
    "id",
    "starts_at",
    "ends_at",
    "practitioner_id",
    "chair_id",
    "kind_id",
    "status",
    "version",
    "assistant_minutes",
    "title",
    "patient__birth_name",
    "patient__used_name",
    "patient__first_birth_first_name",
)


def window(practice_id: UUID, first: date, days: int) -> dict[str, Any]:
    """Return some days of the agenda as plain values for the grid, in few queries.

    Keys: ``from`` (ISO day), ``days``, ``now`` (ISO instant), ``step`` (minutes), ``zone``;
    ``people``, ``chairs`` [id, name]; ``types`` [id, name, colour, minutes, assistant minutes];
    ``pins`` ids of appointments; ``closed`` [day, start, end, person, code, words];
    ``rows`` [id, day, start, minutes, person, chair, type, status letter, patient, title,
    version, assistant minutes].

    ``day`` counts from ``from``; ``start`` and ``end`` are minutes of the wall clock from that
    midnight; ``person``, ``chair``, ``type`` are places in their lists, -1 for none: a closure
    of -1 is everybody's. People and types that only these appointments refer to are listed too.
    """
    zone = timezone.get_default_timezone()
    last = first + timedelta(days=days - 1)
    rows = _rows(practice_id, rules.day_period(first, zone), rules.day_period(last, zone))
    people = _Places(practitioners(practice_id, also={row[3] for row in rows}))
    seats = _Places(chairs(practice_id))
    kinds = types(practice_id, also={row[5] for row in rows if row[5]})
    closed = closures(practice_id, first, last, people.ids)
    kind_places = {kind.id: place for place, kind in enumerate(kinds)}
    return {
        "from": first.isoformat(),
        "days": days,
        "now": timezone.now().isoformat(),
        "zone": timezone.get_default_timezone_name(),
        "step": settings_of(practice_id).step_minutes,
        "people": people.listed,
        "chairs": seats.listed,
        "types": [_kind(kind) for kind in kinds],
        "pins": [str(ident) for ident in _pinned(practice_id)],
        "closed": [_closed(it, first, people) for it in closed],
        "rows": [_packed(row, first, zone, people, seats, kind_places) for row in rows],
    }


class _Places:
    """Columns in their order, and the place of each."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.ids = []
        self.listed = []
        for column in columns:
            self.ids.append(column.id)
            self.listed.append([str(column.id), column.name])
        self._places = {ident: place for place, ident in enumerate(self.ids)}

    def of(self, ident: UUID | None) -> int:
        """Return the place of a column, -1 for none."""
        return self._places.get(ident, -1) if ident else -1


def _rows(practice_id: UUID, first: rules.Period, last: rules.Period) -> list[tuple[Any, ...]]:
    found = Appointment.objects.filter(
        practice_id=practice_id, starts_at__gte=first.starts_at, starts_at__lt=last.ends_at
    )
    return list(found.order_by("starts_at").values_list(*_COLUMNS))


def _packed(
    row: tuple[Any, ...],
    first: date,
    zone: tzinfo,
    people: _Places,
    seats: _Places,
    kinds: Mapping[UUID, int],
) -> list[Any]:
    starts_at, ends_at = row[1], row[2]
    day, minute = divmod(rules.local_minute(starts_at, first, zone), rules.MINUTES_A_DAY)
    return [
        str(row[0]),
        day,
        minute,
        round((ends_at - starts_at).total_seconds() / 60),
        people.of(row[3]),
        seats.of(row[4]),
        kinds.get(row[5], -1),
        LETTERS[row[6]],
        display_name(row[10], row[11], row[12]),
        row[9],
        row[7],
        row[8],
    ]


def _kind(kind: AppointmentType) -> list[Any]:
    return [str(kind.id), kind.name, kind.colour, kind.minutes, kind.assistant_minutes]


def _closed(closure: Closure, first: date, people: _Places) -> list[Any]:
    return [
        (closure.day - first).days,
        closure.start_minute,
        closure.end_minute,
        people.of(closure.practitioner_id),
        closure.code,
        closure.words,
    ]


def _pinned(practice_id: UUID) -> list[UUID]:
    pins = Pin.objects.filter(appointment__practice_id=practice_id)
    return list(pins.values_list("appointment_id", flat=True))
