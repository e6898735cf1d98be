"""Reads of the tasks: only those that concern the reader."""

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
    ours = (
        Q(author_id=actor.own_person_id)
        | Q(person_id=actor.own_person_id)
        | Q(person=None, role="")
        | Q(person=None, role__in=[str(role) for role in actor.roles])
    )
    if Role.MANAGER in actor.roles:
        ours |= Q(person__is_active=False)
    return Task.objects.filter(ours, practice_id=actor.own_practice_id)


def tasks_mine(actor: Actor, limit: int = _LONGEST) -> list[Item]:
    """Return what waits for a person, what is due first first, without a date last."""
    return _items(actor, _waiting(actor), limit)


def count_mine(actor: Actor) -> tuple[int, int]:
    """Return how many tasks wait for a person, and how many of them are due or late; one query."""
    due = Count("id", filter=Q(due_on__lte=timezone.localdate()))
    found = _waiting(actor).order_by().aggregate(all=Count("id"), due=due)
    return found["all"], found["due"]


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


def tasks_of_patient(actor: Actor, patient_id: UUID) -> list[Item]:
    """Return what is to do for a patient and concerns the reader; one query."""
    return _items(actor, readable_by(actor).filter(patient_id=patient_id, done_at=None), 20)


def item_of(actor: Actor, task_id: UUID) -> Item | None:
    """Return one task as the reader may see it, None when it does not concern her."""
    found = _items(actor, readable_by(actor).filter(id=task_id), 1)
    return found[0] if found else None


def comments_of(task_id: UUID) -> list[TaskComment]:
    """Return what was said about a task, the oldest first."""
    return list(TaskComment.objects.filter(task_id=task_id).select_related("author"))


def _waiting(actor: Actor) -> QuerySet[Task]:
    roles = [str(role) for role in actor.roles]
    ours = Q(person_id=actor.own_person_id) | Q(person=None, role__in=["", *roles])
    if Role.MANAGER in actor.roles:
        ours |= Q(person__is_active=False)
    return Task.objects.filter(ours, practice_id=actor.own_practice_id, done_at=None)


_COLUMNS: Final = ("person", "author", "done_by", "patient")


def _items(
    actor: Actor, rows: QuerySet[Task], limit: int, order: tuple[Any, ...] | None = None
) -> list[Item]:
    names_patients = may(actor.roles, "patients.read")
    today = timezone.localdate()
    counted = rows.select_related(*_COLUMNS).annotate(said=Count("comments"))
    if order is not None:
        counted = counted.order_by(*order)
    found = list(counted[:limit])
    if order is None:
        found.sort(key=lambda task: (task.due_on or date.max, task.created_at))
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
    if task.person is not None:
        return task.person.full_name
    return dict(people.role_choices())[task.role] if task.role else _("Tout le monde")
