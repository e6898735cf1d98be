"""Appointments of a predecessor: written together, and taken back when nobody touched them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as people
from quenotte.care.agenda import queries, rules
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.operations import obstacles, writing
from quenotte.kernel.names import fold

_BATCH = 500
#: Rows that other rooms write by themselves about appointments, by model (``app.Model``).
_along: dict[str, Q] = {}


@dataclass(frozen=True)
class Visit:
    """An appointment of the other program; both instants aware, half-open."""

    patient_id: UUID
    practitioner_id: UUID
    starts_at: datetime
    ends_at: datetime
    title: str
    status: str


def import_visits(*, actor: Actor, visits: Iterable[Visit]) -> list[UUID]:
    """Write appointments in the caller's transaction; return their ids.

    Those to come are refused where somebody else's is, as when they are booked; opening hours
    are not asked: the predecessor gave these appointments to people. One whose title is the name
    of a type that the practice offers, however it is written, is of that type. The caller writes
    the one line of the journal.

    Raises: SlotTaken.
    """
    visits = list(visits)
    _hold(actor, visits)
    kinds = _kinds(actor.own_practice_id)
    now, ids = timezone.now(), []
    for start in range(0, len(visits), _BATCH):
        rows = [_row(actor, visit, kinds) for visit in visits[start : start + _BATCH]]
        for row in rows:
            if row.ends_at > now and row.status not in rules.OFF:
                _check_free(actor, row)
        Appointment.objects.bulk_create(rows)
        ids += [row.id for row in rows]
    writing.tell(actor, ())
    return ids


def goes_along(model: str, which: Q) -> None:
    """Say which rows of a model (``app.Model``) nobody asked for: they are taken back with theirs.

    Such a row is no sign that somebody touched the appointment that it points at.
    """
    _along[model] = which


def touched_visits(ids: list[UUID]) -> set[UUID]:
    """Return those of these appointments that changed since, or that something refers to."""
    touched: set[UUID] = set()
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        changed = Appointment.objects.filter(id__in=some).exclude(version=1)
        touched.update(changed.values_list("id", flat=True))
        for model, name in _pointing():
            rows = model._base_manager.filter(**{f"{name}__in": some})
            if which := _along.get(model._meta.label):
                rows = rows.exclude(which)
            touched.update(rows.values_list(name, flat=True))
    return touched


def remove_visits(*, actor: Actor, ids: list[UUID]) -> None:
    """Take back appointments that an import brought, in the caller's transaction.

    Raises: IntegrityError when something refers to one meanwhile; nothing is then removed.
    """
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        for model, name in _pointing():
            if which := _along.get(model._meta.label):
                _delete(model._base_manager.filter(which, **{f"{name}__in": some}))
        _delete(Appointment.objects.filter(id__in=some))
    writing.tell(actor, ())


def _delete(rows: Any) -> None:
    rows._raw_delete(rows.db)


def _hold(actor: Actor, visits: list[Visit]) -> None:
    """Lock the practitioners in the order of their ids, as a booking locks hers."""
    wanted = sorted({visit.practitioner_id for visit in visits})
    rows = people.accounts(actor.own_practice_id).filter(id__in=wanted).order_by("id")
    list(rows.select_for_update(no_key=True).values_list("id", flat=True))


def _check_free(actor: Actor, row: Appointment) -> None:
    period = rules.Period(row.starts_at, row.ends_at)
    taken = queries.occupying(actor.own_practice_id, period)
    other = taken.filter(practitioner_id=row.practitioner_id).first()
    if other is not None:
        raise obstacles.SlotTaken(
            column=str(row.practitioner.full_name),
            starts_at=other.starts_at,
            ends_at=other.ends_at,
        )


def _kinds(practice_id: UUID) -> dict[str, UUID]:
    """Return the types offered, by their folded names; of two that fold alike, the first."""
    found = reversed(list(queries.types(practice_id)))
    return {fold(kind.name): kind.id for kind in found if fold(kind.name)}


def _row(actor: Actor, visit: Visit, kinds: Mapping[str, UUID]) -> Appointment:
    row = Appointment(
        id=uuid4(),
        practice_id=actor.own_practice_id,
        patient_id=visit.patient_id,
        practitioner_id=visit.practitioner_id,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        kind_id=kinds.get(fold(visit.title)),
        title=visit.title,
        status=visit.status,
        created_by_id=actor.person_id,
        imported_at=timezone.now(),
    )
    if field := rules.TIME_FIELDS.get(visit.status):
        setattr(row, field, min(visit.ends_at, timezone.now()))
    return row


def _pointing() -> list[tuple[Any, str]]:
    """Return every (model, column) that points at an appointment, the import's own apart."""
    return [
        (relation.related_model, relation.field.attname)
        for relation in Appointment._meta.related_objects
        if relation.related_model.__name__ != "ImportedAppointment"
    ]
