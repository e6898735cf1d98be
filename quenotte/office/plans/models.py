"""Plans of treatment: their sessions, their lines, and which one was chosen."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.office.plans import rules


class TreatmentPlan(models.Model):
    """What is proposed to a patient; several of them are alternatives, named by their order.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    class Status(models.TextChoices):
        """How far the talk has come."""

        DRAFT = "draft", _("Brouillon")
        PROPOSED = "proposed", _("Proposé")
        ACCEPTED = "accepted", _("Accepté")
        REFUSED = "refused", _("Refusé")
        FINISHED = "finished", _("Terminé")
        ABANDONED = "abandoned", _("Abandonné")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    title = models.CharField(_("titre"), max_length=80, blank=True)
    status = models.CharField(
        _("état"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    reason = models.CharField(_("raison"), max_length=200, blank=True)
    practitioner = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    # Optimistic lock: a change that started from an older version is refused.
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=rules.PLAN_STATUSES), name="plan_status_is_known"
            ),
        ]
        indexes = [models.Index(fields=["patient", "created_at"], name="plan_by_patient")]

    def __str__(self) -> str:
        return self.title or str(self.id)


class ChosenPlan(models.Model):
    """Which plan of a patient is the one that the mouth shows: one at most.

    Privacy: health data; legal basis: care; kept while the choice holds; erasable.
    """

    patient = models.OneToOneField(
        "care.Patient", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    plan = models.OneToOneField(TreatmentPlan, on_delete=models.PROTECT, related_name="chosen")

    def __str__(self) -> str:
        return str(self.plan_id)


class PlanSession(models.Model):
    """One time at the chair of a plan; ``removed_at``: taken out, and kept.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(TreatmentPlan, on_delete=models.PROTECT, related_name="sessions")
    position = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(_("phase"), max_length=40, blank=True)
    title = models.CharField(_("motif"), max_length=80, blank=True)
    # Without one, the session lasts as long as its acts: see ``rules.session_minutes``.
    minutes = models.PositiveSmallIntegerField(_("durée (minutes)"), null=True)
    chair = models.ForeignKey("base.Chair", on_delete=models.PROTECT, null=True, related_name="+")
    laboratory_days = models.PositiveSmallIntegerField(_("laboratoire (jours)"), default=0)
    healing_days = models.PositiveSmallIntegerField(_("cicatrisation (jours)"), default=0)
    # A booking that is taken back whole goes with its record of one minute: the session stays.
    appointment = models.OneToOneField(
        "care.Appointment", on_delete=models.SET_NULL, null=True, related_name="plan_session"
    )
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=720),
                name="plan_session_lasts_some_minutes",
            ),
            models.CheckConstraint(
                condition=Q(laboratory_days__lte=365, healing_days__lte=730),
                name="plan_session_waits_a_while",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.position)


class PlanLine(models.Model):
    """One act of a plan, as the catalogue said it on the day it was added.

    Amounts are cents for one act; without a fee it is still to be fixed, without a tariff the
    act has no base. ``teeth`` are FDI numbers (« 16 17 »), ``charts_as`` what the mouth shows.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    class Status(models.TextChoices):
        """What became of the act."""

        PLANNED = "planned", _("Prévu")
        ACCEPTED = "accepted", _("Accepté")
        REFUSED = "refused", _("Refusé")
        DONE = "done", _("Fait")
        REMOVED = "removed", _("Retiré")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(TreatmentPlan, on_delete=models.PROTECT, related_name="lines")
    session = models.ForeignKey(PlanSession, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(_("code"), max_length=20)
    label = models.CharField(_("acte"), max_length=200)
    teeth = models.CharField(_("dents"), max_length=120, blank=True)
    surfaces = models.CharField(_("faces"), max_length=5, blank=True)
    quantity = models.PositiveSmallIntegerField(_("quantité"), default=1)
    tariff_cents = models.PositiveIntegerField(null=True)
    fee_cents = models.PositiveIntegerField(_("honoraires"), null=True)
    basket = models.CharField(max_length=20, blank=True)
    charts_as = models.CharField(max_length=20, blank=True)
    material = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(
        _("état"), max_length=10, choices=Status.choices, default=Status.PLANNED
    )
    # What it comes back to when « fait » or a removal is taken back.
    previous_status = models.CharField(max_length=10, blank=True, editable=False)
    reason = models.CharField(_("raison"), max_length=200, blank=True)
    # Whether the mouth shows it: what is written there is withdrawn by its source.
    is_marked = models.BooleanField(default=False, editable=False)
    created_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    done_on = models.DateField(null=True, editable=False)

    class Meta:
        ordering = ["position", "created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=rules.LINE_STATUSES), name="plan_line_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=99), name="plan_line_has_a_quantity"
            ),
            models.CheckConstraint(
                condition=Q(status="done", done_on__isnull=False)
                | (~Q(status="done") & Q(done_on__isnull=True)),
                name="plan_line_is_done_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.teeth}".strip()

    @property
    def source(self) -> str:
        """How the mouth names where its mark comes from."""
        return f"plan-line:{self.id}"
