"""Facts of machines as they stand, what changed, and what the rules found."""

import uuid

from django.db import models
from django.db.models import Q


class State(models.Model):
    """What moves at each contact of a source: small, and without an index on what moves.

    Privacy: when a machine was on; legal basis: contract; kept as long as the machine; erasable.
    """

    machine = models.ForeignKey("provider.Machine", on_delete=models.CASCADE, related_name="states")
    source = models.CharField(max_length=10)
    seen_at = models.DateTimeField()
    # 16 bytes of blake2b over the facts: equal, and nothing of them is written; empty: none came.
    fingerprint = models.BinaryField(max_length=16, default=b"")
    # When the newest that was read whole was sent, by its own clock: what is older is said again.
    sent_at = models.DateTimeField(null=True)
    # The quarters of an hour of this day (UTC) in which it was seen, a bit each: 0-47 and 48-95.
    day = models.DateField()
    early = models.BigIntegerField(default=0)
    late = models.BigIntegerField(default=0)
    # The rules have not looked since the facts changed.
    is_due = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["machine"], condition=Q(is_due=True), name="state_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["machine", "source"], name="state_of_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.machine_id} {self.source}"


class PastDay(models.Model):
    """When a machine was seen on a day that is over, as its state kept it; by the month.

    Privacy: when a machine was on; legal basis: contract; kept 13 months; erasable.
    """

    parted_by = "day"

    pk = models.CompositePrimaryKey("machine", "day", "source")
    machine = models.ForeignKey("provider.Machine", on_delete=models.CASCADE, related_name="days")
    source = models.CharField(max_length=10)
    day = models.DateField()
    early = models.BigIntegerField()
    late = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.machine_id} {self.day}"


class Inventory(models.Model):
    """The facts of a machine from one source, as they stand.

    Privacy: technical facts of a machine, from a closed list of keys (kernel.posture.facts);
    legal basis: contract; kept as long as the machine; erasable.
    """

    machine = models.ForeignKey(
        "provider.Machine", on_delete=models.CASCADE, related_name="inventories"
    )
    source = models.CharField(max_length=10)
    reported_at = models.DateTimeField()
    # {key: {"value": …}}, or {"unknown": why}; when they were last seen is in the state.
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["machine", "source"], name="inventory_of_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.machine_id} {self.source}"


class Posture(models.Model):
    """Where a machine stands: when the rules looked, and when its silence becomes one.

    Privacy: technical facts of a machine; legal basis: contract; kept as long as the machine;
    erasable.
    """

    machine = models.OneToOneField(
        "provider.Machine", on_delete=models.CASCADE, primary_key=True, related_name="posture"
    )
    judged_at = models.DateTimeField(db_index=True)
    # When time alone opens or closes a finding of it, before the rules come by anyway.
    look_at = models.DateTimeField(null=True)
    # When to look at its silence again; then it is one, unless it was heard.
    alert_after = models.DateTimeField(db_index=True)
    silent_since = models.DateTimeField(null=True)
    # It stopped while it was expected, as when a line is cut.
    is_sudden = models.BooleanField(default=False)
    # Its silence counts from here on: the end of a maintenance window.
    counts_from = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["machine"], condition=Q(silent_since__isnull=False), name="posture_silent"
            ),
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="posture_look_at"
            ),
        ]

    def __str__(self) -> str:
        return str(self.machine_id)


class Listening(models.Model):
    """A stretch of time in which our own door listened, by its own word each minute.

    What lies between two of them is nobody's silence.

    Privacy: no personal data; kept 40 days.
    """

    begun_at = models.DateTimeField(db_index=True)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M} {self.last_at:%Y-%m-%d %H:%M}"


class Change(models.Model):
    """A fact that became another: the history of a machine, by the month.

    Privacy: technical facts of a machine; legal basis: contract; kept 13 months; erasable.
    """

    parted_by = "at"

    # PostgreSQL wants what rows are parted by in their key.
    pk = models.CompositePrimaryKey("at", "id")
    id = models.UUIDField(default=uuid.uuid4, editable=False)
    machine = models.ForeignKey(
        "provider.Machine", on_delete=models.CASCADE, related_name="changes"
    )
    at = models.DateTimeField()
    key = models.CharField(max_length=40)
    source = models.CharField(max_length=10)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["machine", "at"], name="change_of_machine")]

    def __str__(self) -> str:
        return f"{self.machine_id} {self.key}"


class Finding(models.Model):
    """What a rule says of a machine, or of a practice, and since when.

    Privacy: technical facts of a machine; legal basis: contract; kept as long as the machine;
    erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        "provider.Customer", on_delete=models.CASCADE, related_name="findings"
    )
    # Of the practice itself (its copies) when there is none.
    machine = models.ForeignKey(
        "provider.Machine", on_delete=models.CASCADE, null=True, related_name="findings"
    )
    rule = models.CharField(max_length=40)
    cause = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    # The reason's code and its values: who shows it has words for them.
    reason = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    # The facts it rests on, and the sources that say otherwise: with their times.
    evidence = models.JSONField(default=list)
    dissent = models.JSONField(default=list)
    # Since when it has been in this state.
    since = models.DateTimeField()
    # Between two looks: kernel.posture.hysteresis.
    memory = models.JSONField(default=dict)
    # It crossed the threshold of its rule, and somebody should know.
    is_open = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer"], condition=Q(is_open=True), name="finding_open"),
            # The search asks which machines a rule finds bad.
            models.Index(fields=["rule", "state"], name="finding_by_rule"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["machine", "rule"],
                condition=Q(machine__isnull=False),
                name="finding_of_machine",
            ),
            models.UniqueConstraint(
                fields=["customer", "rule"],
                condition=Q(machine__isnull=True),
                name="finding_of_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.state}"


class Unsettled(models.Model):
    """A practice at which what was found has changed, until the incidents were drawn from it.

    Written in the transaction of the change: whoever is killed in between loses nothing.

    Privacy: no personal data; kept for seconds.
    """

    customer = models.OneToOneField(
        "provider.Customer", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.customer_id)


class Stumble(models.Model):
    """A part of the look that failed at a practice, or at one of its machines, until it succeeds.

    Privacy: no personal data; kept until it succeeds.
    """

    customer = models.ForeignKey("provider.Customer", on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=10)
    # Which machine; "" for the practice itself.
    subject = models.CharField(max_length=36, blank=True)
    since = models.DateTimeField()
    at = models.DateTimeField()
    # The kind of the error, and nothing of what it says.
    error = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "part", "subject"], name="stumble_is_noted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.error}"


class Pulsed(models.Model):
    """What the server of a practice said last of its copies itself: a rule hears whether it is red.

    Privacy: technical facts of a practice, by codes; legal basis: contract; kept as long as the
    machine; erasable.
    """

    machine = models.OneToOneField(
        "provider.Machine", on_delete=models.CASCADE, primary_key=True, related_name="pulsed"
    )
    at = models.DateTimeField()
    light = models.CharField(max_length=8)
    reasons = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.machine_id} {self.light}"
