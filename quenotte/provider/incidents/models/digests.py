"""What practices are written about each week, and what they answer."""

import uuid

from django.db import models
from django.db.models import Q

from quenotte.provider.incidents.models.incidents import Incident


class Digest(models.Model):
    """What a practice was written about one week.

    Privacy: technical facts of a practice; legal basis: contract; kept 13 months; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.CASCADE, related_name="digests"
    )
    # Its Monday.
    week = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-week"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "week"], name="digest_is_one_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.week}"


class Subject(models.Model):
    """One subject of a digest: what the practice may answer to.

    Privacy: technical facts of a practice; legal basis: contract; kept with the digest.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="subjects")
    incident = models.ForeignKey(
        Incident, on_delete=models.SET_NULL, null=True, related_name="subjects"
    )
    cause = models.CharField(max_length=20)
    machines = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.cause


class Reply(models.Model):
    """What a practice answered to a subject, by the link of its digest: each answer once.

    Privacy: an answer of a practice, by whoever reads its mail; legal basis: contract; kept with
    the digest.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="replies")
    answer = models.CharField(max_length=5)
    at = models.DateTimeField()
    # A call that was asked for was made.
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        "base.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(
                fields=["at"],
                condition=Q(answer="call", done_at__isnull=True),
                name="reply_to_call",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject", "answer"], name="reply_is_given_once"),
        ]

    def __str__(self) -> str:
        return self.answer
