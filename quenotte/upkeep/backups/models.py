"""Where copies go, each copy that was made, each proof that one can be restored."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.base.sealing import SealedTextField


class State(models.TextChoices):
    """How a copy or a proof ended. ``INTERRUPTED``: the machine stopped while it ran."""

    RUNNING = "running", _("En cours")
    DONE = "done", _("Faite")
    FAILED = "failed", _("Échouée")
    INTERRUPTED = "interrupted", _("Interrompue")


class Destination(models.Model):
    """A place that holds copies: a folder, a disk, a vault.

    Privacy: an address, with the login of the practice at its vault (sealed); no health data;
    legal basis: legitimate interest (security); kept as long as the practice; not erasable.
    """

    class Kind(models.TextChoices):
        """What the place is."""

        FOLDER = "folder", _("Dossier")
        VAULT = "vault", _("Coffre")
        DISK = "disk", _("Disque amovible")
        OPTICAL = "optical", _("Disque optique")
        TAPE = "tape", _("Bande")
        CLOUD = "cloud", _("Stockage en ligne")

    class Use(models.TextChoices):
        """Whether new copies go there."""

        ACTIVE = "active", _("En service")
        RETIRED = "retired", _("Retirée")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # As people know it; never with a password.
    label = models.CharField(max_length=200)
    # A folder or an address, with the login that it takes.
    place = SealedTextField(purpose="backup")
    # Of the place: found again by it, although it is sealed.
    place_digest = models.CharField(max_length=64, unique=True)
    # SHA-256 of the certificate of a vault that no known authority vouches for; hexadecimal.
    fingerprint = models.CharField(max_length=64, blank=True)
    # Copies go to a new repository each year: the one at the place itself (0), or that of a year.
    epoch = models.PositiveSmallIntegerField(default=0)
    repository_id = models.CharField(max_length=64)
    use = models.CharField(max_length=10, choices=Use.choices, default=Use.ACTIVE)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.label


class Copy(models.Model):
    """One run: the practice as it was at a moment, written to a destination or not.

    Privacy: no personal data (counts, sizes); legal basis: legitimate interest (security); kept
    as long as the repository that it speaks of; not erasable.
    """

    class Kind(models.TextChoices):
        """What asked for it."""

        HOURLY = "hourly", _("De l’heure")
        NIGHTLY = "nightly", _("De la nuit")
        BY_HAND = "by_hand", _("À la demande")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="copies")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    # The moment that the practice can be brought back to.
    data_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    snapshot_id = models.CharField(max_length=64, blank=True)
    bytes_read = models.PositiveBigIntegerField(default=0)
    bytes_added = models.PositiveBigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    # What happened, as it is shown.
    outcome = models.CharField(max_length=600, blank=True)
    # Of the manifest: tables, rows, blobs, sizes, the last line of the journal.
    summary = models.JSONField(default=dict)

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["destination", "-started_at"], name="copy_by_destination"),
            models.Index(fields=["state", "-started_at"], name="copy_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | ~Q(state="running") & Q(ended_at__isnull=False),
                name="copy_ends_once_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(snapshot_id="") & Q(data_at__isnull=False),
                name="copy_done_has_a_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.snapshot_id[:8]}"


class Proof(models.Model):
    """A copy restored to a throw-away place, opened and compared with what was promised.

    Privacy: no personal data (counts); legal basis: legitimate interest (security); kept as long
    as the repository that it speaks of; not erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="proofs")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    snapshot_id = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # The moment to which it was proved that the practice can be brought back.
    restorable_until = models.DateTimeField(null=True)
    # What happened, as it is shown.
    outcome = models.CharField(max_length=600, blank=True)
    # What was compared: counts of tables, rows, files, pictures, and what differed.
    compared = models.JSONField(default=dict)

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["destination", "-asked_at"], name="proof_by_destination")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | ~Q(state="running") & Q(ended_at__isnull=False),
                name="proof_ends_once_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(restorable_until__isnull=False),
                name="proof_done_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.snapshot_id[:8]}"
