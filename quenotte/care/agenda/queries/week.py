"""The window of the grid: some days, compact enough to be asked again at each change."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from quenotte.base.prepared import prepared
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
    pack = _Packing(first, zone, people, seats, [kind.id for kind in kinds])
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
        "rows": [pack.row(*row) for row in rows],
    }


class _Places:
    """Columns in their order, and the place of each."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.ids = []
        self.listed = []
        for column in columns:
            self.ids.append(column.id)
            self.listed.append([str(column.id), column.name])
        self.places = _places(self.ids)

    def of(self, ident: UUID | None) -> int:
        """Return the place of a column, -1 for none."""
        return self.places[str(ident)] if ident else -1


def _places(ids: Iterable[UUID]) -> dict[str, int]:
    """Return the place of each identifier as either engine writes it: PostgreSQL with dashes."""
    places = {}
    for place, ident in enumerate(ids):
        places[str(ident)] = places[ident.hex] = place
    return places


def _rows(practice_id: UUID, first: rules.Period, last: rules.Period) -> list[tuple[Any, ...]]:
    return _rows_between(practice_id, first.starts_at, last.ends_at)


@prepared
def _rows_between(
    practice_id: UUID, start: datetime, end: datetime
) -> QuerySet[Appointment, tuple[Any, ...]]:
    found = Appointment.objects.filter(
        practice_id=practice_id, starts_at__gte=start, starts_at__lt=end
    )
    return found.order_by("starts_at").values_list(*_COLUMNS)


class _Packing:
    """Makes the row of the grid from one of the database.

    In a full week several practitioners begin at the same instants: each is read once, and so is
    the length of those that also end together.
    """

    def __init__(
        self, first: date, zone: tzinfo, people: _Places, seats: _Places, kinds: Iterable[UUID]
    ) -> None:
        self._first, self._zone = first, zone
        self._people, self._seats, self._kinds = people.places, seats.places, _places(kinds)
        self._starts: dict[str, tuple[int, int]] = {}
        self._minutes: dict[tuple[str, str], int] = {}

    def row(
        self,
        ident: str,
        starts_at: str,
        ends_at: str,
        practitioner: str,
        chair: str | None,
        kind: str | None,
        status: str,
        version: int,
        assistant_minutes: int,
        title: str,
        *names: str,
    ) -> list[Any]:
        """Return what ``window`` lists of an appointment."""
        start = self._starts.get(starts_at) or self._start(starts_at)
        minutes = self._minutes.get((starts_at, ends_at))
        if minutes is None:
            minutes = self._length(starts_at, ends_at)
        return [
            ident if "-" in ident else _dashed(ident),
            *start,
            minutes,
            self._people[practitioner],
            self._seats.get(chair, -1) if chair else -1,
            self._kinds.get(kind, -1) if kind else -1,
            LETTERS[status],
            display_name(*names),
            title,
            version,
            assistant_minutes,
        ]

    def _start(self, text: str) -> tuple[int, int]:
        minute = rules.local_minute(_instant(text), self._first, self._zone)
        found = self._starts[text] = divmod(minute, rules.MINUTES_A_DAY)
        return found

    def _length(self, start: str, end: str) -> int:
        found = rules.minutes_between(_instant(start), _instant(end))
        self._minutes[start, end] = found
        return found


def _instant(text: str) -> datetime:
    """Return an instant as both engines write it: in UTC, PostgreSQL with the offset."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _ids(texts: Iterable[str | None]) -> set[UUID]:
    return {UUID(text) for text in set(texts) if text}


def _dashed(digits: str) -> str:
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
