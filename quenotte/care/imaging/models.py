"""Devices that make pictures, and the pictures."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Device(models.Model):
    """A machine that sends pictures, known by its DICOM application entity title.

    Privacy: no personal data; kept as long as its pictures.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="devices")
    ae_title = models.CharField(_("titre AE"), max_length=16)
    name = models.CharField(_("nom de l’appareil"), max_length=80)
    chair = models.ForeignKey(
        "base.Chair", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # A device that nobody recognised yet: its pictures all wait in the tray.
    is_recognised = models.BooleanField(_("reconnu"), default=False)
    first_seen_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    last_address = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "ae_title"], name="ae_title_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Picture(models.Model):
    """One object received: a radiograph, a photograph, a document of a device.

    Filed when it belongs to a patient, in the tray « À rattacher » until then, set aside
    when somebody said that it is not ours. Its bytes never change.

    Privacy: health data; legal basis: care; kept with the record; never deleted by a person.
    """

    class State(models.TextChoices):
        """Where the picture is."""

        FILED = "filed", _("Dans le dossier")
        TRAY = "tray", _("À rattacher")
        ASIDE = "aside", _("Mise de côté")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="pictures")
    patient = models.ForeignKey(
        "care.Patient",
        on_delete=models.PROTECT,
        null=True,
        related_name="pictures",
        db_index=False,
    )
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT, related_name="+")
    # The file as the person dropped it, when we wrapped it ourselves.
    original = models.ForeignKey("base.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    thumbnail = models.ForeignKey(
        "base.Blob", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The bytes hold no picture that we can draw: nothing tries again.
    is_thumbnail_impossible = models.BooleanField(default=False)
    state = models.CharField(max_length=5, choices=State.choices)
    # Why it waits: codes of imaging.rules.Reason, in the order found.
    reasons = models.JSONField(default=list)
    # Which keys and values proved the match (codes and internal ids only).
    proof = models.JSONField(default=dict)
    sop_instance_uid = models.CharField(max_length=64)
    sop_class_uid = models.CharField(max_length=64)
    study_uid = models.CharField(max_length=64, blank=True)
    series_uid = models.CharField(max_length=64, blank=True)
    modality = models.CharField(max_length=16, blank=True)
    # What the device wrote; shown in the tray, never trusted alone.
    header = models.JSONField(default=dict)
    # FDI numbers, as read or as corrected by a person.
    teeth = models.JSONField(default=list)
    taken_at = models.DateTimeField()
    received_at = models.DateTimeField()
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="pictures")
    source = models.CharField(max_length=10)
    filed_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    filed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-taken_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "sop_instance_uid", "blob"], name="object_is_stored_once"
            ),
            models.CheckConstraint(
                condition=Q(state="filed", patient__isnull=False)
                | (~Q(state="filed") & Q(patient__isnull=True)),
                name="picture_is_filed_with_its_patient",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-taken_at"], name="picture_by_patient"),
            models.Index(fields=["practice", "state", "-received_at"], name="picture_by_state"),
            # Two patients in one study is a contradiction, looked for at each arrival.
            models.Index(fields=["practice", "study_uid"], name="picture_by_study"),
            models.Index(
                fields=["received_at"],
                condition=Q(thumbnail__isnull=True, is_thumbnail_impossible=False),
                name="picture_awaits_thumbnail",
            ),
        ]

    def __str__(self) -> str:
        return self.modality or "?"
