"""The journal: append-only lines, each sealed with the one before."""

from django.db import models


class Line(models.Model):
    """One thing that somebody did. Database triggers refuse any change or removal.

    Privacy: traces of access to health data (internal ids only, no clinical text, no NIR);
    legal basis: legal obligation; kept as long as the record it speaks of; not erasable.
    """

    # Gapless: a hole in the numbers is a removed line.
    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    practice_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    person_label = models.CharField(max_length=120)
    workstation = models.CharField(max_length=60)
    source = models.CharField(max_length=10)
    action = models.CharField(max_length=20)
    patient_id = models.UUIDField(null=True)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    result = models.CharField(max_length=20)
    detail = models.JSONField(default=dict)
    previous_seal = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["practice_id", "-number"], name="line_by_practice"),
            models.Index(fields=["patient_id", "person_id", "at"], name="line_by_patient"),
            models.Index(fields=["person_id", "-number"], name="line_by_person"),
            models.Index(fields=["practice_id", "action", "-number"], name="line_by_action"),
            # What was looked at outside a record: a day, the tray, a picture that waits.
            models.Index(
                fields=["person_id", "object_kind", "object_id", "at"],
                name="line_by_look",
                condition=models.Q(action="read", patient_id__isnull=True),
            ),
            # What went through is nearly everything: only the rest is worth finding.
            models.Index(
                fields=["practice_id", "-number"],
                name="line_not_ok",
                condition=~models.Q(result="ok"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class Head(models.Model):
    """The last line of the journal: writers lock it, the verification compares it.

    ``seal`` is the head's own (`rules.head_seal_of`), not a copy of the line's.

    Privacy: no personal data; kept with the journal.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="journal_has_one_head"),
        ]

    def __str__(self) -> str:
        return str(self.number)
