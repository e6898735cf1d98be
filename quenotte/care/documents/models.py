"""Documents of a record: what they are, their versions, what happened to them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.care.documents import rules


class Kind(models.TextChoices):
    """The kinds with their words on screen."""

    PRESCRIPTION = rules.Kind.PRESCRIPTION.value, _("Ordonnance")
    LETTER = rules.Kind.LETTER.value, _("Courrier")
    CERTIFICATE = rules.Kind.CERTIFICATE.value, _("Certificat")
    CONSENT = rules.Kind.CONSENT.value, _("Consentement")
    QUESTIONNAIRE = rules.Kind.QUESTIONNAIRE.value, _("Questionnaire médical")
    REPORT = rules.Kind.REPORT.value, _("Compte rendu")
    QUOTE = rules.Kind.QUOTE.value, _("Devis")
    PASSPORT = rules.Kind.PASSPORT.value, _("Passeport implantaire")
    LABORATORY = rules.Kind.LABORATORY.value, _("Laboratoire")
    PHOTO = rules.Kind.PHOTO.value, _("Photographie")
    OTHER = rules.Kind.OTHER.value, _("Autre document")


class Document(models.Model):
    """Something on paper, or like it, that belongs to a record.

    Its bytes are those of its versions; it is withdrawn (hidden) or cancelled (shown with a
    mention), never deleted.

    Privacy: health data; legal basis: care; kept with the record (20 years); never deleted by
    a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="documents", db_index=False
    )
    kind = models.CharField(_("type"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("titre"), max_length=rules.LONGEST_TITLE)
    dated_on = models.DateField(_("date"))
    # What made it (« prescription:<uuid> »); empty when somebody brought the file.
    source = models.CharField(max_length=80, blank=True)
    # Made here and signed: its bytes are never replaced.
    is_sealed = models.BooleanField(default=False)
    # The version that is shown; None only while the first one is being written.
    current = models.ForeignKey(
        "care.DocumentVersion",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The name as it was then: it must not change when she marries or leaves.
    signed_as = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=rules.LONGEST_REASON, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=rules.LONGEST_REASON, blank=True)
    # Optimistic lock: what was decided on an older state is refused.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-dated_on", "-created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="document_has_a_title"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in rules.Kind]),
                name="document_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="document_is_withdrawn_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_reason="")
                | Q(cancelled_at__isnull=False) & ~Q(cancelled_reason=""),
                name="document_is_cancelled_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-dated_on", "-created_at"], name="document_by_patient")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_outlived(self) -> bool:
        """Whether what it says was so, and is so no more: no mistake, and no longer true."""
        return self.cancelled_at is not None and self.kind in rules.OUTLIVED


class DocumentVersion(models.Model):
    """The bytes of a document at one time; never changed, taken back at most.

    Privacy: health data (the file, and its words for the search); legal basis: care; kept with
    the record; never deleted by a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=80)
    # The name that the file had, for people; never a path, never the name of a download.
    file_name = models.CharField(max_length=160, blank=True)
    pages = models.PositiveIntegerField(default=0)
    # Folded words of the file, for the search.
    words = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_as = models.CharField(max_length=120)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="document_version_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class DocumentEvent(models.Model):
    """What somebody did to a document, as its page tells it.

    Privacy: health data (titles, reasons), names of staff; legal basis: care; kept with the
    record; never deleted by a person.
    """

    class What(models.TextChoices):
        """What was done."""

        KEPT = "kept", _("Ajouté")
        REPLACED = "replaced", _("Remplacé par une nouvelle version")
        TAKEN_BACK = "taken_back", _("Remplacement annulé")
        DESCRIBED = "described", _("Titre, type ou date modifiés")
        WITHDRAWN = "withdrawn", _("Retiré du dossier")
        RESTORED = "restored", _("Remis dans le dossier")
        MOVED = "moved", _("Changé de dossier")
        CANCELLED = "cancelled", _("Annulé")
        PRINTED = "printed", _("Imprimé")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=12, choices=What.choices)
    at = models.DateTimeField()
    by = models.ForeignKey("base.Person", on_delete=models.PROTECT, null=True, related_name="+")
    signed_as = models.CharField(max_length=120)
    # Why, in the words of who did it; or what the description was before.
    words = models.CharField(max_length=rules.LONGEST_REASON, blank=True)
    # The record that it was taken from.
    from_patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.what
