"""Links handed to a patient on a tablet of the practice."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.base.sealing import SealedTextField
from quenotte.base.tablets import rules


class TabletLink(models.Model):
    """One page of one patient, handed over once on a tablet of the practice.

    What it is about belongs to a room above (``purpose``, ``subject_id``); all that it knows of
    the patient is what she confirms, sealed, and forgotten when the link is over.

    Privacy: first name and year of birth while it is open, then internal ids only; legal basis:
    care; forgotten 30 days after its end.
    """

    class State(models.TextChoices):
        """The states with their words on screen."""

        OPEN = rules.State.OPEN.value, _("En attente sur une tablette")
        TAKEN = rules.State.TAKEN.value, _("En cours sur une tablette")
        SENT = rules.State.SENT.value, _("Envoyé")
        NOT_ME = rules.State.NOT_ME.value, _("Rendu : « ce n’est pas moi »")
        REPLACED = rules.State.REPLACED.value, _("Remplacé par un autre lien")
        EXPIRED = rules.State.EXPIRED.value, _("Expiré")
        CANCELLED = rules.State.CANCELLED.value, _("Fermé par le cabinet")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    token_digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64)
    # Which draw gave a code that no other open link has.
    attempt = models.PositiveSmallIntegerField(default=0)
    # « Camille, 1985 »: what the patient recognises herself by.
    greeting = SealedTextField(purpose="tablet", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # Of the secret in the cookie of the browser that took it; empty until somebody did.
    holder_digest = models.CharField(max_length=64, blank=True)
    # How far she is, for who waits at the reception.
    done = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "subject_id"],
                condition=Q(closed_at__isnull=True),
                name="tablet_link_is_alone",
            ),
            models.UniqueConstraint(
                fields=["code_digest"],
                condition=Q(closed_at__isnull=True),
                name="tablet_code_is_alone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "taken"], closed_at__isnull=True)
                | ~Q(state__in=["open", "taken"]) & Q(closed_at__isnull=False),
                name="tablet_link_is_closed_once_over",
            ),
        ]
        indexes = [models.Index(fields=["subject_id", "-created_at"], name="tablet_by_subject")]

    def __str__(self) -> str:
        return self.state
