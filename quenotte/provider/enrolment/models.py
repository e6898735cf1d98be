"""Tokens that let machines in, and the machines. Secrets are kept as digests alone."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quenotte.provider.enrolment import rules


class Token(models.Model):
    """What a technician types on the machines of one order; it expires, and counts.

    Privacy: no personal data but who made it (staff of the provider); legal basis: legitimate
    interest (security); kept a year after it expired, or as long as a machine that it let in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.PROTECT, related_name="tokens"
    )
    # SHA-256 of what was shown once: a stolen database enrols nothing.
    digest = models.BinaryField(max_length=32, unique=True)
    # Its first signs, by which people recognise it.
    hint = models.CharField(max_length=8)
    machines = models.PositiveSmallIntegerField(_("machines commandées"))
    used = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(_("expire le"))
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(machines__gte=1), name="token_is_for_a_machine"),
            models.CheckConstraint(
                condition=Q(used__lte=F("machines")), name="token_is_not_used_too_often"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hint}…"


class Machine(models.Model):
    """A machine of a practice, as its agent said it is.

    Privacy: technical identifiers of a machine (name, serial number); a name may hold a person's;
    legal basis: contract; kept as long as the contract and a year; erasable.
    """

    class Standing(models.TextChoices):
        """Whether it is believed, with the words on screen."""

        QUARANTINE = rules.Standing.QUARANTINE.value, _("en quarantaine")
        ACCEPTED = rules.Standing.ACCEPTED.value, _("acceptée")
        REVOKED = rules.Standing.REVOKED.value, _("révoquée")

    class Agent(models.TextChoices):
        """Which agent came first."""

        GLPI = rules.Agent.GLPI.value, "GLPI Agent"
        OSQUERY = rules.Agent.OSQUERY.value, "osquery"
        STATION = rules.Agent.STATION.value, "Quenotte"
        PRACTICE = rules.Agent.PRACTICE.value, _("serveur Quenotte")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.PROTECT, related_name="machines"
    )
    token = models.ForeignKey(Token, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=63)
    # What the agent is called by its own protocol: a GLPI device id, an osquery host identifier.
    agent = models.CharField(max_length=10, choices=Agent.choices)
    agent_name = models.CharField(max_length=120)
    hardware_uuid = models.CharField(max_length=64, blank=True)
    serial = models.CharField(max_length=64, blank=True)
    # What answered to its key though it is another one; a person decides which of them it is.
    doubted_uuid = models.CharField(max_length=64, blank=True)
    doubted_serial = models.CharField(max_length=64, blank=True)
    # Another agent on the same machine came first: what this one tells is of that machine.
    host = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="agents"
    )
    # It tells of the copies of its practice: no other machine is believed about them.
    speaks_for_practice = models.BooleanField(default=False)
    # SHA-256 of the node key.
    key_digest = models.BinaryField(max_length=32, unique=True)
    standing = models.CharField(
        max_length=12, choices=Standing.choices, default=Standing.QUARANTINE
    )
    # Why it waits: new, the same hardware twice, a serial number that jumped.
    doubt = models.CharField(max_length=12, default="new")
    enrolled_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        indexes = [
            models.Index(fields=["customer", "standing"], name="machine_of_customer"),
            models.Index(
                fields=["hardware_uuid"], condition=~Q(hardware_uuid=""), name="machine_hardware"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(standing="quarantine") | Q(decided_at__isnull=False),
                name="machine_was_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def agent_words(self) -> str:
        """Return what its agent is called on a page: « Quenotte » alone is this site as well."""
        is_ours = self.agent == rules.Agent.STATION
        return str(_("compagnon Quenotte") if is_ours else self.get_agent_display())
