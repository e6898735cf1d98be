"""Appointments."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Appointment(models.Model):
    """A half-open period [starts_at, ends_at) that a patient spends with a practitioner.

    Privacy: health data by inference; legal basis: care; kept with the record.
    """

    class Status(models.TextChoices):
        """How far the appointment has come."""

        BOOKED = "booked", _("Réservé")
        CONFIRMED = "confirmed", _("Confirmé")
        ARRIVED = "arrived", _("Arrivé")
        IN_CHAIR = "in_chair", _("Au fauteuil")
        DONE = "done", _("Terminé")
        MISSED = "missed", _("Non venu")
        CANCELLED = "cancelled", _("Annulé")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(
        "base.Practice", on_delete=models.PROTECT, related_name="appointments"
    )
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="appointments", db_index=False
    )
    practitioner = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    chair = models.ForeignKey("base.Chair", on_delete=models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    title = models.CharField(_("motif"), max_length=120, blank=True)
    status = models.CharField(
        _("statut"), max_length=10, choices=Status.choices, default=Status.BOOKED
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")),
                name="appointment_starts_before_it_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "starts_at"], name="appointment_by_patient"),
            models.Index(fields=["practice", "starts_at"], name="appointment_by_day"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()
