"""Informed consents: the texts of the practice, and what patients decided."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ConsentText(models.Model):
    """A version of the text of an act, as the practice wrote it; the newest is handed out.

    Privacy: no personal data; kept as long as consents cite it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(_("titre"), max_length=120)
    parts = models.JSONField(default=dict)
    created_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["act", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "act", "version"], name="consent_text_version_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="consent_text_of_a_practice_starts_at_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.version}"


class Consent(models.Model):
    """What a patient was told and what she decided: signed by her, then by a practitioner.

    Once she answered, the text and her answer never change; once sealed, nothing does but its
    withdrawal. Database triggers refuse it.

    Privacy: health data and signatures; legal basis: care (CSP L1111-4); kept with the record;
    never deleted.
    """

    class State(models.TextChoices):
        """How far it is."""

        PREPARED = "prepared", _("À lire et signer")
        ANSWERED = "answered", _("À signer par le praticien")
        SEALED = "sealed", _("Signé")
        CANCELLED = "cancelled", _("Annulé avant signature")

    class Decision(models.TextChoices):
        """What was decided."""

        AGREED = "agreed", _("Accepté")
        REFUSED = "refused", _("Refusé")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="consents", db_index=False
    )
    act = models.CharField(max_length=20)
    text_version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    # The exact text, copied: a later edition changes nothing here.
    parts = models.JSONField(default=dict)
    teeth = models.CharField(_("dents"), max_length=120, blank=True)
    details = models.CharField(_("précisions"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    prepared_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()

    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    questions = models.TextField(_("questions posées"), blank=True)
    reason = models.CharField(_("raison du refus"), max_length=300, blank=True)
    signer = models.CharField(max_length=10, blank=True)
    signer_name = models.CharField(max_length=120, blank=True)
    # As whom, in words, when the name is neither the patient's nor a known guardian's.
    signer_quality = models.CharField(max_length=60, blank=True)
    signed = models.CharField(max_length=10, blank=True)
    signature = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    is_on_tablet = models.BooleanField(default=False)

    practitioner = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    practitioner_as = models.CharField(max_length=120, blank=True)
    practitioner_signature = models.TextField(blank=True)
    sealed_at = models.DateTimeField(null=True)
    # SHA-256 of all the above, and of the PDF that tells it.
    digest = models.CharField(max_length=64, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    # The line of the journal that holds both.
    journal_number = models.PositiveBigIntegerField(null=True)

    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-prepared_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "cancelled"])
                | (~Q(decision="") & ~Q(signed="") & Q(answered_at__isnull=False)),
                name="consent_answered_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(state="sealed") | (~Q(digest="") & Q(sealed_at__isnull=False)),
                name="consent_sealed_has_its_digest",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(state__in=["answered", "sealed"], decision="agreed"),
                name="consent_withdrawn_was_given",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-prepared_at"], name="consent_by_patient"),
            models.Index(
                fields=["-answered_at"], name="consent_to_sign", condition=Q(state="answered")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.state}"
