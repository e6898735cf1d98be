"""Giving tasks, doing them, talking about them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import queries as people
from quenotte.base.people.operations import discard_draft
from quenotte.care.desk import queries
from quenotte.care.desk.models import Task, TaskComment
from quenotte.care.desk.operations.telling import tell
from quenotte.care.desk.rules.tasks import tidy
from quenotte.care.patients import queries as patients
from quenotte.kernel.errors import Refusal


class SaysNothing(Refusal):
    """Nothing but spaces was typed."""

    message = _("Le texte est vide : écrivez quelques mots. Rien n’a été enregistré.")


class NobodyThere(Refusal):
    """The colleague has left, or is of another practice."""

    message = _("Cette personne n’a plus de compte ouvert. Choisissez-en une autre.")


class PatientElsewhere(Refusal):
    """The record is not one of this practice."""

    message = _("Ce dossier n’existe plus ou n’est pas de votre cabinet. Rien n’a été enregistré.")


class AlreadyDone(Refusal):
    """A colleague did it meanwhile."""

    message = _("C’est déjà fait : une autre personne vient de le noter.")


class NotDone(Refusal):
    """It was opened again meanwhile."""

    message = _("C’est déjà de nouveau à faire. Rien n’a été modifié.")


class TaskChanged(Refusal):
    """Somebody else saved while this form was open."""

    message = _(
        "Une autre personne a modifié cette tâche entre-temps. Rien n’a été écrasé : "
        "relisez-la, puis reprenez votre modification."
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What a task says and whom it is for; neither person nor role: everybody."""

    text: str
    person_id: UUID | None = None
    role: str = ""
    due_on: date | None = None
    patient_id: UUID | None = None


@transaction.atomic
def give(*, actor: Actor, given: Given) -> Task:
    """Give a task. Raises: SaysNothing, NobodyThere, PatientElsewhere."""
    task = Task(
        practice_id=actor.own_practice_id,
        author_id=actor.own_person_id,
        created_at=timezone.now(),
    )
    _fill(actor, task, given)
    task.save()
    for about in {None, given.patient_id}:
        discard_draft(person_id=actor.own_person_id, key=queries.new_task_key(about))
    tell(actor, Action.CREATE, "task", task.id, task.patient_id)
    return task


@transaction.atomic
def change_task(*, actor: Actor, task_id: UUID, given: Given, seen: int) -> Task:
    """Save a task again; ``seen`` is the version that the form was filled from.

    The caller opened the task (``access.task_for``).

    Raises: TaskChanged; SaysNothing, NobodyThere, PatientElsewhere.
    """
    task = _locked(actor, task_id)
    if task.version != seen:
        raise TaskChanged
    _fill(actor, task, given)
    task.version += 1
    task.save()
    discard_draft(person_id=actor.own_person_id, key=queries.task_key(task.id))
    tell(actor, Action.CHANGE, "task", task.id, task.patient_id)
    return task


@transaction.atomic
def finish(*, actor: Actor, task_id: UUID) -> Task:
    """Note that a task is done. Raises: AlreadyDone."""
    task = _locked(actor, task_id)
    if task.done_at is not None:
        raise AlreadyDone
    task.done_at, task.done_by_id = timezone.now(), actor.own_person_id
    _save_end(actor, task, "done")
    return task


@transaction.atomic
def reopen(*, actor: Actor, task_id: UUID) -> Task:
    """Put a task that was done back among those to do. Raises: NotDone."""
    task = _locked(actor, task_id)
    if task.done_at is None:
        raise NotDone
    task.done_at = task.done_by_id = None
    _save_end(actor, task, "reopened")
    return task


@transaction.atomic
def comment(*, actor: Actor, task_id: UUID, text: str) -> TaskComment:
    """Say something about a task. Raises: SaysNothing."""
    words = tidy(text)
    if not words:
        raise SaysNothing
    task = _locked(actor, task_id)
    said = TaskComment.objects.create(
        task=task, author_id=actor.own_person_id, text=words, at=timezone.now()
    )
    discard_draft(person_id=actor.own_person_id, key=queries.comment_key(task.id))
    tell(actor, Action.CHANGE, "task", task.id, task.patient_id, state="comment")
    return said


def _save_end(actor: Actor, task: Task, state: str) -> None:
    task.version += 1
    task.save(update_fields=["done_at", "done_by", "version"])
    tell(actor, Action.CHANGE, "task", task.id, task.patient_id, state=state)


def _locked(actor: Actor, task_id: UUID) -> Task:
    return Task.objects.select_for_update(of=("self",)).get(
        id=task_id, practice_id=actor.own_practice_id
    )


def _fill(actor: Actor, task: Task, given: Given) -> None:
    words = tidy(given.text)
    if not words:
        raise SaysNothing
    if given.person_id is not None and given.person_id != task.person_id:
        found = people.account(actor.own_practice_id, given.person_id)
        if found is None or not found.is_active:
            raise NobodyThere
    if given.patient_id is not None and given.patient_id != task.patient_id:
        known = patients.of_practice(actor.own_practice_id).filter(id=given.patient_id)
        if not known.exists():
            raise PatientElsewhere
    task.text, task.person_id, task.role = words, given.person_id, given.role
    task.due_on, task.patient_id = given.due_on, given.patient_id
