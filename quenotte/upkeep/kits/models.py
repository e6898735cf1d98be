"""The recovery kit: each paper that was printed, and each time that somebody tried one."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kit(models.Model):
    """A paper as it was printed. What it says is nowhere: neither the key nor the words.

    Privacy: who printed it, the provider's name and telephone; legal basis: legitimate interest
    (security); kept as long as the repositories that it opens; not erasable.
    """

    class Paper(models.TextChoices):
        """What was printed. The values are those of ``rules.Paper``."""

        SHEET = "F", _("Feuille")
        SHARES = "P", _("Trois parts")

    class State(models.TextChoices):
        """Whether it is the one to keep."""

        IN_FORCE = "in_force", _("En vigueur")
        REPLACED = "replaced", _("Remplacée")
        LEAKED = "leaked", _("Vue ou perdue")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial = models.CharField(max_length=20, unique=True)
    paper = models.CharField(max_length=1, choices=Paper.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.IN_FORCE)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    # The workstation that printed it: the key is typed back on another one.
    device = models.CharField(max_length=64, blank=True)
    # Whom to call, as the paper says.
    provider_name = models.CharField(max_length=100, blank=True)
    provider_phone = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper"],
                condition=~Q(state="replaced"),
                name="kit_one_of_a_kind_counts",
            ),
        ]

    def __str__(self) -> str:
        return self.serial


class KitKey(models.Model):
    """A repository that a paper opens: the key file that it has there, the place as printed.

    Privacy: no personal data; legal basis: legitimate interest (security); kept as its kit; not
    erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="keys")
    destination = models.ForeignKey(
        "upkeep.Destination", on_delete=models.PROTECT, related_name="kit_keys"
    )
    key_file = models.CharField(max_length=64)
    # Of the address, the repository and the certificate on the paper (papers.Place.mark).
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kit", "destination"], name="kit_opens_a_place_once"),
        ]

    def __str__(self) -> str:
        return self.key_file[:8]


class Trial(models.Model):
    """A key typed back from paper, and the restore that followed. What was typed is nowhere.

    Privacy: who typed it and where; legal basis: legitimate interest (security); kept as its kit;
    not erasable.
    """

    class State(models.TextChoices):
        """How the restore ended; ``RUNNING`` until then."""

        RUNNING = "running", _("Restauration en cours")
        DONE = "done", _("Restauration réussie")
        FAILED = "failed", _("Restauration échouée")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="trials")
    destination = models.ForeignKey(
        "upkeep.Destination", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    device = models.CharField(max_length=64, blank=True)
    typed_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    ended_at = models.DateTimeField(null=True)
    # What happened, as it is shown.
    outcome = models.CharField(max_length=600, blank=True)
    # Places that were tried before and gave nothing back, each with its reason.
    passed_over = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["-typed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | ~Q(state="running") & Q(ended_at__isnull=False),
                name="trial_ends_once_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.typed_at:%Y-%m-%d}"
