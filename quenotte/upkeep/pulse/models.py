"""The provider whom this practice tells of its copies, and what was opened there."""

import uuid

from django.db import models
from django.db.models import Q

from quenotte.base.sealing import SealedTextField


class Pairing(models.Model):
    """A provider that is told how the copies stand; one at a time.

    Privacy: who paired it; a key, sealed; legal basis: legitimate interest (security); kept as long
    as the practice; not erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200)
    # SHA-256 of its certificate or of that of its authority; empty: the authorities of the machine.
    fingerprint = models.CharField(max_length=64, blank=True)
    # What proves who speaks; forgotten when the pairing ends.
    key = SealedTextField(purpose="pulse.key", blank=True)
    paired_at = models.DateTimeField()
    paired_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # What the provider heard last, word for word (wire.pulses), and what it answered.
    told = models.JSONField(null=True)
    told_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=16, blank=True)
    # What was said and nobody heard: the newest; and why.
    waiting = models.JSONField(null=True)
    tried_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-paired_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice"], condition=Q(ended_at__isnull=True), name="one_provider_is_told"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class Opening(models.Model):
    """Somebody of the provider opened something of this practice, as the provider says.

    Rows are only added: triggers refuse the rest.

    Privacy: the name of a technician, when and what was opened; legal basis: legitimate interest
    (security, professional secrecy); kept as long as the practice; not erasable.
    """

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="openings")
    # The provider's own number of it.
    number = models.PositiveBigIntegerField()
    # By the provider's clock.
    at = models.DateTimeField()
    who = models.CharField(max_length=120)
    what = models.CharField(max_length=40)
    about = models.CharField(max_length=64, blank=True)
    machines = models.PositiveBigIntegerField(default=0)
    heard_at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["pairing", "-at"], name="opening_by_pairing")]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "number"], name="opening_is_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%d/%m/%Y}"
