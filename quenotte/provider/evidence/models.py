"""Questionnaires as they are typed and signed, and the dossiers: what was signed or made stays."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.memento.items import Sheet

_SHEETS = [(one.value, one.value) for one in Sheet]


class Draft(models.Model):
    """A questionnaire that somebody is filling: not signed, and worth nothing until it is.

    Privacy: organisation of a practice, names of no patient; legal basis: contract; kept until it
    is signed, at most as long as the contract and a year; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.CASCADE, related_name="drafts"
    )
    sheet = models.CharField(max_length=10, choices=_SHEETS)
    # {item: {"given": …, "note": …}}
    answers = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "sheet"], name="draft_of_a_sheet"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.sheet}"


class SignedSheet(models.Model):
    """A questionnaire as somebody signed it. Triggers refuse to change it, or to remove it alone.

    Privacy: organisation of a practice; name and quality of who signed; legal basis: contract and
    legal duty (GDPR, article 28 and 32); kept as long as the contract and five years after it; not
    erasable before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.PROTECT, related_name="signed_sheets"
    )
    sheet = models.CharField(max_length=10, choices=_SHEETS)
    answers = models.JSONField()
    # Who answers for it, as she is called and what she is.
    signer = models.CharField(_("nom"), max_length=120)
    quality = models.CharField(_("qualité"), max_length=80)
    # Whose account took it down, and as she was called then.
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken_as = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    # Its place in the chain of its practice, and the digest of the one before ("" for the first);
    # nothing: it was signed before there was a chain.
    number = models.PositiveIntegerField(null=True)
    previous = models.CharField(max_length=64, null=True)  # noqa: DJ001 - "" is the first
    # SHA-256 of all the above; the line of the journal holds it too.
    digest = models.CharField(max_length=64)
    journal_number = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["-signed_at"]
        indexes = [models.Index(fields=["customer", "-signed_at"], name="signed_sheet_of_customer")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(signer="") & ~Q(quality=""), name="signed_sheet_says_whose_it_is"
            ),
            models.UniqueConstraint(
                fields=["customer", "number"],
                condition=Q(number__isnull=False),
                name="signed_sheet_has_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.signed_at:%Y-%m-%d}"


class Dossier(models.Model):
    """A file of evidence that was made. Triggers refuse to change it, or to remove it alone.

    Privacy: technical facts of the machines of a practice, names of who signed and who made it;
    legal basis: contract; kept as long as the contract and five years after it; not erasable
    before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.PROTECT, related_name="dossiers"
    )
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_as = models.CharField(max_length=120)
    # SHA-256 of its content, and that of the one before ("" for the first).
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    ok = models.PositiveSmallIntegerField()
    bad = models.PositiveSmallIntegerField()
    unknown = models.PositiveSmallIntegerField()
    json_file = models.ForeignKey("base.Blob", on_delete=models.PROTECT, related_name="+")
    pdf_file = models.ForeignKey("base.Blob", on_delete=models.PROTECT, related_name="+")
    # The line of the journal that holds the digest.
    journal_number = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="dossier_number_is_unique"),
            models.CheckConstraint(
                condition=Q(number=1, previous="") | (Q(number__gt=1) & ~Q(previous="")),
                name="dossier_follows_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.number}"


class Making(models.Model):
    """A dossier that somebody asked for, while the worker makes it.

    Privacy: who asked for it; legal basis: contract; kept until the next one is asked for, at most
    as long as the contract and a year; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.CASCADE, related_name="makings"
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    percent = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    # Why there is none, in words; empty when there is one, or not yet.
    refusal = models.CharField(max_length=300, blank=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(finished_at__isnull=True),
                name="making_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.percent}"


class Departure(models.Model):
    """That a practice is gone, five years after its contract: what was proved of it, as digests.

    Written once and for good (triggers): the rows of its chains go after this one, all together,
    and no row of them goes without it. Its own digest is in the journal.

    Privacy: no name; the internal number of a practice, dates, digests of its files; legal basis:
    legitimate interest (who holds such a file can show that it was made here, and that it went by
    the rule); kept as long as the journal; not erasable.
    """

    #: The practice that it was; its row is no more.
    id = models.UUIDField(primary_key=True, editable=False)
    ended_at = models.DateTimeField()
    at = models.DateTimeField()
    # [{"id": …, "number": …, "digest": …, "files": [JSON, PDF]}], in the order of the chain.
    dossiers = models.JSONField(default=list)
    # [{"id": …, "digest": …}], in the order of the chain.
    sheets = models.JSONField(default=list)
    # The line of the journal that holds the digest of all this.
    journal_number = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["at"], name="departure_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__lt=models.F("at")), name="departure_follows_the_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.at:%Y-%m-%d}"

    @property
    def files(self) -> list[str]:
        """Return the digests of the files that its dossiers were."""
        return [name for one in self.dossiers for name in one["files"]]

    @property
    def object_ids(self) -> set[str]:
        """Return the internal numbers of all that went, as the journal names them."""
        return {one["id"] for one in (*self.dossiers, *self.sheets)}
