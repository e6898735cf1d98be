"""The line of the journal and the live event of each write; the habits of a person."""

from uuid import UUID

from django.db import transaction

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish
from quenotte.care.perio.models import PerioHabit
from quenotte.care.perio.queries import Habit


def tell(actor: Actor, patient_id: UUID, exam_id: UUID, action: Action) -> None:
    """Write the line of the journal; the open pages of this patient draw themselves again."""
    note(actor, patient_id, exam_id, action)
    publish(
        practice_id=actor.practice_id,
        name="patient.changed",
        data={"patient": str(patient_id), "part": "perio", "exam": str(exam_id)},
        audience="chart.read",
    )


def note(actor: Actor, patient_id: UUID, exam_id: UUID, action: Action) -> None:
    """Write the line of the journal alone."""
    audit.record(
        action=action,
        actor=actor,
        patient_id=patient_id,
        object_kind="perio",
        object_id=str(exam_id),
    )


@transaction.atomic
def keep_habit(*, actor: Actor, habit: Habit) -> None:
    """Keep how this person works: her path, the jaw she begins with, sound."""
    PerioHabit.objects.update_or_create(
        person_id=actor.own_person_id,
        defaults={
            "order": habit.order.value,
            "lower_first": habit.lower_first,
            "has_sound": habit.has_sound,
        },
    )
    audit.record(action=Action.CHANGE, actor=actor, object_kind="perio_habit")
