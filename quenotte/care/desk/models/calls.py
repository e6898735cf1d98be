"""Calls from room to room."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quenotte.base.people.rules import PRACTICE_ROLES
from quenotte.care.desk.rules.calls import KEYS, LONGEST_S, SHORTEST_S, USUAL_S
from quenotte.care.desk.rules.calls import Answer as Said
from quenotte.care.desk.rules.calls import Sound as Played
from quenotte.care.desk.rules.calls import Target as Aim
from quenotte.care.desk.rules.calls import Tone as Colour


class TargetChoices(models.TextChoices):
    """Whom a call is for, in words."""

    EVERYONE = Aim.EVERYONE.value, _("Tout le monde")
    ROLE = Aim.ROLE.value, _("Un rôle")
    ROOM = Aim.ROOM.value, _("Une salle")


class SoundChoices(models.TextChoices):
    """What is heard, in words."""

    CHIME = Played.CHIME.value, _("Carillon, deux notes")
    KNOCK = Played.KNOCK.value, _("Trois coups graves")
    URGENT = Played.URGENT.value, _("Insistant, pour une urgence")
    NONE = Played.NONE.value, _("Aucun, lumière seule")


class ToneChoices(models.TextChoices):
    """The colour of a call, in words."""

    INFO = Colour.INFO.value, _("Vert : rien ne presse")
    ATTENTION = Colour.ATTENTION.value, _("Ambre : dès que possible")
    DANGER = Colour.DANGER.value, _("Rouge : tout de suite")


_WHOLE_TARGET = (
    Q(target=Aim.EVERYONE.value, role="", room=None)
    | (Q(target=Aim.ROLE.value, room=None) & ~Q(role=""))
    | Q(target=Aim.ROOM.value, role="", room__isnull=False)
)


class CallKind(models.Model):
    """A call that the practice has prepared: a button on every screen.

    Privacy: no personal data; kept as long as the practice exists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(
        "base.Practice", on_delete=models.PROTECT, related_name="call_kinds"
    )
    label = models.CharField(_("libellé"), max_length=40)
    target = models.CharField(_("pour"), max_length=10, choices=TargetChoices.choices)
    role = models.CharField(_("rôle"), max_length=20, blank=True)
    room = models.ForeignKey(
        "base.Room", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sound = models.CharField(
        _("son"), max_length=10, choices=SoundChoices.choices, default=SoundChoices.CHIME
    )
    tone = models.CharField(
        _("couleur"), max_length=10, choices=ToneChoices.choices, default=ToneChoices.ATTENTION
    )
    key = models.CharField(_("touche"), max_length=4, blank=True)
    lasts_s = models.PositiveIntegerField(_("durée"), default=USUAL_S)
    position = models.PositiveSmallIntegerField(default=0)
    # Taken off the list: its past calls still name it.
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "label"]
        constraints = [
            models.CheckConstraint(condition=_WHOLE_TARGET, name="call_kind_names_its_target"),
            models.CheckConstraint(
                condition=Q(role="") | Q(role__in=[role.value for role in PRACTICE_ROLES]),
                name="call_kind_role_is_known",
            ),
            models.CheckConstraint(
                condition=Q(key="") | Q(key__in=KEYS), name="call_kind_key_is_free_in_browsers"
            ),
            models.CheckConstraint(
                condition=Q(lasts_s__gte=SHORTEST_S) & Q(lasts_s__lte=LONGEST_S),
                name="call_kind_lasts_a_while",
            ),
            models.UniqueConstraint(
                fields=["practice", "label"],
                condition=Q(is_active=True),
                name="call_label_is_unique",
            ),
            models.UniqueConstraint(
                fields=["practice", "key"],
                condition=Q(is_active=True) & ~Q(key=""),
                name="call_key_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Call(models.Model):
    """A call that was sent from a room: no free text, no patient.

    Privacy: who called from where, of staff; legal basis: legitimate interest (work in the
    practice); kept 30 days; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="calls")
    kind = models.ForeignKey(CallKind, on_delete=models.PROTECT, related_name="calls")
    # What was sent stays what it was when the list changes.
    label = models.CharField(max_length=40)
    place = models.CharField(max_length=60)
    target = models.CharField(max_length=10)
    role = models.CharField(max_length=20, blank=True)
    room_id = models.UUIDField(null=True)
    sound = models.CharField(max_length=10)
    tone = models.CharField(max_length=10)
    caller = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    workstation_id = models.UUIDField(null=True)
    sent_at = models.DateTimeField()
    rang_at = models.DateTimeField()
    # How often it rang: a screen that has heard ring 1 sounds again at ring 2.
    rings = models.PositiveSmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # The sender has put it away.
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(withdrawn_at=None),
                name="call_taken_is_not_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__lt=F("expires_at")), name="call_ends_after_it_is_sent"
            ),
        ]
        indexes = [models.Index(fields=["practice", "expires_at"], name="call_by_end")]

    def __str__(self) -> str:
        return self.label


class AnswerChoices(models.TextChoices):
    """What was answered, in words."""

    SEEN = Said.SEEN.value, _("Vu")
    COMING = Said.COMING.value, _("J’arrive")


class CallAnswer(models.Model):
    """What somebody answered to a call.

    Privacy: who answered, of staff; legal basis: legitimate interest (work in the practice);
    kept 30 days, with the call; erasable.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=AnswerChoices.choices)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "person", "answer"], name="answer_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(answer=Said.COMING.value),
                name="call_is_taken_by_one",
            ),
        ]

    def __str__(self) -> str:
        return self.get_answer_display()


class Bell(models.Model):
    """Whether a workstation sounds; without a row it does.

    Privacy: technical setting of a machine; legal basis: legitimate interest; kept with the
    workstation; erasable.
    """

    workstation = models.OneToOneField(
        "base.Workstation", on_delete=models.CASCADE, primary_key=True, related_name="bell"
    )
    is_muted = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "muted" if self.is_muted else "sounding"
