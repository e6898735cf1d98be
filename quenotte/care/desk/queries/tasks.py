"""Reads of the tasks: only those that concern the reader."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as people
from quenotte.base.people.rules import Role, may
from quenotte.base.prepared import prepared
from quenotte.care.desk.models import Task, TaskComment
from quenotte.care.desk.rules.tasks import Due, Scope, due_of, is_mine

#: Under which keys people's drafts are kept.
NEW_TASK: Final = "desk:task"
#: Tasks shown on a list; a person who has more to do has another problem.
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Item:
    """A task as a line of a list. ``patient`` is "" for a reader who may not know the name."""

    id: UUID
    text: str
    author: str
    whom: str
    due_on: date | None
    due: Due
    created_at: datetime
    done_at: datetime | None
    done_by: str
    patient_id: UUID | None
    patient: str
    comments: int
    version: int
    scope: Scope

    @property
    def tone(self) -> str:
        """The colour of its due date."""
        return {Due.LATE: "danger", Due.TODAY: "attention"}.get(self.due, "neutral")


def new_task_key(patient_id: UUID | None) -> str:
    """Return under which key the draft of a new task is kept: one for each patient."""
    return f"desk:task:of:{patient_id}" if patient_id else "desk:task"


def task_key(task_id: UUID) -> str:
    """Return under which key the draft of a changed task is kept."""
    return f"desk:task:{task_id}"


def comment_key(task_id: UUID) -> str:
    """Return under which key the draft of a comment is kept."""
    return f"desk:comment:{task_id}"


def draft_of(actor: Actor, key: str) -> str:
    """Return what this person was typing there, "" when nothing."""
    draft = people.draft(actor.own_person_id, key)
    return draft.text if draft else ""


def readable_by(actor: Actor) -> QuerySet[Task]:
    """Return the tasks that concern a person: the same as ``rules.tasks.concerns``."""
    return concerning(actor.own_person_id, actor.own_practice_id, actor.roles)


def concerning(person_id: UUID, practice_id: UUID, roles: Collection[Any]) -> QuerySet[Task]:
    """Return the tasks that concern a person of these roles."""
    ours = Q(author_id=person_id) | _for(person_id, roles)
    return Task.objects.filter(ours, practice_id=practice_id)


def _for(person_id: UUID, roles: Collection[Any]) -> Q:
    """Match the tasks given to a person, to one of her roles, or to everybody."""
    ours = Q(person_id=person_id) | Q(person=None, role__in=["", *sorted(map(str, roles))])
    if Role.MANAGER in roles:
        ours |= Q(person__is_active=False)
    return ours


def tasks_mine(actor: Actor, limit: int = _LONGEST) -> list[Item]:
    """Return what waits for a person, what is due first first, without a date last."""
    return _items(actor, _waiting(actor), limit)


def count_mine(actor: Actor) -> tuple[int, int]:
    """Return how many tasks wait for a person, and how many of them are due or late; one query."""
    days = _waiting_days(actor.own_person_id, actor.own_practice_id, roles=frozenset(actor.roles))
    today = timezone.localdate()
    return len(days), sum(day is not None and day <= today for day in days)


def tasks_given(actor: Actor) -> list[Item]:
    """Return what a person has given to others and is not done."""
    rows = Task.objects.filter(
        practice_id=actor.own_practice_id, author_id=actor.own_person_id, done_at=None
    )
    return [
        item
        for item in _items(actor, rows, _LONGEST)
        if not is_mine(item.scope, actor.own_person_id, actor.roles)
    ]


def tasks_done(actor: Actor, limit: int = 50) -> list[Item]:
    """Return what was done lately, the latest first."""
    rows = readable_by(actor).filter(done_at__isnull=False)
    return _items(actor, rows, limit, order=("-done_at",))


def item_of(actor: Actor, task_id: UUID) -> Item | None:
    """Return one task as the reader may see it, None when it does not concern her."""
    found = _items(actor, readable_by(actor).filter(id=task_id), 1)
    return found[0] if found else None


def comments_of(task_id: UUID) -> list[TaskComment]:
    """Return what was said about a task, the oldest first."""
    return list(TaskComment.objects.filter(task_id=task_id).select_related("author"))


def _waiting(actor: Actor) -> QuerySet[Task]:
    ours = _for(actor.own_person_id, actor.roles)
    return Task.objects.filter(ours, practice_id=actor.own_practice_id, done_at=None)


@prepared
def _waiting_days(
    person_id: UUID, practice_id: UUID, *, roles: frozenset[Any]
) -> QuerySet[Task, date | None]:
    rows = Task.objects.filter(_for(person_id, roles), practice_id=practice_id, done_at=None)
    return rows.order_by().values_list("due_on", flat=True)


_COLUMNS: Final = ("person", "author", "done_by", "patient")


def _items(
    actor: Actor, rows: QuerySet[Task], limit: int, order: tuple[Any, ...] | None = None
) -> list[Item]:
    if order is None:
        return _read(actor, _whole(rows)[:limit])
    return _as_items(actor, _whole(rows).order_by(*order)[:limit])


def _whole(rows: QuerySet[Task]) -> QuerySet[Task]:
    return rows.select_related(*_COLUMNS).annotate(said=Count("comments"))


def _read(actor: Actor, found: Iterable[Task]) -> list[Item]:
    """Return tasks as lines, what is due first first, without a date last."""
    in_order = sorted(found, key=lambda task: (task.due_on or date.max, task.created_at))
    return _as_items(actor, in_order)


def _as_items(actor: Actor, found: Iterable[Task]) -> list[Item]:
    names_patients = may(actor.roles, "patients.read")
    today = timezone.localdate()
    return [_item(task, names_patients, today) for task in found]


def _item(task: Any, names_patients: bool, today: date) -> Item:
    return Item(
        id=task.id,
        text=task.text,
        author=task.author.full_name,
        whom=_whom(task),
        due_on=task.due_on,
        due=due_of(task.due_on, today),
        created_at=task.created_at,
        done_at=task.done_at,
        done_by=task.done_by.full_name if task.done_by else "",
        patient_id=task.patient_id if names_patients else None,
        patient=task.patient.full_name if task.patient and names_patients else "",
        comments=task.said,
        version=task.version,
        scope=scope_of(task),
    )


def scope_of(task: Task) -> Scope:
    """Return whom a task was given to."""
    orphan = task.person is not None and not task.person.is_active
    return Scope(task.author_id, task.person_id, task.role, is_orphan=orphan)


def _whom(task: Task) -> str:
    return whom_words(task.person.full_name if task.person else "", task.role)


def whom_words(name: str, role: str) -> str:
    """Return whom a task is for: a person, a role, everybody."""
    if name:
        return name
    return dict(people.role_choices())[role] if role else _("Tout le monde")
