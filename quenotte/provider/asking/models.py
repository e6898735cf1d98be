"""Questions to machines and their answers, as facts of the closed list."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Question(models.Model):
    """What a technician asked, of whom, until when.

    Privacy: who of the provider's staff asked what; legal basis: contract; kept 90 days; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    person_label = models.CharField(max_length=120)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # A subject of the catalogue.
    subject = models.CharField(max_length=20)
    # Of whom: a machine, a practice, the words of a search.
    whom = models.CharField(max_length=200)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.subject} {self.at:%Y-%m-%d %H:%M}"


class Asked(models.Model):
    """A question to one machine, and what it answered.

    Privacy: technical facts of a machine, from the closed list of keys; legal basis: contract; kept
    90 days; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="asked")
    machine = models.ForeignKey("provider.Machine", on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(null=True)
    # Version and digest of the catalogue whose question was sent.
    catalogue = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    is_failed = models.BooleanField(default=False)
    # As an inventory keeps them: {key: {"value": …}}, or {"unknown": why}.
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                fields=["machine"], condition=Q(answered_at__isnull=True), name="asked_waiting"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["question", "machine"], name="asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.machine_id}"
