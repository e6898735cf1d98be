"""What is written about the mouth: events of the chart, and notes."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ChartEvent(models.Model):
    """One thing charted, taken back, undone or redone: the mouth is what all of them come to.

    Database triggers refuse any change or removal. Numbers grow with each event recorded.

    Privacy: health data; legal basis: care; kept with the record; replaced by addition.
    """

    class What(models.TextChoices):
        """What the event does."""

        FIND = "find", _("Constat")
        WITHDRAW = "withdraw", _("Retrait")
        UNDO = "undo", _("Annulation")
        REDO = "redo", _("Rétablissement")

    number = models.BigAutoField(primary_key=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="chart_events", db_index=False
    )
    # What was entered in one go, and is undone in one go.
    step = models.UUIDField()
    what = models.CharField(max_length=8, choices=What.choices)
    # Clinical day; ``recorded_at`` is when it was written.
    on = models.DateField()
    # As ``rules.findings.Finding.plain`` writes it.
    finding = models.JSONField(null=True)
    # The step undone or redone, or the key of the finding withdrawn.
    target = models.UUIDField(null=True)
    # Who asked for it, for another room: « plan-line:<uuid> ».
    source = models.CharField(max_length=80, blank=True)
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+", null=True)
    # The author's name as it was then: it must not change when she marries or leaves.
    signed_as = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what="find", finding__isnull=False)
                | (~Q(what="find") & Q(finding__isnull=True)),
                name="chart_finds_a_finding",
            ),
            models.CheckConstraint(
                condition=~Q(what__in=["undo", "redo"]) | Q(target__isnull=False),
                name="chart_undoes_a_step",
            ),
            models.CheckConstraint(
                condition=~Q(what="withdraw") | Q(target__isnull=False) | ~Q(source=""),
                name="chart_withdraws_something",
            ),
        ]
        indexes = [models.Index(fields=["patient", "number"], name="chart_event_by_patient")]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"


class KeptMouth(models.Model):
    """What the events of a patient come to, kept because reading them all takes a while.

    It says which events it was made of: one that no longer fits them is made anew. The row is
    also what two people who chart at once wait for.

    Privacy: health data; legal basis: care; derived from the events and kept with them.
    """

    patient = models.OneToOneField(
        "care.Patient", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    rules_version = models.PositiveIntegerField(default=0)
    last_number = models.BigIntegerField(default=0)
    event_count = models.PositiveIntegerField(default=0)
    content = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.patient_id} {self.last_number}"


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
