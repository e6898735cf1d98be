"""Who is told and how, and the messages on their way."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.provider.incidents import rules
from quenotte.provider.incidents.models.incidents import Incident
from quenotte.provider.incidents.rules import Way


class Duty(models.Model):
    """How a technician wants to be told, and when she is on duty.

    Privacy: professional contacts and hours of staff of the provider; legal basis: contract of
    work; kept as long as the account; erasable.
    """

    person = models.OneToOneField(
        "base.Person", on_delete=models.CASCADE, primary_key=True, related_name="duty"
    )
    by_push = models.BooleanField(_("par notification"), default=True)
    by_mail = models.BooleanField(_("par courriel"), default=False)
    by_sms = models.BooleanField(_("par SMS"), default=False)
    email = models.EmailField(_("courriel"), blank=True)
    phone = models.CharField(_("mobile"), max_length=20, blank=True)
    # Days of the week, Monday is 0, as their digits; equal hours are the whole day.
    weekdays = models.CharField(_("jours"), max_length=7, default="01234")
    from_hour = models.PositiveSmallIntegerField(_("de"), default=8)
    to_hour = models.PositiveSmallIntegerField(_("à"), default=19)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_hour__lte=23, to_hour__lte=24), name="duty_hours_are_hours"
            ),
            models.CheckConstraint(
                condition=Q(by_mail=False) | ~Q(email=""), name="duty_by_mail_has_an_address"
            ),
            models.CheckConstraint(
                condition=Q(by_sms=False) | ~Q(phone=""), name="duty_by_sms_has_a_phone"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)

    @property
    def ways(self) -> list[str]:
        """Return the ways that she chose, whether they lead to her or not."""
        chosen = {Way.PUSH: self.by_push, Way.MAIL: self.by_mail, Way.SMS: self.by_sms}
        return [way.value for way, is_chosen in chosen.items() if is_chosen]


class Subscription(models.Model):
    """A browser that wants to be told (RFC 8030): its address at its maker's push service.

    Privacy: an address of a browser of staff of the provider; legal basis: contract of work; kept
    until it is taken back or its service knows it no more; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "base.Person", on_delete=models.CASCADE, related_name="subscriptions"
    )
    endpoint = models.CharField(max_length=1_000, unique=True)
    # The browser's key and secret (RFC 8291), in base64url.
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    label = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.label


class Sending(models.Model):
    """How the provider sends: its mail server, the name on its short messages. One row.

    Privacy: no personal data but the account at the mail server; kept as long as it is used.
    """

    practice = models.OneToOneField(
        "base.Practice", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    smtp_host = models.CharField(_("serveur"), max_length=200, blank=True)
    smtp_port = models.PositiveIntegerField(_("port"), default=587)
    smtp_security = models.CharField(_("protection"), max_length=10, default="starttls")
    smtp_user = models.CharField(_("identifiant"), max_length=200, blank=True)
    sealed_password = models.TextField(blank=True)
    sender_address = models.EmailField(_("adresse d’expédition"), blank=True)
    sms_sender = models.CharField(_("expéditeur des SMS"), max_length=11, blank=True)
    digests_are_on = models.BooleanField(_("bilan hebdomadaire aux cabinets"), default=False)
    # The key pair by which push services know us (RFC 8292).
    sealed_push_key = models.TextField(blank=True)
    public_push_key = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.smtp_host


class Channel(models.Model):
    """What is known of a way to send: since when it fails, and until when it is left in peace.

    Privacy: no personal data; kept as long as the way is used.
    """

    name = models.CharField(max_length=5, primary_key=True)
    trouble = models.CharField(max_length=30, blank=True)
    trouble_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Outgoing(models.Model):
    """The outbox: a message to somebody, made with what it tells of, sent after it.

    Privacy: who was told what and when (staff of the provider, or a practice's mailbox); the text
    names a practice, no person; legal basis: contract; kept 90 days; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # What it is about, for whom and how: made twice, it is one.
    key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=5)
    person = models.ForeignKey("base.Person", on_delete=models.CASCADE, null=True, related_name="+")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, null=True, related_name="outgoing"
    )
    digest = models.ForeignKey(
        "provider.Digest", on_delete=models.CASCADE, null=True, related_name="outgoing"
    )
    destination = models.CharField(max_length=254, blank=True)
    title = models.CharField(max_length=160)
    text = models.TextField()
    # It says that something is wrong: of no use once that is over.
    is_alarm = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=rules.Sent.DUE)
    reason = models.CharField(max_length=30, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["due", "sending"]),
                name="outgoing_to_send",
            ),
            models.Index(fields=["-created_at"], name="outgoing_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
