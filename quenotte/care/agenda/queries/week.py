"""The window of the grid: some days, compact enough to be asked again at each change."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone

from quenotte.care.agenda import rules
from quenotte.care.agenda.models import Appointment, AppointmentType, Pin
from quenotte.care.agenda.queries.columns import (
    Column,
    chairs,
    practitioners,
    types,
)
from quenotte.care.agenda.queries.opening import Closure, closures_in, opening
from quenotte.kernel.names import display_name

#: One letter a status, in the order of ``rules.STATUSES``.
LETTERS = dict(zip(rules.STATUSES, "bcaidmx", strict=True))

# Identifiers and instants are read as text: what Django makes of each costs more than the rest.
_COLUMNS = (
    Cast("id", CharField()),
    Cast("starts_at", CharField()),
    Cast("ends_at", CharField()),
    Cast("practitioner_id", CharField()),
    Cast("chair_id", CharField()),
    Cast("kind_id", CharField()),
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
    people = _Places(practitioners(practice_id, also=_ids(row[3] for row in rows)))
    seats = _Places(chairs(practice_id))
    kinds = list(types(practice_id, also=_ids(row[5] for row in rows)))
    kind_places = {kind.id.hex: place for place, kind in enumerate(kinds)}
    known = opening(practice_id, first, last)
    closed = closures_in(known, first, last, people.ids)
    return {
        "from": first.isoformat(),
        "days": days,
        "now": timezone.now().isoformat(),
        "zone": timezone.get_default_timezone_name(),
        "step": known.settings.step_minutes,
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
        self.places = {ident.hex: place for place, ident in enumerate(self.ids)}

    def of(self, ident: UUID | None) -> int:
        """Return the place of a column, -1 for none."""
        return self.places[ident.hex] if ident else -1


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
    kinds: Mapping[str, int],
) -> list[Any]:
    starts_at, ends_at = _instant(row[1]), _instant(row[2])
    day, minute = divmod(rules.local_minute(starts_at, first, zone), rules.MINUTES_A_DAY)
    return [
        _dashed(row[0]),
        day,
        minute,
        round((ends_at - starts_at).total_seconds() / 60),
        people.places[_bare(row[3])],
        seats.places.get(_bare(row[4]), -1),
        kinds.get(_bare(row[5]), -1),
        LETTERS[row[6]],
        display_name(row[10], row[11], row[12]),
        row[9],
        row[7],
        row[8],
    ]


def _instant(text: str) -> datetime:
    """Return an instant as both engines write it: in UTC, PostgreSQL with the offset."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _ids(texts: Iterable[str | None]) -> set[UUID]:
    return {UUID(text) for text in set(texts) if text}


def _bare(text: str | None) -> str:
    """Return the 32 digits of an identifier: PostgreSQL writes dashes, SQLite does not."""
    return text.replace("-", "") if text else ""


def _dashed(text: str) -> str:
    digits = _bare(text)
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


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
    pins = Pin.objects.filter(person__practice_id=practice_id)
    return list(pins.values_list("appointment_id", flat=True))
