"""Files of another program: what was read, what was decided, what came of each line."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One file of another program, from its upload to its undoing.

    Privacy: the name of a file, counts, internal ids; legal basis: care; kept with the records
    that it made; not erasable before them.
    """

    class Kind(models.TextChoices):
        """What each line of the file is."""

        PATIENTS = "patients", _("Patients")
        APPOINTMENTS = "appointments", _("Rendez-vous")
        BALANCES = "balances", _("Soldes")

    class State(models.TextChoices):
        """Where it stands; nothing is in the records before DONE, nor after UNDONE."""

        MAPPING = "mapping", _("Colonnes à vérifier")
        CHECKING = "checking", _("Vérification en cours")
        CHECKED = "checked", _("Prêt à reprendre")
        WRITING = "writing", _("Reprise en cours")
        DONE = "done", _("Repris")
        UNDOING = "undoing", _("Annulation en cours")
        UNDONE = "undone", _("Annulé")
        FAILED = "failed", _("Arrêté")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("contenu"), max_length=12, choices=Kind.choices)
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.MAPPING)
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("fichier"), max_length=120)
    # How the file is read: encoding, delimiter, sheet, header_lines (devices.sheets.Layout).
    layout = models.JSONField(default=dict)
    # Column (number from 0, as text) -> what it is (takeover.targets).
    columns = models.JSONField(default=dict)
    # What the person decided for the whole file (takeover.rules.Options).
    options = models.JSONField(default=dict)
    # How many lines came to each end; written when a step is over.
    counts = models.JSONField(default=dict)
    # Why it stopped: the sentence that was shown.
    trouble = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["practice", "-created_at"], name="import_by_practice")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(written_at__isnull=False),
                name="import_is_undone_after_it_was_written",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class Progress(models.Model):
    """How far the work on an import has come, written beside its one transaction (PostgreSQL).

    Privacy: counts; legal basis: care; kept with the import.
    """

    source = models.OneToOneField(
        Import, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"


class StagedRow(models.Model):
    """One line of the file, read and judged; nothing of it is in the records yet.

    Privacy: identity and health data of the predecessor's patients; legal basis: care; kept 90
    days after the import, then erased by a nightly job.
    """

    class State(models.TextChoices):
        """What will become of the line."""

        READY = "ready", _("Prête")
        DOUBLE = "double", _("Dossier existant")
        REFUSED = "refused", _("Refusée")

    class Decision(models.TextChoices):
        """What the person decided for a line that looks like an existing record."""

        LINK = "link", _("Relier au dossier existant")
        SKIP = "skip", _("Ne pas reprendre")
        CREATE = "create", _("Créer un nouveau dossier")

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    # The line of the file, from 1, as spreadsheets number it.
    line = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices)
    # Codes of takeover.wording with the column that each is about: [code, column].
    remarks = models.JSONField(default=list)
    has_warning = models.BooleanField(default=False)
    decision = models.CharField(max_length=6, choices=Decision.choices, blank=True)
    # The record that the line looks like, or that it is about; an id, for the row goes before it.
    match_id = models.UUIDField(null=True)
    # Ready values; keys by which a patient will be found; the cells of a line refused.
    values = models.JSONField(default=dict)
    keys = models.JSONField(default=list)
    cells = models.JSONField(default=list)

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["source", "line"], name="line_is_staged_once"),
        ]
        indexes = [models.Index(fields=["source", "state", "line"], name="staged_by_state")]

    def __str__(self) -> str:
        return f"{self.line}"


class ImportedPatient(models.Model):
    """What the other program called a patient, and which import brought her.

    Privacy: a number of another program; legal basis: care; kept with the record.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="patients")
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="+", db_index=True
    )
    old_id = models.CharField(max_length=60, blank=True)
    # False: the record was there before, and the line was linked to it.
    is_created = models.BooleanField()
    # The insured person that came with the record, so that she is no addition.
    related_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["source", "old_id"], name="imported_by_old_id")]

    def __str__(self) -> str:
        return self.old_id


class ImportedAppointment(models.Model):
    """An appointment that an import brought.

    Privacy: internal ids; legal basis: care; kept with the appointment.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="appointments")
    appointment = models.OneToOneField(
        "care.Appointment", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.appointment_id}"


class OpeningBalance(models.Model):
    """What a patient owed the predecessor, or was owed, on a day.

    Positive: the patient owes; negative: she has a credit.

    Privacy: financial data; legal basis: accounts (legal obligation); kept 10 years.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey("care.Patient", on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField(_("solde repris"))
    as_of = models.DateField(_("à la date du"))
    source = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="balances")
    imported_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["as_of"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_cents=0), name="opening_balance_is_not_nil"),
        ]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d}"


class ColumnMap(models.Model):
    """Which column was what in a file with these headers: proposed for the next one.

    Privacy: no personal data (names of columns); kept as long as the practice exists.
    """

    practice = models.ForeignKey("base.Practice", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Import.Kind.choices)
    # SHA-256 of the folded headers.
    signature = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "signature"], name="headers_are_remembered_once"
            ),
        ]

    def __str__(self) -> str:
        return self.kind
