"""Logins at workstations, PINs, emergency grants and working hours."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quenotte.base.keyboard.rules import PIN_TRIES, State
from quenotte.base.sealing import SealedTextField

_PERSON = settings.AUTH_USER_MODEL


class StateChoices(models.TextChoices):
    """The states with their words."""

    OPEN = State.OPEN.value, _("Ouverte")
    LOCKED = State.LOCKED.value, _("Verrouillée")
    SWAPPED = State.SWAPPED.value, _("Échangée")
    CLOSED = State.CLOSED.value, _("Fermée")


class ReasonChoices(models.TextChoices):
    """Why somebody works outside her hours, or opens a record that her role does not."""

    EMERGENCY = "urgence", _("Urgence d’un patient")
    DUTY = "garde", _("Garde ou remplacement")
    PAPERS = "administratif", _("Travail administratif")
    MAINTENANCE = "maintenance", _("Maintenance")
    OTHER = "autre", _("Autre raison")


class Sitting(models.Model):
    """One person's login at one workstation, from her full login to its end.

    Privacy: who worked where and when; legal basis: legal obligation (traces of access to
    health data); kept one year after its end; erasable then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(_PERSON, on_delete=models.CASCADE, related_name="sittings")
    # Empty until the first request of the browser has told its key.
    workstation = models.ForeignKey(
        "base.Workstation", on_delete=models.CASCADE, null=True, related_name="sittings"
    )
    state = models.CharField(max_length=12, choices=StateChoices.choices, default=State.OPEN.value)
    opened_at = models.DateTimeField()
    last_input_at = models.DateTimeField()
    # When she last proved who she is by more than a PIN.
    proven_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    needs_factor = models.BooleanField(default=False)
    needs_reason = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, blank=True, choices=ReasonChoices.choices)
    # The end of the last emergency grant: nearly always empty, and then nothing is asked.
    glass_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]),
                name="sitting_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(state=State.CLOSED.value),
                name="sitting_with_an_end_is_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "state"], name="sitting_by_person"),
            models.Index(fields=["workstation", "state"], name="sitting_by_workstation"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.opened_at:%Y-%m-%d %H:%M}"


class Pin(models.Model):
    """The PIN of one person at one workstation; good nowhere else.

    Privacy: a keyed digest, from which the PIN cannot be found; legal basis: legitimate
    interest (security); erased when the person leaves or takes it back; erasable.
    """

    person = models.ForeignKey(_PERSON, on_delete=models.CASCADE, related_name="pins")
    workstation = models.ForeignKey(
        "base.Workstation", on_delete=models.CASCADE, related_name="pins"
    )
    digest = models.CharField(max_length=200)
    failures = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["workstation__name"]
        constraints = [
            models.UniqueConstraint(fields=["person", "workstation"], name="pin_is_unique"),
            models.CheckConstraint(
                condition=models.Q(failures__lte=PIN_TRIES), name="pin_is_tried_five_times_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.workstation_id}"


class Grant(models.Model):
    """A record opened for an hour to somebody whose role does not open it, with her reason.

    Privacy: trace of an access to health data, and why (free text, sealed); legal basis:
    legal obligation; kept as long as the journal lines that name it; not erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="grants")
    person = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="grants")
    # No foreign key: patients live on a floor above.
    patient_id = models.UUIDField()
    reason = models.CharField(_("raison"), max_length=20, choices=ReasonChoices.choices)
    words = SealedTextField(_("précision"), purpose="grant")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        _PERSON, on_delete=models.PROTECT, null=True, related_name="reviewed_grants"
    )

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("granted_at")),
                name="grant_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "patient_id", "-expires_at"], name="grant_by_person"),
            models.Index(fields=["practice", "-granted_at"], name="grant_by_practice"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.patient_id}"


class Hours(models.Model):
    """When the people of one role work, on one day of the week (local times).

    Privacy: no personal data; kept as long as the practice exists.
    """

    practice = models.ForeignKey("base.Practice", on_delete=models.CASCADE, related_name="hours")
    role = models.CharField(max_length=20)
    # 0 is Monday, as in Python.
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        ordering = ["role", "weekday"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "role", "weekday"], name="hours_once_a_day_and_role"
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at")),
                name="hours_open_before_they_close",
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="hours_of_a_day_of_the_week"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.weekday}"
