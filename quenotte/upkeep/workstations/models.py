"""Machines of the practice, what they told, what the rules found, what a person bears for a while.

Secrets are kept as digests alone.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quenotte.kernel import enrolment

#: How this server is known to itself: it needs no agent.
SELF = "self"


class MachineToken(models.Model):
    """What is typed on the machines to be followed; it expires, and counts.

    Privacy: who made it; legal basis: legitimate interest (security); kept a year after it
    expired.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    # SHA-256 of what was shown once: a stolen database enrols nothing.
    digest = models.BinaryField(max_length=32, unique=True)
    # Its first signs, by which people recognise it.
    hint = models.CharField(max_length=8)
    machines = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(machines__gte=1), name="machine_token_is_for_a_machine"
            ),
            models.CheckConstraint(
                condition=Q(used__lte=F("machines")), name="machine_token_is_not_used_too_often"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hint}…"


class Machine(models.Model):
    """A machine of the practice, as its agent said it is; this server looks at itself.

    Privacy: technical identifiers of a machine (name, serial number); a name may hold a person's;
    legal basis: legitimate interest (security); kept as long as the machine is used and a year;
    erasable.
    """

    class Standing(models.TextChoices):
        """Whether it is believed, with the words on screen."""

        QUARANTINE = enrolment.Standing.QUARANTINE.value, _("à reconnaître")
        ACCEPTED = enrolment.Standing.ACCEPTED.value, _("suivi")
        REVOKED = enrolment.Standing.REVOKED.value, _("plus suivi")

    class Agent(models.TextChoices):
        """What tells of it."""

        GLPI = enrolment.Agent.GLPI.value, "GLPI Agent"
        OSQUERY = enrolment.Agent.OSQUERY.value, "osquery"
        STATION = enrolment.Agent.STATION.value, _("compagnon Quenotte")
        SELF = SELF, _("ce serveur")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="machines")
    token = models.ForeignKey(MachineToken, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("nom"), max_length=63)
    agent = models.CharField(max_length=10, choices=Agent.choices)
    # What the agent is called by its own protocol.
    agent_name = models.CharField(max_length=120, blank=True)
    hardware_uuid = models.CharField(max_length=64, blank=True)
    serial = models.CharField(max_length=64, blank=True)
    # What answered to its key though it is another one; a person decides which of them it is.
    doubted_uuid = models.CharField(max_length=64, blank=True)
    doubted_serial = models.CharField(max_length=64, blank=True)
    # SHA-256 of the node key.
    key_digest = models.BinaryField(max_length=32, unique=True)
    standing = models.CharField(
        max_length=12, choices=Standing.choices, default=Standing.QUARANTINE
    )
    # Why it waits: new, the same hardware twice, a serial number that jumped.
    doubt = models.CharField(max_length=12, default=enrolment.Doubt.NEW.value)
    # Made up for the demo; nobody reports for it.
    is_simulated = models.BooleanField(default=False)
    enrolled_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # When the rules looked at it last; nothing: its facts changed since.
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["practice", "standing"], name="machine_by_standing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(standing=enrolment.Standing.QUARANTINE.value)
                | Q(decided_at__isnull=False),
                name="workstation_was_decided",
            ),
            models.UniqueConstraint(
                fields=["practice"], condition=Q(agent=SELF), name="server_knows_itself_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MachineState(models.Model):
    """The facts of a machine from one source as they stand, and when it was heard.

    Privacy: technical facts of a machine from a closed list of keys (kernel.posture.facts), when it
    was on; legal basis: legitimate interest (security); kept as long as the machine; erasable.
    """

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="states")
    source = models.CharField(max_length=10)
    seen_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    # When the newest that was read whole was sent, by its own clock: what is older is said again.
    sent_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)
    # 16 bytes of blake2b over the facts; empty: none came, or they came in parts.
    fingerprint = models.BinaryField(max_length=16, default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["machine", "source"], name="state_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.machine_id} {self.source}"


class MachineDay(models.Model):
    """The quarters of an hour of a day (UTC) in which a machine was heard, a bit each.

    Privacy: when a machine was on; legal basis: legitimate interest (security); kept 60 days;
    erasable.
    """

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    early = models.BigIntegerField(default=0)
    late = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["machine", "day"], name="machine_day_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.machine_id} {self.day}"


class MachineChange(models.Model):
    """A fact, or what a rule says of a machine, that became another.

    Privacy: technical facts of a machine; legal basis: legitimate interest (security); kept 13
    months; erasable.
    """

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    # A key of the facts, or of a rule.
    is_verdict = models.BooleanField(default=False)
    key = models.CharField(max_length=40)
    source = models.CharField(max_length=10, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["machine", "-at"], name="change_by_machine")]

    def __str__(self) -> str:
        return f"{self.machine_id} {self.key}"


class MachineFinding(models.Model):
    """What a rule says of a machine, and since when.

    Privacy: technical facts of a machine; legal basis: legitimate interest (security); kept as long
    as the machine; erasable.
    """

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=40)
    cause = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    # The reason's code and its values: the page has words for them.
    reason = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    # The facts it rests on, and the sources that say otherwise: with their times.
    evidence = models.JSONField(default=list)
    dissent = models.JSONField(default=list)
    since = models.DateTimeField()
    # Between two looks: kernel.posture.remembering.
    memory = models.JSONField(default=dict)
    # It crossed the threshold of its rule, and somebody should know.
    is_open = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["machine", "rule"], name="finding_by_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.state}"


class Agreement(models.Model):
    """What a practice agreed to for all its machines; without a row: nothing.

    Privacy: who decided it, no health data; legal basis: legitimate interest (security); kept as
    long as the practice; not erasable before.
    """

    practice = models.OneToOneField(
        "base.Practice", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    # Products of remote control by name, ports beside those of the systems.
    remote_tools = models.JSONField(default=list)
    ports = models.JSONField(default=list)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{len(self.remote_tools)} + {len(self.ports)}"


class Exemption(models.Model):
    """What a person decided to bear for a while: a rule at one machine, with a reason.

    Privacy: who decided it and why, no health data; legal basis: legitimate interest (security);
    kept three years after its end; not erasable before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="exemptions")
    rule = models.CharField(max_length=40)
    # The code that is borne: the next fault of the rule is seen again.
    reason = models.CharField(max_length=40)
    # The names and ports that were there: one more is not borne.
    things = models.JSONField(default=list)
    why = models.CharField(_("pourquoi"), max_length=200)
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    granted_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="exemption_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("granted_at")), name="exemption_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.ends_at:%d/%m/%Y}"
