"""Who is asked to come back, under which rule, and what was tried."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.care.recalls import rules


class RecallRule(models.Model):
    """Months after a visit or an act at which the practice proposes to come back.

    Privacy: no personal data; kept as long as recalls refer to it.
    """

    class Trigger(models.TextChoices):
        """What the months are counted from."""

        VISIT = rules.Trigger.VISIT.value, _("La dernière visite")
        ACT = rules.Trigger.ACT.value, _("Un acte fait (codes)")
        CHART = rules.Trigger.CHART.value, _("Ce que montre le schéma dentaire")
        PERIO = rules.Trigger.PERIO.value, _("Le dernier bilan parodontal")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=80)
    trigger = models.CharField(_("compté depuis"), max_length=8, choices=Trigger.choices)
    # Codes of acts or kinds of the chart, separated by spaces.
    matches = models.CharField(_("codes"), max_length=300, blank=True)
    months = models.PositiveSmallIntegerField(_("mois"))
    min_age = models.PositiveSmallIntegerField(_("à partir de (ans)"), default=0)
    max_age = models.PositiveSmallIntegerField(_("jusqu’à (ans)"), default=150)
    forget_after_months = models.PositiveSmallIntegerField(
        _("n’est plus rappelé après (mois)"), default=36
    )
    is_active = models.BooleanField(_("appliquée"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="recall_rule_name_is_unique"),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=120), name="recall_rule_has_an_interval"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> rules.Terms:
        """The rule as plain values."""
        return rules.Terms(self.months, self.min_age, self.max_age, self.forget_after_months)

    @property
    def shown_matches(self) -> str:
        """What it counts, as people write it."""
        is_of_chart = self.trigger == self.Trigger.CHART
        return rules.kinds_fr(self.matches) if is_of_chart else self.matches


class RecallChoice(models.Model):
    """What was agreed with one patient: her own interval under a rule, or none at all.

    Privacy: health data by inference; legal basis: care; kept with the record.
    """

    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="recall_choices", db_index=False
    )
    rule = models.ForeignKey(RecallRule, on_delete=models.PROTECT, related_name="+")
    # 0: never recalled under this rule.
    months = models.PositiveSmallIntegerField(_("mois"))
    chosen_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["rule__name"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "rule"], name="one_recall_choice_by_rule"),
            models.CheckConstraint(
                condition=Q(months__lte=120), name="recall_choice_is_an_interval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months}"


class Recall(models.Model):
    """A patient to be asked back by a day; closed with a reason, never deleted.

    Privacy: health data by inference; legal basis: care; kept with the record.
    """

    class Closed(models.TextChoices):
        """Why it is over."""

        BOOKED = "booked", _("Rendez-vous pris")
        DECLINED = "declined", _("Ne souhaite pas")
        SEEN = "seen", _("Venu depuis")
        DROPPED = "dropped", _("Retiré de la liste")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="recalls", db_index=False
    )
    rule = models.ForeignKey(RecallRule, on_delete=models.PROTECT, null=True, related_name="+")
    # Why, when no rule says it; for the practice's eyes alone.
    reason = models.CharField(_("motif"), max_length=120, blank=True)
    due_on = models.DateField(_("à revoir vers le"))
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_as = models.CharField(max_length=10, choices=Closed.choices, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # When somebody put it back on the list, for the last time.
    reopened_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["due_on", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_as="")
                | (Q(closed_at__isnull=False) & ~Q(closed_as="")),
                name="a_closed_recall_says_why",
            ),
            models.CheckConstraint(
                condition=Q(rule__isnull=False) | ~Q(reason=""), name="a_recall_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "due_on"], name="recall_by_patient"),
            models.Index(fields=["practice", "closed_at", "due_on"], name="recall_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%Y-%m-%d}"

    @property
    def listed_at(self) -> datetime:
        """Since when it is on the list."""
        return self.reopened_at or self.created_at


class RecallAttempt(models.Model):
    """One attempt to reach a patient; added, never changed.

    Privacy: health data by inference; legal basis: care; kept with the record.
    """

    class Channel(models.TextChoices):
        """How."""

        PHONE = rules.Channel.PHONE.value, _("Téléphone")
        LETTER = rules.Channel.LETTER.value, _("Courrier")
        MAIL = rules.Channel.MAIL.value, _("Courriel")
        SMS = rules.Channel.SMS.value, _("SMS")

    class Result(models.TextChoices):
        """How it ended."""

        NO_ANSWER = rules.Result.NO_ANSWER.value, _("Pas de réponse")
        LEFT_WORD = rules.Result.LEFT_WORD.value, _("Message laissé")
        WRITTEN = rules.Result.WRITTEN.value, _("Écrit")
        THINKS = rules.Result.THINKS.value, _("Rappellera")
        BOOKED = rules.Result.BOOKED.value, _("Rendez-vous pris")
        DECLINED = rules.Result.DECLINED.value, _("Ne souhaite pas")

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    result = models.CharField(max_length=10, choices=Result.choices)
    note = models.CharField(_("remarque"), max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} : {self.get_result_display()}"


class RecallText(models.Model):
    """What is written to patients, by channel; no word of anybody's health.

    Privacy: no personal data; kept until it is written anew.
    """

    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=RecallAttempt.Channel.choices)
    subject = models.CharField(_("objet"), max_length=rules.LONGEST_SUBJECT, blank=True)
    text = models.TextField(_("texte"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "channel"], name="one_recall_text_by_channel"
            ),
        ]

    def __str__(self) -> str:
        return self.channel
