"""Appointments, and what decides when one may be: types, opening hours, leave, waiting lists."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quenotte.care.agenda import rules


class AppointmentType(models.Model):
    """A sort of appointment that the practice offers, with its usual length and its colour.

    Privacy: no personal data; kept as long as appointments refer to it.
    """

    class Colour(models.TextChoices):
        """The palette: neither red (danger) nor amber (look at this)."""

        TEAL = "teal", _("Sarcelle")
        SKY = "sky", _("Ciel")
        INDIGO = "indigo", _("Indigo")
        VIOLET = "violet", _("Violet")
        PLUM = "plum", _("Prune")
        SAND = "sand", _("Sable")
        MOSS = "moss", _("Mousse")
        SLATE = "slate", _("Ardoise")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=60)
    minutes = models.PositiveSmallIntegerField(_("durée habituelle (minutes)"), default=30)
    assistant_minutes = models.PositiveSmallIntegerField(_("temps d’assistante"), default=0)
    colour = models.CharField(
        _("couleur"), max_length=10, choices=Colour.choices, default=Colour.TEAL
    )
    is_active = models.BooleanField(_("proposé"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"], name="appointment_type_name_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(
                    minutes__gte=rules.SHORTEST_MINUTES, minutes__lte=rules.LONGEST_MINUTES
                ),
                name="appointment_type_lasts_some_minutes",
            ),
            models.CheckConstraint(
                condition=Q(assistant_minutes__lte=F("minutes")),
                name="assistant_stays_no_longer_than_the_type",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """A half-open period [starts_at, ends_at) that a patient spends with a practitioner.

    The time of each step is kept beside the status; ``previous_status`` is what one undo
    comes back to. Who did what is in the journal.

    Privacy: health data by inference; legal basis: care; kept with the record.
    """

    class Status(models.TextChoices):
        """How far the appointment has come."""

        BOOKED = "booked", _("Réservé")
        CONFIRMED = "confirmed", _("Confirmé")
        ARRIVED = "arrived", _("Arrivé")
        IN_CHAIR = "in_chair", _("Au fauteuil")
        DONE = "done", _("Terminé")
        MISSED = "missed", _("Non venu")
        CANCELLED = "cancelled", _("Annulé")

    class CancelReason(models.TextChoices):
        """Why it does not take place; a code, never a story."""

        PATIENT = "patient", _("À la demande du patient")
        PRACTICE = "practice", _("À la demande du cabinet")
        MISTAKE = "mistake", _("Saisi par erreur")
        OTHER = "other", _("Autre raison")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(
        "base.Practice", on_delete=models.PROTECT, related_name="appointments"
    )
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="appointments", db_index=False
    )
    practitioner = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    chair = models.ForeignKey("base.Chair", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.ForeignKey(
        AppointmentType, on_delete=models.PROTECT, null=True, related_name="appointments"
    )
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    assistant_minutes = models.PositiveSmallIntegerField(_("temps d’assistante"), default=0)
    title = models.CharField(_("motif"), max_length=120, blank=True)
    note = models.CharField(_("note d’organisation"), max_length=300, blank=True)
    status = models.CharField(
        _("statut"), max_length=10, choices=Status.choices, default=Status.BOOKED
    )
    previous_status = models.CharField(max_length=10, blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    arrived_at = models.DateTimeField(null=True, editable=False)
    seated_at = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    missed_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.CharField(
        _("raison de l’annulation"), max_length=10, choices=CancelReason.choices, blank=True
    )
    # Optimistic lock: a change that started from an older version is refused.
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    # When it came from another program; empty for what was booked here.
    imported_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")),
                name="appointment_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(status__in=rules.STATUSES), name="appointment_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cancel_reason="") | Q(status="cancelled"),
                name="only_a_cancelled_appointment_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "starts_at"], name="appointment_by_patient"),
            models.Index(fields=["practice", "starts_at"], name="appointment_by_day"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()

    @property
    def minutes(self) -> int:
        """How long it lasts, in minutes."""
        return rules.minutes_between(self.starts_at, self.ends_at)

    @property
    def is_off(self) -> bool:
        """Whether it occupies nobody: missed or cancelled."""
        return self.status in rules.OFF

    def reached_at(self, status: str) -> datetime | None:
        """Return when it came to this status; None when it did not, or was only booked."""
        field = rules.TIME_FIELDS.get(status)
        return getattr(self, field) if field else None


class OpeningPeriod(models.Model):
    """A half-open period of a weekday in which the practice, or one practitioner, works.

    Minutes count from midnight on the wall clock of the practice; 1440 is the next midnight.
    A practitioner without any follows the practice; a practice without any is always open.

    Privacy: working hours of staff; legal basis: contract; kept while they hold; erasable.
    """

    practice = models.ForeignKey("base.Practice", on_delete=models.CASCADE, related_name="+")
    practitioner = models.ForeignKey(
        "base.Person", on_delete=models.CASCADE, null=True, related_name="+"
    )
    weekday = models.PositiveSmallIntegerField()
    opens_minute = models.PositiveSmallIntegerField()
    closes_minute = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["weekday", "opens_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday_is_a_day"),
            models.CheckConstraint(
                condition=Q(opens_minute__lt=F("closes_minute"), closes_minute__lte=24 * 60),
                name="opening_period_is_within_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_minute}-{self.closes_minute}"


class Leave(models.Model):
    """A half-open period in which the practice, or one practitioner, does not work.

    Privacy: absences of staff, without their medical reason; legal basis: contract; kept 5
    years; erasable.
    """

    class Kind(models.TextChoices):
        """What the team may know of an absence: an illness is an absence like another."""

        HOLIDAY = "holiday", _("Congés")
        TRAINING = "training", _("Formation")
        ABSENCE = "absence", _("Absence")
        CLOSING = "closing", _("Fermeture du cabinet")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="leave_starts_before_it_ends"
            ),
        ]
        indexes = [models.Index(fields=["practice", "ends_at"], name="leave_by_practice")]

    def __str__(self) -> str:
        return self.get_kind_display()


class AgendaSettings(models.Model):
    """How a practice draws its agenda.

    Privacy: no personal data; kept as long as the practice exists.
    """

    class Step(models.IntegerChoices):
        """The smallest step of the grid, in minutes."""

        FIVE = 5, _("5 minutes")
        TEN = 10, _("10 minutes")
        QUARTER = 15, _("15 minutes")

    practice = models.OneToOneField(
        "base.Practice", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    step_minutes = models.PositiveSmallIntegerField(
        _("pas de la grille"), choices=Step.choices, default=Step.QUARTER
    )
    works_on_holidays = models.BooleanField(_("ouvert les jours fériés"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(step_minutes__in=[5, 10, 15]), name="agenda_step_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_minutes} min"


class Pin(models.Model):
    """An appointment that a person carries to another week; it keeps its place until dropped.

    Privacy: health data by inference; legal basis: care; kept until dropped; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("base.Person", on_delete=models.CASCADE, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="pins")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "appointment"], name="pinned_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ShortNotice(models.Model):
    """A patient who would come at short notice when a slot is freed.

    Privacy: health data by inference; legal basis: care; kept with the record.
    """

    class DayPart(models.TextChoices):
        """When she can come."""

        ANY = "any", _("Toute la journée")
        MORNING = "morning", _("Le matin")
        AFTERNOON = "afternoon", _("L’après-midi")

    class Outcome(models.TextChoices):
        """Why she waits no more."""

        BOOKED = "booked", _("Placé")
        WITHDRAWN = "withdrawn", _("Retiré")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="short_notices"
    )
    # The later appointment that she would give up for an earlier one.
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, related_name="short_notices"
    )
    kind = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, null=True, related_name="+")
    practitioner = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    minutes = models.PositiveSmallIntegerField(_("durée (minutes)"))
    day_part = models.CharField(
        _("moment"), max_length=10, choices=DayPart.choices, default=DayPart.ANY
    )
    # One bit a weekday, Monday first.
    weekdays = models.PositiveSmallIntegerField(_("jours"), default=rules.EVERY_DAY)
    from_day = models.DateField(_("à partir du"))
    until_day = models.DateField(_("jusqu’au"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, editable=False)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lte=rules.EVERY_DAY),
                name="short_notice_has_a_weekday",
            ),
            models.CheckConstraint(
                condition=Q(until_day__isnull=True) | Q(until_day__gte=F("from_day")),
                name="short_notice_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="closed_short_notice_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "created_at"],
                name="short_notice_waiting",
                condition=Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.get_day_part_display()
