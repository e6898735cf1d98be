"""Prescriptions, letters and certificates; what they are written from."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Paper(models.TextChoices):
    """The sheets that a printer holds."""

    A5 = "a5", _("A5")
    A4 = "a4", _("A4")


class State(models.TextChoices):
    """How far a paper is."""

    DRAFT = "draft", _("Brouillon")
    ISSUED = "issued", _("Émise")
    CANCELLED = "cancelled", _("Annulée")
    DROPPED = "dropped", _("Abandonnée")


#: What cancelling an issued paper writes: the database lets nothing else of it change.
CANCELLED = ("state", "cancelled_at", "cancelled_as", "cancelled_reason", "version")


class Prescription(models.Model):
    """What a dentist prescribes: a draft that is filled, then a numbered paper that never changes.

    Privacy: health data; legal basis: care; kept with the record (20 years); never deleted by
    a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="prescriptions", db_index=False
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # Lines as rules.lines keeps them.
    lines = models.JSONField(default=list)
    remarks = models.CharField(_("remarques"), max_length=600, blank=True)
    weight_kg = models.DecimalField(
        _("poids (kg)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    paper = models.CharField(_("papier"), max_length=2, choices=Paper.choices, default=Paper.A5)
    # Reminders shown when it was issued: code, words, line; and who went on (the author).
    reminders = models.JSONField(default=list)
    renews = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_as = models.CharField(max_length=120)
    # Set when it is issued.
    number = models.PositiveIntegerField(null=True)
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, null=True, related_name="+")
    signed_as = models.CharField(max_length=120, blank=True)
    issued_at = models.DateTimeField(null=True)
    document = models.ForeignKey(
        "care.Document", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # What was set on its paper: a duplicate says the same, whatever changed since.
    sheet = models.JSONField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_as = models.CharField(max_length=120, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "author", "number"], name="prescription_number_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"], number__isnull=True)
                | Q(
                    state__in=["issued", "cancelled"],
                    number__isnull=False,
                    author__isnull=False,
                    issued_at__isnull=False,
                    document__isnull=False,
                ),
                name="prescription_is_numbered_when_issued",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""),
                name="prescription_is_cancelled_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-created_at"], name="prescription_by_patient")]

    def __str__(self) -> str:
        return str(self.number or "brouillon")


class PrescriptionCounter(models.Model):
    """The last number that a dentist gave to a prescription of a practice: no gap, no double.

    Privacy: professional data of staff; legal basis: legal obligation; kept with the
    prescriptions.
    """

    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "author"], name="prescription_counter_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return str(self.last)


class Prescriber(models.Model):
    """What a dentist's papers say of her, and the sheet that her printer holds.

    Privacy: professional data of staff (public registers); legal basis: legal obligation; kept
    as long as the account.
    """

    person = models.OneToOneField("base.Person", on_delete=models.CASCADE, related_name="+")
    speciality = models.CharField(_("qualité"), max_length=120, blank=True)
    am_number = models.CharField(_("numéro AM (ancien ADELI)"), max_length=9, blank=True)
    more = models.CharField(_("autre ligne d’en-tête"), max_length=120, blank=True)
    paper = models.CharField(
        _("papier des ordonnances"), max_length=2, choices=Paper.choices, default=Paper.A5
    )

    def __str__(self) -> str:
        return str(self.person_id)


class PrescriptionTemplate(models.Model):
    """Lines that the practice prescribes for an act; those of rules.usual until it changes them.

    Privacy: no personal data; kept as long as the practice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(_("nom"), max_length=80)
    lines = models.JSONField(default=list)
    remarks = models.CharField(_("remarques"), max_length=600, blank=True)
    is_active = models.BooleanField(_("proposé"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "code"], name="prescription_template_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Favourite(models.Model):
    """A line that the practice prescribes often, with its usual posology.

    Privacy: no personal data; kept as long as the practice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    # What is found by typing: the folded title of the line.
    key = models.CharField(max_length=200)
    line = models.JSONField()
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="favourite_is_unique"),
        ]

    def __str__(self) -> str:
        return self.key


class DrugFile(models.Model):
    """Which edition of the public drug file is in the table; one row.

    Privacy: no personal data; kept until the next edition.
    """

    imported_at = models.DateTimeField()
    # Day of the newest file of the folder, as the disk tells it.
    dated_on = models.DateField()
    drugs = models.PositiveIntegerField()
    edition = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.dated_on:%Y-%m-%d}"


class Drug(models.Model):
    """A medicine of the public drug file (BDPM).

    Privacy: no personal data; kept until the next edition.
    """

    # Code CIS.
    cis = models.CharField(primary_key=True, max_length=8)
    name = models.CharField(max_length=300)
    form = models.CharField(max_length=200, blank=True)
    routes = models.CharField(max_length=200, blank=True)
    is_sold = models.BooleanField(default=True)
    substances = models.JSONField(default=list)
    conditions = models.CharField(max_length=400, blank=True)
    packs = models.JSONField(default=list)
    # Folded words of the name, then of the substances: what is searched.
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Correspondent(models.Model):
    """A colleague or a physician whom the practice writes to.

    Privacy: professional data of third persons (name, address); legal basis: legitimate
    interest; kept while useful, set aside by a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=120)
    speciality = models.CharField(_("spécialité"), max_length=80, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    town = models.CharField(_("ville"), max_length=80, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    is_active = models.BooleanField(_("proposé"), default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LetterTemplate(models.Model):
    """A text of the practice, with places; those of rules.letters until it changes them.

    Privacy: no personal data; kept as long as the practice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    name = models.CharField(_("nom"), max_length=80)
    title = models.CharField(_("titre imprimé"), max_length=120)
    body = models.TextField(_("texte"))
    needs_dentist = models.BooleanField(_("signé par un praticien"), default=True)
    has_correspondent = models.BooleanField(_("adressé à un correspondant"), default=False)
    is_active = models.BooleanField(_("proposé"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "code"], name="letter_template_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """A letter, a certificate or advice for one patient: a draft, then a paper that stays.

    Privacy: health data; legal basis: care; kept with the record (20 years); never deleted by
    a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="letters", db_index=False
    )
    # A kind of documents.rules.Kind: letter, certificate, other.
    kind = models.CharField(max_length=12)
    title = models.CharField(_("titre"), max_length=120)
    body = models.TextField(_("texte"))
    needs_dentist = models.BooleanField(default=True)
    correspondent = models.ForeignKey(
        Correspondent, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    changed_as = models.CharField(max_length=120)
    issued_at = models.DateTimeField(null=True)
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, null=True, related_name="+")
    signed_as = models.CharField(max_length=120, blank=True)
    document = models.ForeignKey(
        "care.Document", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    cancelled_at = models.DateTimeField(null=True)
    cancelled_as = models.CharField(max_length=120, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "cancelled"]) | Q(document__isnull=False),
                name="letter_is_kept_when_issued",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""),
                name="letter_is_cancelled_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-created_at"], name="letter_by_patient")]

    def __str__(self) -> str:
        return self.title
