"""Messages to patients: how the practice sends them, in which words, and what became of each."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quenotte.care.reminders.rules import states


class ReminderSettings(models.Model):
    """How a practice sends its messages. The password is sealed with a key of the data folder.

    Privacy: account of the practice at its mail provider; legal basis: legitimate interest;
    kept as long as the practice exists; the password is never shown again.
    """

    class Security(models.TextChoices):
        """How the connection to the mail server is protected."""

        STARTTLS = "starttls", _("STARTTLS (port 587)")
        TLS = "tls", _("TLS dès la connexion (port 465)")
        NONE = "none", _("Aucune : serveur de cette machine seulement")

    practice = models.OneToOneField(
        "base.Practice", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    is_on = models.BooleanField(_("envoyer les messages"), default=False)
    turned_on_at = models.DateTimeField(null=True, editable=False)
    mail_is_on = models.BooleanField(_("par courriel"), default=True)
    sms_is_on = models.BooleanField(_("par SMS"), default=False)
    mail_hours_before = models.PositiveSmallIntegerField(_("rappel par courriel"), default=72)
    sms_hours_before = models.PositiveSmallIntegerField(_("rappel par SMS"), default=24)
    quiet_from_hour = models.PositiveSmallIntegerField(_("silence à partir de"), default=20)
    quiet_to_hour = models.PositiveSmallIntegerField(_("silence jusqu’à"), default=8)
    quiet_days_off = models.BooleanField(_("ni dimanche ni jour férié"), default=True)
    smtp_host = models.CharField(_("serveur d’envoi (SMTP)"), max_length=200, blank=True)
    smtp_port = models.PositiveIntegerField(_("port"), default=587)
    smtp_security = models.CharField(
        _("protection"), max_length=10, choices=Security.choices, default=Security.STARTTLS
    )
    smtp_user = models.CharField(_("identifiant"), max_length=200, blank=True)
    sealed_password = models.TextField(blank=True, editable=False)
    sender_address = models.EmailField(_("adresse d’expédition"), blank=True)
    reply_to = models.EmailField(_("adresse de réponse"), blank=True)
    sms_sender = models.CharField(_("expéditeur des SMS"), max_length=11, blank=True)
    # What the mail server last complained about, and until when it is left in peace.
    trouble = models.CharField(max_length=30, blank=True, editable=False)
    trouble_since = models.DateTimeField(null=True, editable=False)
    rests_until = models.DateTimeField(null=True, editable=False)
    # Optimistic lock; 0 until the first saving.
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mail_hours_before__range=(3, 336), sms_hours_before__range=(3, 336)),
                name="reminder_leaves_hours_before",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from_hour__lte=23, quiet_to_hour__lte=23),
                name="reminder_quiet_hours_are_hours",
            ),
        ]

    def __str__(self) -> str:
        return "on" if self.is_on else "off"


class MessageTemplate(models.Model):
    """One version of the words of a message; a new text is a new row, old ones stay.

    Privacy: no personal data and no health data (checked when saved); kept as long as the
    practice exists.
    """

    class Channel(models.TextChoices):
        """How the patient is reached."""

        MAIL = states.Channel.MAIL.value, _("Courriel")
        SMS = states.Channel.SMS.value, _("SMS")

    class Kind(models.TextChoices):
        """What the message is about."""

        CONFIRMATION = states.Kind.CONFIRMATION.value, _("Rendez-vous pris")
        REMINDER = states.Kind.REMINDER.value, _("Rappel")
        MOVED = states.Kind.MOVED.value, _("Rendez-vous déplacé")
        CANCELLED = states.Kind.CANCELLED.value, _("Rendez-vous annulé")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.PositiveIntegerField()
    is_on = models.BooleanField(_("envoyer ce message"), default=True)
    subject = models.CharField(_("objet"), max_length=120, blank=True)
    text = models.TextField(_("texte"))
    saved_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["channel", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "channel", "kind", "version"],
                name="template_version_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.kind} {self.version}"


class Message(models.Model):
    """A message to a patient about an appointment at an instant, and what became of it.

    One for each appointment, kind, channel and instant that it speaks of; ``copy`` counts those
    that a person asked for again.

    Privacy: contact of a patient and the fact that she has an appointment; legal basis: care;
    kept 1 year after the appointment; erasable.
    """

    class State(models.TextChoices):
        """How far it has come."""

        DUE = states.State.DUE.value, _("À envoyer")
        SENDING = states.State.SENDING.value, _("Envoi en cours")
        SENT = states.State.SENT.value, _("Envoyé")
        DELIVERED = states.State.DELIVERED.value, _("Remis")
        FAILED = states.State.FAILED.value, _("Échec")
        WITHDRAWN = states.State.WITHDRAWN.value, _("Sans objet")

    class Answer(models.TextChoices):
        """What the patient answered."""

        CONFIRMED = states.Answer.CONFIRMED.value, _("Confirmé par le patient")
        CALL_ME = states.Answer.CALL_ME.value, _("Demande à être rappelé")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(
        "care.Appointment", on_delete=models.PROTECT, related_name="messages"
    )
    patient = models.ForeignKey("care.Patient", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=MessageTemplate.Channel.choices)
    kind = models.CharField(max_length=12, choices=MessageTemplate.Kind.choices)
    # The beginning of the appointment that the message speaks of.
    about = models.DateTimeField()
    copy = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    # A code of devices.mail, devices.sms or rules.states.Blocked; words are in wording.py.
    reason = models.CharField(max_length=30, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # While it is being sent: until when nobody else takes it up.
    leased_until = models.DateTimeField(null=True)
    destination = models.CharField(max_length=254, blank=True)
    template = models.ForeignKey(
        MessageTemplate, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    # Digest of the token of the link: a stolen database answers for nobody.
    token_digest = models.CharField(max_length=64, unique=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    # The practice called back: the answer needs nobody any more.
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-due_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "kind", "channel", "about", "copy"],
                name="message_is_sent_once",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="message_answer_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
                name="message_sent_has_its_time",
            ),
            models.CheckConstraint(condition=Q(copy__gte=1), name="message_copy_counts_from_one"),
        ]
        indexes = [
            models.Index(fields=["practice", "-due_at"], name="message_by_practice"),
            models.Index(fields=["patient", "-due_at"], name="message_by_patient"),
            models.Index(
                fields=["due_at"],
                name="message_to_send",
                condition=Q(state__in=["due", "sending"]),
            ),
            models.Index(
                fields=["sent_at"],
                name="message_without_news",
                condition=Q(state="sent", channel="sms"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.kind} {self.state}"


class CalendarFeed(models.Model):
    """A secret address at which a telephone reads the appointments of a practitioner.

    Privacy: working hours of a professional; patients by initials or file number only when asked
    for; legal basis: legitimate interest; kept 1 year after it is closed.
    """

    class Shown(models.TextChoices):
        """What it says of the patients."""

        BUSY = states.Shown.BUSY.value, _("Rien : « Rendez-vous »")
        INITIALS = states.Shown.INITIALS.value, _("Ses initiales")
        FILE_NUMBER = states.Shown.FILE_NUMBER.value, _("Son numéro de dossier")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=60)
    shown = models.CharField(
        _("ce qu’il montre"), max_length=12, choices=Shown.choices, default=Shown.BUSY
    )
    token_digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    # The last line of the journal for a reading: telephones come every quarter of an hour.
    noted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("created_at")),
                name="feed_closes_after_it_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.shown
