"""What the guard saw: each copy, the anomalies that a person has to close; what it was told."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.upkeep.guard import rules


class Anomaly(models.Model):
    """Something that looks like an attack; copies wait in quarantine until a person closes it.

    Privacy: who closed it and why, no health data; legal basis: legitimate interest (security);
    kept as long as the practice; not erasable.
    """

    class State(models.TextChoices):
        """How grave it looks."""

        AMBER = "amber", _("À regarder")
        RED = "red", _("Alerte")

    class Ending(models.TextChoices):
        """How a person closed it."""

        EXPECTED = "expected", _("C’était nous : les copies sont bonnes")
        REPAIRED = "repaired", _("C’est réparé : ces copies restent de côté")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=5, choices=State.choices)
    opened_at = models.DateTimeField()
    # What was seen: sign, count, total, first names of files and tables.
    signals = models.JSONField(default=list)
    # The last good copy: its snapshot, the moment that it brings back, and where it lies.
    good_snapshot = models.CharField(max_length=64, blank=True)
    good_at = models.DateTimeField(null=True)
    destination = models.ForeignKey(
        "upkeep.Destination", on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["closed_at", "-opened_at"], name="anomaly_by_closing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, ending="", reason="")
                | Q(closed_at__isnull=False) & ~Q(ending="") & ~Q(reason=""),
                name="anomaly_closed_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.opened_at:%d/%m/%Y}"


class Look(models.Model):
    """A copy as the guard saw it, for the comparison with those that follow.

    Privacy: no personal data (counts, digests); legal basis: legitimate interest (security); kept
    90 days, then removed but for the last twelve good ones of each place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    destination = models.ForeignKey(
        "upkeep.Destination", on_delete=models.PROTECT, related_name="+"
    )
    snapshot_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    is_night = models.BooleanField(default=False)
    is_good = models.BooleanField()
    score = models.PositiveSmallIntegerField(default=0)
    signals = models.JSONField(default=list)
    # Rows of each table, digests of the schema, the last line of the journal of accesses.
    picture = models.JSONField(default=dict)
    added_bytes = models.PositiveBigIntegerField(default=0)
    anomaly = models.ForeignKey(Anomaly, on_delete=models.PROTECT, null=True, related_name="looks")

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["destination", "-at"], name="look_by_destination")]

    def __str__(self) -> str:
        return f"{self.snapshot_id[:8]} {self.score}"


class Declaration(models.Model):
    """Something that changes much at once, told to the guard: by the room that did it, or ahead.

    Signed with a key of the application: a row that somebody slipped in explains nothing.

    Privacy: who announced it and in which words, no health data; legal basis: legitimate interest
    (security); kept 90 days after its end, then removed.
    """

    class Mass(models.TextChoices):
        """What it is. Those that people announce come first."""

        IMPORT = "import", _("Import ou reprise de données")
        PURGE = "purge", _("Effacement ou archivage")
        REWRITING = "rewriting", _("Conversion ou réécriture")
        MIGRATION = "migration", _("Mise à jour de Quenotte")
        UNION = "union", _("Réunion de dossiers")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mass = models.CharField(max_length=10, choices=Mass.choices)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    # Names of tables; none: any.
    tables = models.JSONField(default=list)
    # No more of each table; 0: any number.
    rows = models.PositiveIntegerField(default=0)
    # Who announced it, in her words; nobody when a room told what it did.
    person = models.ForeignKey("base.Person", on_delete=models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=200, blank=True)
    signature = models.CharField(max_length=64)

    class Meta:
        ordering = ["-begun_at"]
        indexes = [models.Index(fields=["ended_at"], name="declaration_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gte=models.F("begun_at")),
                name="declaration_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | ~Q(words=""), name="declaration_says_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mass} {self.begun_at:%d/%m/%Y}"

    @property
    def facts(self) -> rules.Declared:
        """Return it as the rules want it."""
        return rules.Declared(
            rules.Mass(self.mass),
            self.begun_at,
            self.ended_at,
            frozenset(self.tables),
            self.signature,
            self.rows,
        )
