"""Practices as their provider knows them: no patient, no account of theirs."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.phones import display_phone
from quenotte.provider.customers.rules import Keeping, keeping


class Customer(models.Model):
    """A practice under contract.

    Privacy: data of a legal person and its professional contact; legal basis: contract; kept as
    long as the contract and five years after it; not erasable before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("nom du cabinet"), max_length=120)
    postcode = models.CharField(_("code postal"), max_length=5, blank=True)
    town = models.CharField(_("ville"), max_length=80, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    # Behind a provider that is down, a hundred practices fall silent for one cause.
    internet_provider = models.CharField(_("fournisseur d’accès"), max_length=60, blank=True)
    time_zone = models.CharField(_("fuseau horaire"), max_length=40, default="Europe/Paris")
    # Days (ISO 8601) on which it is away; public holidays come from its postcode.
    closed_on = models.JSONField(_("jours de fermeture"), default=list)
    # What it agreed to: products of remote control by name, ports beside those of the systems.
    remote_tools = models.JSONField(_("prise en main convenue"), default=list)
    ports = models.JSONField(_("ports convenus"), default=list)
    # Since when that list is as it is, and who wrote it so, by the name that she had then.
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.CharField(max_length=120, blank=True)
    # Rules and silences have not been looked at since something of this changed.
    is_due = models.BooleanField(default=False)
    is_active = models.BooleanField(_("sous contrat"), default=True)
    ended_at = models.DateTimeField(null=True)
    # What was known of its machines went, a year after the end of its (last) contract.
    emptied_at = models.DateTimeField(null=True)
    # Taken up again: what was not heard before is no silence.
    resumed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "town"], name="customer_name_is_unique"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(is_due=True), name="customer_due"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Return its name and its town: several towns have a « Cabinet du Vieux Port »."""
        return f"{self.name}, {self.town}" if self.town else self.name

    @property
    def keeping(self) -> Keeping | None:
        """Return until when what of it is kept; None under contract, or when no end is known."""
        return keeping(self.ended_at) if self.ended_at and not self.is_active else None

    @property
    def shown_phone(self) -> str:
        """Return its telephone as people read it, however it was typed."""
        return display_phone(self.phone)

    @property
    def dialled(self) -> str:
        """Return its telephone as a link dials it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


class Opening(models.Model):
    """A stretch of a weekday in which a practice is open; half-open, by its own clock.

    Privacy: no personal data; kept as long as the practice.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="openings")
    # Monday is 0 (ISO 8601 counts from 1; Python's own count is kept).
    weekday = models.PositiveSmallIntegerField(_("jour"))
    starts_at = models.TimeField(_("ouvre à"))
    ends_at = models.TimeField(_("ferme à"))

    class Meta:
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_is_on_a_weekday"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="opening_starts_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts_at:%H:%M}-{self.ends_at:%H:%M}"
