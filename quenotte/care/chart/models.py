"""What is written about the mouth: tooth states and notes."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ToothState(models.Model):
    """What was seen of one tooth that differs from what the age makes expected.

    Privacy: health data; legal basis: care; kept with the record; replaced by addition.
    """

    class State(models.TextChoices):
        """Whether the tooth is in the mouth."""

        PRESENT = "present", _("Présente")
        MISSING = "missing", _("Absente")
        UNERUPTED = "unerupted", _("Incluse ou non sortie")
        ROOT = "root", _("Racine restante")
        IMPLANT = "implant", _("Implant")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="tooth_states", db_index=False
    )
    # FDI number (ISO 3950).
    tooth = models.PositiveSmallIntegerField(_("dent"))
    state = models.CharField(_("état"), max_length=10, choices=State.choices)
    seen_on = models.DateField(_("constaté le"))
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["seen_on", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tooth__range=(11, 18))
                | Q(tooth__range=(21, 28))
                | Q(tooth__range=(31, 38))
                | Q(tooth__range=(41, 48))
                | Q(tooth__range=(51, 55))
                | Q(tooth__range=(61, 65))
                | Q(tooth__range=(71, 75))
                | Q(tooth__range=(81, 85)),
                name="tooth_is_an_fdi_number",
            ),
        ]
        indexes = [models.Index(fields=["patient", "tooth", "seen_on"], name="tooth_by_patient")]

    def __str__(self) -> str:
        return f"{self.tooth} {self.state}"


class Note(models.Model):
    """A clinical note: dated, signed by its author, corrected by another note only.

    Database triggers refuse any change or removal.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="notes", db_index=False
    )
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    # The author's name as signed: it must not change when she marries or leaves.
    signed_as = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    text = models.TextField(_("note"))
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
            # A second correction corrects the first one: a chain, never a fork.
            models.UniqueConstraint(fields=["corrects"], name="note_is_corrected_once"),
        ]
        indexes = [models.Index(fields=["patient", "-signed_at"], name="note_by_patient")]

    def __str__(self) -> str:
        return f"{self.signed_at:%Y-%m-%d}"
