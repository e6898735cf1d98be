"""The doors to tasks, callbacks and words, and the lines of their readings."""

from typing import Final, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people.rules import Role, may
from quenotte.care.desk.models import BoardNote, Callback, Task
from quenotte.care.desk.rules.tasks import Scope, concerns

T = TypeVar("T", Callback, BoardNote)

#: Kind of object -> the permission that opens it.
_ACTIONS: Final = {"task": "tasks.use", "callback": "callbacks.use", "board": "board.use"}


def task_for(actor: Actor, task_id: UUID) -> Task:
    """Return a task that concerns the actor.

    Raises: PermissionDenied when her role has no tasks; Http404 when it is unknown, of another
    practice, or between other people (a line of the journal says that it was tried).
    """
    _check(actor, "task")
    task = Task.objects.select_related("person").filter(id=task_id).first()
    if task is None:
        raise Http404
    orphan = task.person is not None and not task.person.is_active
    scope = Scope(task.author_id, task.person_id, task.role, is_orphan=orphan)
    manages = Role.MANAGER in actor.roles
    is_ours = task.practice_id == actor.practice_id
    if not is_ours or not concerns(scope, actor.own_person_id, actor.roles, manages=manages):
        _refuse(actor, "task", task_id)
        raise Http404
    return task


def callback_for(actor: Actor, callback_id: UUID) -> Callback:
    """Return a callback of the actor's practice. Raises: PermissionDenied, Http404."""
    _check(actor, "callback")
    return _ours(actor, "callback", Callback.objects.filter(id=callback_id).first(), callback_id)


def word_for(actor: Actor, note_id: UUID) -> BoardNote:
    """Return a pinned word of the actor's practice. Raises: PermissionDenied, Http404."""
    _check(actor, "board")
    return _ours(actor, "board", BoardNote.objects.filter(id=note_id).first(), note_id)


def open_list(actor: Actor, kind: str, count: int) -> None:
    """Write the line of a list that names patients; ``count`` of them, nothing for none.

    Live redraws of a list that is already open write no second line.
    """
    if count:
        audit.record(
            action=Action.READ,
            actor=actor,
            object_kind=kind,
            detail={"purpose": "list", "count": count},
        )


def _check(actor: Actor, kind: str) -> None:
    if not may(actor.roles, _ACTIONS[kind]):
        raise PermissionDenied


def _ours(actor: Actor, kind: str, found: T | None, object_id: UUID) -> T:
    if found is None:
        raise Http404
    if found.practice_id != actor.practice_id:
        _refuse(actor, kind, object_id)
        raise Http404
    return found


def _refuse(actor: Actor, kind: str, object_id: UUID) -> None:
    audit.record(
        action=Action.READ,
        actor=actor,
        object_kind=kind,
        object_id=str(object_id),
        result="refused",
    )
