"""What is wrong and told to nobody for a while: windows of maintenance, exceptions."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.posture import exemptions
from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.terms import State


class Window(models.Model):
    """A maintenance window: somebody works there, and need not be told of it.

    Privacy: who planned it and why, in her words (staff of the provider); legal basis: contract;
    kept 13 months; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.CASCADE, related_name="windows"
    )
    # All of the practice when there is none.
    machine = models.ForeignKey(
        "provider.Machine", on_delete=models.CASCADE, null=True, related_name="windows"
    )
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    why = models.CharField(_("raison"), max_length=200)
    planned_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    # What is done at its start and at its end was done.
    begun_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-starts_at"]
        indexes = [
            models.Index(
                fields=["ends_at"], condition=Q(settled_at__isnull=True), name="window_unsettled"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="window_starts_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Muted(models.Model):
    """What was found within a window, and was told to nobody.

    Privacy: technical facts of a machine; legal basis: contract; kept with the window.
    """

    window = models.ForeignKey(Window, on_delete=models.CASCADE, related_name="muted")
    machine = models.ForeignKey(
        "provider.Machine", on_delete=models.CASCADE, null=True, related_name="+"
    )
    rule = models.CharField(max_length=40)
    reason = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["window", "machine", "rule"],
                condition=Q(machine__isnull=False),
                name="muted_once_of_a_machine",
            ),
            models.UniqueConstraint(
                fields=["window", "rule"],
                condition=Q(machine__isnull=True),
                name="muted_once_of_a_practice",
            ),
        ]

    def __str__(self) -> str:
        return self.rule


class Exemption(models.Model):
    """What a person decided to bear for a while, and why.

    Privacy: who decided and why, in her words (staff of the provider); legal basis: contract; kept
    13 months after its end; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.CASCADE, related_name="exemptions"
    )
    # Of the practice itself (its copies) when there is none.
    machine = models.ForeignKey(
        "provider.Machine", on_delete=models.CASCADE, null=True, related_name="exemptions"
    )
    rule = models.CharField(max_length=40)
    # The code that is borne: the next fault of the same rule is not.
    reason = models.CharField(max_length=40)
    # The names and ports that were there: one more is not borne.
    things = models.JSONField(default=list)
    why = models.CharField(_("raison"), max_length=200)
    granted_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField(_("jusqu’au"))
    # Its end was taken in, by itself or because somebody withdrew it.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ends_at"]
        indexes = [
            models.Index(
                fields=["customer", "ends_at"],
                condition=Q(ended_at__isnull=True),
                name="exception_stands",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="exception_has_a_reason"),
            models.CheckConstraint(
                condition=Q(granted_at__lt=F("ends_at")), name="exception_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["machine", "rule"],
                condition=Q(ended_at__isnull=True, machine__isnull=False),
                name="exception_is_one_for_a_rule",
            ),
            models.UniqueConstraint(
                fields=["customer", "rule"],
                condition=Q(ended_at__isnull=True, machine__isnull=True),
                name="exception_is_one_for_a_practice",
            ),
        ]

    def __str__(self) -> str:
        return self.rule

    def bears(self, verdict: Verdict, at: datetime) -> bool:
        """Tell whether it bears what a rule came to at its machine, or its practice.

        What is not bad any more, or cannot be read, stays borne.
        """
        if verdict.state is not State.BAD:
            verdict = Verdict(verdict.rule, State.BAD, self.reason)
        borne = exemptions.Exemption(
            self.rule,
            self.why,
            self.granted_at,
            self.ends_at,
            reasons=frozenset({self.reason}),
            things=frozenset(self.things),
        )
        return borne.bears(verdict, "", at)
