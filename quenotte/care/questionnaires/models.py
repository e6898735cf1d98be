"""Medical questionnaires as they were answered, and the alerts that they raised."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Questionnaire(models.Model):
    """A questionnaire of a patient: being filled, then sent, then reviewed.

    Once sent, its answers and its signature never change: another one is filled. ``name`` and
    ``version`` say which definition it was answered in.

    Privacy: health data and a signature; legal basis: care; kept with the record; never deleted.
    """

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("En cours")
        SENT = "sent", _("À relire")
        REVIEWED = "reviewed", _("Relu")
        ABANDONED = "abandoned", _("Abandonné")

    class Signed(models.TextChoices):
        """How it was signed."""

        DRAWN = "drawn", _("Signature tracée")
        TYPED = "typed", _("Nom tapé et case cochée")
        REFUSED = "refused", _("Refuse de signer")

    class Signer(models.TextChoices):
        """Who answered and signed."""

        PATIENT = "patient", _("Le patient")
        GUARDIAN = "guardian", _("Le représentant légal")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="questionnaires", db_index=False
    )
    name = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answers = models.JSONField(default=dict)
    is_on_tablet = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    # Who handed the tablet over, or filled it with the patient.
    started_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    signer = models.CharField(max_length=10, choices=Signer.choices, blank=True)
    signer_name = models.CharField(max_length=120, blank=True)
    signed = models.CharField(max_length=10, choices=Signed.choices, blank=True)
    # Strokes alone, written by kernel.signatures.
    signature = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The name as it was then: it must not change when she marries or leaves.
    reviewed_as = models.CharField(max_length=120, blank=True)
    # The paper in the documents of the record; made right after it was sent.
    document_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "abandoned"])
                | Q(sent_at__isnull=False) & ~Q(signed=""),
                name="questionnaire_sent_is_signed_or_refused",
            ),
            models.CheckConstraint(
                condition=~Q(state="reviewed")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="questionnaire_reviewed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-sent_at"], name="questionnaire_by_patient"),
            models.Index(fields=["patient", "state"], name="questionnaire_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class RaisedAlert(models.Model):
    """Which answer of which questionnaire an alert of the record comes from.

    Privacy: health data (by the alert it names); legal basis: care; kept with the record.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="raised"
    )
    alert = models.ForeignKey("care.MedicalAlert", on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=30)
    # False: the team had noted it by hand; it then stays when the answers change.
    is_ours = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "alert"], name="alert_is_raised_once_by_a_questionnaire"
            ),
        ]

    def __str__(self) -> str:
        return self.question
