"""Reading the journal: one practice, newest first, by pages that never slow down."""

import heapq
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import COLUMNS, UNSURE, WENT_WELL, Actor, seal_of
from quenotte.base.prepared import prepared

PAGE = 50
_CHUNK = 1000


@dataclass(frozen=True)
class Wanted:
    """Which lines a reader wants; what is None does not count. Dates are local, both included."""

    person_id: UUID | None = None
    action: str = ""
    patient_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    result: str = ""


def page(practice_id: UUID, wanted: Wanted, *, before: int | None = None) -> tuple[list[Line], int]:
    """Return the next ``PAGE`` lines, newest first, and the number to ask the rest with (or 0).

    The lines without practice are shown too: refused logins from a machine nobody knows.
    """
    lines = list(islice(_newest(practice_id, wanted, before, PAGE + 1), PAGE + 1))
    more = lines[PAGE - 1].number if len(lines) > PAGE else 0
    return lines[:PAGE], more


def every(practice_id: UUID, wanted: Wanted) -> Iterator[Line]:
    """Yield all the wanted lines, newest first, in constant memory."""
    before: int | None = None
    while True:
        lines = list(islice(_newest(practice_id, wanted, before, _CHUNK), _CHUNK))
        yield from lines
        if len(lines) < _CHUNK:
            return
        before = lines[-1].number


def has_lines_since(number: int, *, besides: str) -> bool:
    """Tell whether anything was written after a line, things of the kind ``besides`` aside."""
    return Line.objects.filter(number__gt=number).exclude(object_kind=besides).exists()


def was_written(first: datetime | None, last: datetime) -> bool:
    """Tell whether a line was written between two instants; None: ever until the second."""
    found = Line.objects.filter(at__lte=last)
    return (found if first is None else found.filter(at__gte=first)).exists()


def last_number() -> int:
    """Return the number of the last line; 0 when there is none."""
    found = Line.objects.order_by("-number").values_list("number", flat=True).first()
    return found or 0


def staff(practice_id: UUID) -> list[tuple[UUID, str]]:
    """Return the people of the practice, those who left included, for the filter."""
    people = get_user_model()._default_manager.filter(practice_id=practice_id)
    return [(person.pk, person.full_name) for person in people]


def _newest(practice_id: UUID, wanted: Wanted, before: int | None, count: int) -> Iterator[Line]:
    if wanted.person_id or wanted.patient_id:
        # Few lines, found by their own index: this way of asking keeps the planner from
        # walking the whole practice instead.
        ours = Coalesce("practice_id", Value(practice_id, UUIDField()))
        lines = Line.objects.alias(ours=ours).filter(ours=practice_id)
        return iter(_matching(lines, wanted, before)[:count])
    # Two walks down an index: an OR would make SQLite sort a million lines.
    walks = [
        _matching(Line.objects.filter(owner), wanted, before)[:count]
        for owner in (Q(practice_id=practice_id), Q(practice_id__isnull=True))
    ]
    return heapq.merge(*walks, key=lambda line: line.number, reverse=True)


def _matching(lines: QuerySet[Line], wanted: Wanted, before: int | None) -> QuerySet[Line]:
    if before is not None:
        lines = lines.filter(number__lt=before)
    if wanted.person_id:
        lines = lines.filter(person_id=wanted.person_id)
    if wanted.action:
        lines = lines.filter(action=wanted.action)
    if wanted.patient_id:
        lines = lines.filter(patient_id=wanted.patient_id)
    if wanted.result == "ok":
        lines = lines.filter(result__in=WENT_WELL)
    elif wanted.result:
        # The first condition is that of the partial index.
        lines = lines.filter(~Q(result="ok")).exclude(result__in=WENT_WELL)
    return _between(lines, wanted).order_by("-number")


def _between(lines: QuerySet[Line], wanted: Wanted) -> QuerySet[Line]:
    if wanted.since:
        start = _midnight(wanted.since)
        lines = lines.filter(at__gte=start, number__gte=_number_at(start - _SLACK))
    if wanted.until:
        end = _midnight(wanted.until + timedelta(days=1))
        lines = lines.filter(at__lt=end, number__lte=_number_at(end + _SLACK))
    return lines


#: Two lines written together may be numbered against their times, and a clock may be set.
_SLACK = timedelta(hours=2)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _number_at(moment: datetime) -> int:
    """Return the number of the first line at or after ``moment``: numbers grow with time."""
    low = 0
    high = Line.objects.order_by("-number").values_list("number", flat=True).first() or 0
    while low < high:
        middle = (low + high) // 2
        near = Line.objects.filter(number__gte=middle).order_by("number")
        number, at = cast("tuple[int, datetime]", near.values_list("number", "at").first())
        if at < moment:
            low = number + 1
        else:
            high = middle
    return low


def has_opened(actor: Actor, patient_id: UUID, *, since: datetime) -> bool:
    """Return whether this person opened (or created) this record here since that instant.

    « Here » is her workstation: who sits down elsewhere leaves another line. An appointment
    booked for a patient, or a picture looked at, opens no record.
    """
    if actor.person_id is None:
        return False
    return bool(_openings(patient_id, actor.person_id, actor.workstation, since))


@prepared
def _openings(
    patient_id: UUID, person_id: UUID, workstation: str, since: datetime
) -> QuerySet[Line, int]:
    return Line.objects.filter(
        patient_id=patient_id,
        person_id=person_id,
        workstation=workstation,
        at__gte=since,
        action__in=("create", "read"),
        object_kind="patient",
        result="ok",
    ).values_list("number", flat=True)[:1]


def has_looked(
    actor: Actor,
    object_kind: str,
    object_id: str = "",
    *,
    patient_id: UUID | None = None,
    since: datetime,
) -> bool:
    """Return whether this person read an object here since that instant.

    An object of nobody's record, or of this patient's.
    """
    if actor.person_id is None:
        return False
    where = actor.person_id, object_kind, object_id, since, actor.workstation
    return bool(_looks(*where) if patient_id is None else _looks_at(*where, patient_id))


@prepared
def _looks(
    person_id: UUID, kind: str, object_id: str, since: datetime, workstation: str
) -> "QuerySet[Line, int]":
    # The first two conditions are those of the partial index.
    return _of(person_id, kind, object_id, since, workstation).filter(patient_id=None)[:1]


@prepared
def _looks_at(
    person_id: UUID, kind: str, object_id: str, since: datetime, workstation: str, patient_id: UUID
) -> "QuerySet[Line, int]":
    looks = _of(person_id, kind, object_id, since, workstation)
    return looks.filter(patient_id=patient_id)[:1]


def _of(
    person_id: UUID, kind: str, object_id: str, since: datetime, workstation: str
) -> "QuerySet[Line, int]":
    found = Line.objects.filter(
        action="read",
        person_id=person_id,
        object_kind=kind,
        object_id=object_id,
        at__gte=since,
        workstation=workstation,
        result="ok",
    )
    # Any of them will do: in no order, or another index would be walked.
    return found.order_by().values_list("number", flat=True)


def last_change(patient_id: UUID) -> tuple[str, datetime] | None:
    """Return who changed the fields of this record last, and when."""
    return _identity_changes(patient_id).values_list("person_label", "at").first()


def identity_changes(patient_id: UUID, limit: int, before: datetime | None = None) -> list[Line]:
    """Return the lines that opened this record or changed its identity, newest first."""
    if before is None:
        return _identity_lines(patient_id, limit=limit)
    return list(_identity_changes(patient_id).filter(at__lt=before)[:limit])


def _identity_changes(patient_id: UUID) -> QuerySet[Line]:
    return Line.objects.filter(
        patient_id=patient_id,
        action__in=("create", "change"),
        object_kind__in=("patient", "identity"),
        result="ok",
    ).order_by("-at", "-number")


@prepared
def _identity_lines(patient_id: UUID, *, limit: int) -> QuerySet[Line]:
    return _identity_changes(patient_id)[:limit]


def object_history(patient_id: UUID, kind: str, object_id: str, limit: int) -> list[Line]:
    """Return the lines that made or changed one thing of a patient's, newest first."""
    lines = Line.objects.filter(
        patient_id=patient_id,
        object_kind=kind,
        object_id=object_id,
        action__in=("create", "change"),
        result="ok",
    )
    return list(lines.order_by("-number")[:limit])


def detail_of(number: int, kind: str, object_id: str) -> dict[str, Any]:
    """Return what one line says of one thing; nothing when it is about something else.

    Nor when its seal does not hold: somebody who has the database wrote there, and not the journal.
    """
    line = Line.objects.filter(number=number, object_kind=kind, object_id=object_id).first()
    return dict(line.detail) if line is not None and is_sealed(line) else {}


def is_sealed(line: Line) -> bool:
    """Tell whether a line is as it was written; whether any is gone, ``verify`` alone tells."""
    again = seal_of(settings.AUDIT_KEY, [getattr(line, name) for name in COLUMNS])
    return hmac.compare_digest(again, line.seal)


def changes_by_people(object_kind: str, object_id: str) -> list[Line]:
    """Return the lines, as they were written, of what people changed of a thing, newest first."""
    lines = Line.objects.filter(
        person_id__isnull=False,
        action="change",
        object_kind=object_kind,
        object_id=object_id,
        result="ok",
    )
    return [line for line in lines.order_by("-number") if is_sealed(line)]


def made_unasked(kind: str) -> QuerySet[Line]:
    """Return the lines that say that the application made something by itself, oldest first.

    Whether they are as they were written, ``is_sealed`` tells.
    """
    lines = Line.objects.filter(practice_id=None, action="create", object_kind=kind)
    return lines.filter(person_id=None, result="ok").order_by("number")


def made(practice_id: UUID, kind: str) -> QuerySet[Line]:
    """Return the lines of a practice that say that something of a kind was made, newest first."""
    lines = Line.objects.filter(practice_id=practice_id, action="create", object_kind=kind)
    return lines.filter(result="ok").order_by("-number")


def recently_opened(person_id: UUID, limit: int) -> list[UUID]:
    """Return the patients whose record this person opened last, newest first, each once."""
    lines = Line.objects.filter(
        person_id=person_id,
        patient_id__isnull=False,
        action__in=("create", "read"),
        object_kind="patient",
        result="ok",
    )
    # A few hundred lines hold the last ten records even on a busy day.
    opened = lines.order_by("-number").values_list("patient_id", flat=True)[:300]
    return [patient_id for patient_id in dict.fromkeys(opened) if patient_id][:limit]


@dataclass(frozen=True)
class Incidents:
    """How many lines of each sort are worth a look."""

    refused_logins: int = 0
    lockouts: int = 0
    refused_pages: int = 0
    stolen_logins: int = 0
    broken_glass: int = 0
    broken_seals: int = 0


#: A login that came from another browser than its own.
_STOLEN = Q(action="failure", object_kind="account", result="refused")
#: A page or something to look at that a role does not open. What two people changed at once, or
#: a slot that was taken, is refused too, and is nobody's fault.
_REFUSED_ACCESS = Q(result="refused") & (Q(object_kind="page") | Q(action="read"))
_INCIDENTS = {
    "refused_logins": Q(action="failure", result="failed"),
    "lockouts": Q(action="failure", result="locked"),
    "refused_pages": _REFUSED_ACCESS,
    "stolen_logins": _STOLEN,
    "broken_glass": Q(action="create", object_kind="grant", result="ok"),
    # Nothing vouched for the line before this one: the journal was cut or its head replaced.
    "broken_seals": Q(previous_seal=UNSURE),
}


def incidents(practice_id: UUID, since: datetime) -> Incidents:
    """Count what happened since an instant and is worth a look, in this practice or in none.

    Lines without practice count too: a login refused at a machine that nobody knows.
    """
    recent = Line.objects.filter(number__gte=_number_at(since - _SLACK), at__gte=since)
    sorts = {name: Count("number", filter=what) for name, what in _INCIDENTS.items()}
    ours, nobodys = (
        recent.filter(owner).order_by().aggregate(**sorts)
        for owner in (Q(practice_id=practice_id), Q(practice_id__isnull=True))
    )
    return Incidents(**{name: ours[name] + nobodys[name] for name in sorts})


def stolen_login(person_id: UUID, *, since: datetime) -> tuple[datetime, str] | None:
    """Return when and at which workstation a login of this account was refused as another's."""
    # The first condition is that of the partial index.
    lines = Line.objects.filter(~Q(result="ok")).filter(_STOLEN, object_id=str(person_id))
    found = lines.filter(at__gte=since).order_by("-number")
    return found.values_list("at", "workstation").first()


@dataclass(frozen=True)
class PatientNames:
    """How an upper room turns file numbers into ids and back; the journal knows only ids."""

    find: Callable[[UUID, str], UUID | None]
    labels: Callable[[UUID, Iterable[UUID]], Mapping[UUID, str | Promise]]


_patients: list[PatientNames] = []


def use_patients(names: PatientNames) -> None:
    """Let the room that knows patients name them (called once, when the site starts)."""
    _patients[:] = [names]


def patient_by_file_number(practice_id: UUID, text: str) -> UUID | None:
    """Return the patient of a file number (or of an internal id), None when there is none."""
    try:
        return UUID(text)
    except ValueError:
        return next((names.find(practice_id, text) for names in _patients), None)


def patient_labels(practice_id: UUID, lines: Iterable[Line]) -> Mapping[UUID, str | Promise]:
    """Return what to show for each patient of ``lines``: the file number, else the id."""
    ids = {line.patient_id for line in lines if line.patient_id}
    known = _patients[0].labels(practice_id, ids) if _patients else {}
    return {patient_id: known.get(patient_id, str(patient_id)) for patient_id in ids}
