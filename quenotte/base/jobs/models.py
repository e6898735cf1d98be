"""What the worker did, tried again, or gave up."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Run(models.Model):
    """One piece of background work and its attempts, as people see it.

    Privacy: internal ids only; legal basis: legitimate interest; kept 30 days; erasable.
    """

    class State(models.TextChoices):
        """Where the work stands."""

        WAITING = "waiting", _("En attente")
        RUNNING = "running", _("En cours")
        DONE = "done", _("Terminé")
        RETRYING = "retrying", _("Nouvel essai prévu")
        FAILED = "failed", _("En échec")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    next_attempt_at = models.DateTimeField(null=True)
    # Who runs it (machine:process) and until when it counts as alive without a new sign.
    worker = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True)
    # Name and date of a periodic run: the first worker that writes it runs it, alone.
    period = models.CharField(max_length=140, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "-created_at"], name="run_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=~models.Q(period=""), name="period_is_run_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
