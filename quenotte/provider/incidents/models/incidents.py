"""What is wrong, what was done about it, and what a storm explains."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.provider.incidents import rules


class Incident(models.Model):
    """What is wrong at one practice for one cause, or with the network of many (no practice).

    Privacy: technical facts of a practice, who took it up (staff of the provider); legal basis:
    contract; kept 13 months after its end; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.CASCADE, null=True, related_name="incidents"
    )
    cause = models.CharField(max_length=20)
    # Of a storm alone: behind which Internet provider, "" when it is the whole fleet.
    network = models.CharField(max_length=60, blank=True)
    severity = models.CharField(max_length=10)
    # The gravest first, then the oldest, in one number (rules.rank).
    rank = models.BigIntegerField()
    standing = models.CharField(max_length=8, default=rules.Standing.TOLD)
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # When somebody was told, how grave it was then, and the how manieth opening it is.
    told_at = models.DateTimeField(null=True)
    told_severity = models.CharField(max_length=10, blank=True)
    round = models.PositiveIntegerField(default=1)
    # What was critical when somebody was told, as "machine:rule": another one is news again.
    told_of = models.JSONField(default=list)
    # The finding whose words it has: its rule, what it says, on how many machines.
    rule = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    # What else is broken of it at the practice itself, the gravest first: rule, state, reason,
    # values of each.
    also = models.JSONField(default=list)
    machines = models.PositiveIntegerField(default=0)
    findings = models.PositiveIntegerField(default=0)
    # When a silence that may be part of a storm is one by itself; another may be told already.
    ripens_at = models.DateTimeField(null=True)
    # Changes of mind, newest last, and when it was last said to be unstable.
    flips = models.JSONField(default=list)
    told_unstable_at = models.DateTimeField(null=True)
    # Of a storm: how many machines it ever took.
    blown = models.PositiveIntegerField(default=0)
    taken_by = models.ForeignKey(
        "base.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rank", "id"]
        indexes = [
            # The morning page: who needs somebody, in order, from the index alone.
            models.Index(
                fields=["customer", "rank"],
                condition=Q(closed_at__isnull=True, standing="told"),
                name="incident_needs",
            ),
            models.Index(fields=["-closed_at"], name="incident_closed"),
            models.Index(fields=["-told_at"], name="incident_told"),
            models.Index(
                fields=["standing"],
                condition=Q(closed_at__isnull=True) & ~Q(standing="told"),
                name="incident_quiet",
            ),
            models.Index(
                fields=["ripens_at"], condition=Q(ripens_at__isnull=False), name="incident_ripens"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "cause"],
                condition=Q(closed_at__isnull=True, customer__isnull=False),
                name="incident_is_one_for_a_cause",
            ),
            models.UniqueConstraint(
                fields=["network"],
                condition=Q(closed_at__isnull=True, customer__isnull=True),
                name="incident_is_one_for_a_storm",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(cause="storm"),
                name="incident_of_nobody_is_a_storm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.severity}"


class Step(models.Model):
    """Something that happened to an incident, or what a person did and wrote.

    Privacy: who did what (staff of the provider), a note in her words; legal basis: contract; kept
    with the incident; erasable.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    severity = models.CharField(max_length=10, blank=True)
    person = models.ForeignKey(
        "base.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    note = models.TextField(_("ce qui a été fait"), max_length=2_000, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.kind


class Blown(models.Model):
    """A machine that a storm explains.

    Privacy: no personal data; kept as long as the storm.
    """

    storm = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="machines_blown")
    machine = models.OneToOneField(
        "provider.Machine", on_delete=models.CASCADE, related_name="blown"
    )

    def __str__(self) -> str:
        return str(self.machine_id)
