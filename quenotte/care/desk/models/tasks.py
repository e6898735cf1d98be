"""What must still be done, and who must be telephoned."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.base.people.rules import PRACTICE_ROLES
from quenotte.care.desk.rules.tasks import LONGEST_COMMENT, LONGEST_REASON, LONGEST_TASK


class Task(models.Model):
    """Something that a colleague is asked to do.

    Privacy: may hold health data in its text; legal basis: care; kept one year after it is
    done, then erased by the nightly job; erasable by that job alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="tasks")
    text = models.CharField(_("à faire"), max_length=LONGEST_TASK)
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    # Neither a person nor a role: it is for everybody.
    person = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    role = models.CharField(_("rôle"), max_length=20, blank=True)
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    due_on = models.DateField(_("pour le"), null=True, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_on", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None) | Q(role=""), name="task_is_for_one_or_a_role"
            ),
            models.CheckConstraint(
                condition=Q(role="") | Q(role__in=[role.value for role in PRACTICE_ROLES]),
                name="task_role_is_known",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_says_by_whom",
            ),
        ]
        indexes = [
            # What is still to do is little: only that is worth finding at each page.
            models.Index(
                fields=["practice", "due_on"], name="task_to_do", condition=Q(done_at=None)
            ),
            models.Index(fields=["practice", "-done_at"], name="task_by_end"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class TaskComment(models.Model):
    """What was said about a task.

    Privacy: may hold health data in its text; legal basis: care; kept and erased with the task.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("commentaire"), max_length=LONGEST_COMMENT)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return str(self.id)


class Callback(models.Model):
    """Somebody who must be telephoned.

    Privacy: name, number and reason of a patient or a caller, may hold health data; legal
    basis: care; kept one year after it is done, then erased by the nightly job; erasable by
    that job alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(
        "base.Practice", on_delete=models.PROTECT, related_name="callbacks"
    )
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, null=True, blank=True, related_name="callbacks"
    )
    # Who called without being a patient, or not yet; empty when the record says it.
    name = models.CharField(_("nom"), max_length=120, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20)
    reason = models.CharField(_("motif"), max_length=LONGEST_REASON, blank=True)
    due_on = models.DateField(_("à rappeler le"))
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_on", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(patient__isnull=False) | ~Q(name=""), name="callback_names_somebody"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="callback_done_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "due_on"], name="callback_to_do", condition=Q(done_at=None)
            ),
            models.Index(fields=["practice", "-done_at"], name="callback_by_end"),
        ]

    def __str__(self) -> str:
        return str(self.id)
