"""What is typed at the desk."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as people
from quenotte.base.practice import queries as practices
from quenotte.care.desk.models import CallKind
from quenotte.care.desk.models.calls import SoundChoices, ToneChoices
from quenotte.care.desk.operations.callbacks import Asked
from quenotte.care.desk.operations.kinds import Prepared
from quenotte.care.desk.operations.tasks import Given
from quenotte.care.desk.rules.calls import KEYS, Target
from quenotte.care.desk.rules.tasks import (
    FURTHEST_DAYS,
    LONGEST_COMMENT,
    LONGEST_PIN_DAYS,
    LONGEST_REASON,
    LONGEST_TASK,
    LONGEST_WORD,
    USUAL_PIN_DAYS,
)
from quenotte.care.desk.rules.whom import EVERYONE, split, written
from quenotte.kernel.phones import InvalidPhone, parse_phone
from quenotte.web.fields import FrenchDateField

_TOO_LONG = _("Ce texte est trop long : %(limit_value)d caractères au plus.")
_EMPTY = _("Écrivez quelques mots.")


class TaskForm(forms.Form):
    """What is to do, for whom, by when, about whom."""

    text = forms.CharField(
        label=_("À faire"),
        max_length=LONGEST_TASK,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _EMPTY, "max_length": _TOO_LONG},
    )
    whom = forms.ChoiceField(
        label=_("Pour"),
        error_messages={
            "invalid_choice": _(
                "Cette personne n’a plus de compte ouvert. Choisissez-en une autre."
            )
        },
    )
    due_on = FrenchDateField(label=_("Pour le"), required=False)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        keeps: UUID | None = None,
        hidden_patient_id: UUID | None = None,
        **kwargs: Any,
    ) -> None:
        """``hidden_patient_id``: the link that this person may neither see nor remove."""
        super().__init__(*args, **kwargs)
        self.hidden_patient_id = hidden_patient_id
        self.fields["whom"].choices = _whom_choices(actor, keeps)  # type: ignore[attr-defined]

    def clean_due_on(self) -> date | None:
        """Refuse a day that nobody can mean."""
        return _not_too_far(self.cleaned_data["due_on"])

    @property
    def given(self) -> Given:
        """What was typed, once valid."""
        person_id, role = split(self.cleaned_data["whom"])
        return Given(
            text=self.cleaned_data["text"],
            person_id=person_id,
            role=role,
            due_on=self.cleaned_data["due_on"],
            patient_id=self.hidden_patient_id or self.cleaned_data["patient"],
        )


class CommentForm(forms.Form):
    """A word about a task."""

    text = forms.CharField(
        label=_("Commentaire"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _EMPTY, "max_length": _TOO_LONG},
    )


class CallbackForm(forms.Form):
    """Whom to telephone; a chosen patient brings her name and her number."""

    name = forms.CharField(label=_("Nom"), required=False, max_length=120)
    phone = forms.CharField(label=_("Téléphone"), required=False, max_length=30)
    reason = forms.CharField(label=_("Motif"), required=False, max_length=LONGEST_REASON)
    due_on = FrenchDateField(label=_("À rappeler le"), required=False)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, known_phone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_phone = known_phone

    def clean_phone(self) -> str:
        """Keep the number in its international form; without one, that of the record."""
        typed = self.cleaned_data["phone"].strip() or self.known_phone
        if not typed:
            raise ValidationError(_("Notez le numéro à rappeler."))
        try:
            return parse_phone(typed)
        except InvalidPhone as error:
            message = _("Ce numéro de téléphone n’existe pas : vérifiez les chiffres.")
            raise ValidationError(message) from error

    def clean_due_on(self) -> date | None:
        """Mean today when no day was typed."""
        return _not_too_far(self.cleaned_data["due_on"]) or timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """Want somebody to ask for."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("patient") and not (cleaned.get("name") or "").strip():
            self.add_error("name", _("Notez qui rappeler, ou choisissez un patient."))
        return cleaned

    @property
    def asked(self) -> Asked:
        """What was typed, once valid."""
        found = self.cleaned_data
        return Asked(
            phone=found["phone"],
            due_on=found["due_on"],
            name="" if found["patient"] else found["name"],
            reason=found["reason"],
            patient_id=found["patient"],
        )


class WordForm(forms.Form):
    """A word to pin for the team."""

    text = forms.CharField(
        label=_("Mot pour l’équipe"),
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sans nom de patient : toute l’équipe le lit, à l’écran d’accueil."),
        error_messages={"required": _EMPTY, "max_length": _TOO_LONG},
    )
    shown_until = FrenchDateField(
        label=_("Affiché jusqu’au"),
        required=False,
        help_text=_("Sans date : une semaine."),
    )

    def clean_shown_until(self) -> date:
        """Keep the day within reason; a week when none was typed."""
        today = timezone.localdate()
        day: date = self.cleaned_data["shown_until"] or today + timedelta(days=USUAL_PIN_DAYS)
        if day < today:
            raise ValidationError(_("Cette date est passée : le mot ne serait vu de personne."))
        if day > today + timedelta(days=LONGEST_PIN_DAYS):
            raise ValidationError(_("Un mot reste affiché trois mois au plus."))
        return day


class KindForm(forms.Form):
    """A call of the practice's list."""

    label = forms.CharField(
        label=_("Libellé"), max_length=40, help_text=_("La salle qui appelle s’ajoute d’elle-même.")
    )
    whom = forms.ChoiceField(label=_("Sonne pour"))
    tone = forms.ChoiceField(label=_("Couleur"), choices=ToneChoices.choices)
    sound = forms.ChoiceField(label=_("Son"), choices=SoundChoices.choices)
    key = forms.ChoiceField(
        label=_("Touche"),
        required=False,
        choices=[("", _("Aucune")), *((key, key) for key in KEYS)],
    )
    lasts_s = forms.TypedChoiceField(
        label=_("Sonne pendant"),
        coerce=int,
        choices=[
            (60, _("1 minute")),
            (120, _("2 minutes")),
            (180, _("3 minutes")),
            (300, _("5 minutes")),
            (600, _("10 minutes")),
        ],
    )

    def __init__(
        self, data: Any = None, *, practice_id: UUID, kind: CallKind | None = None
    ) -> None:
        initial = {"tone": "attention", "sound": "chime", "lasts_s": 180, "whom": EVERYONE}
        if kind is not None:
            names = ("label", "tone", "sound", "key", "lasts_s")
            initial = {name: getattr(kind, name) for name in names}
            initial["whom"] = written(role=kind.role, room_id=kind.room_id)
        prefix = f"appel-{kind.id}" if kind is not None else None
        super().__init__(data, initial=initial, prefix=prefix)
        rooms = [(f"room:{room.id}", room.name) for room in practices.rooms(practice_id)]
        self.fields["whom"].choices = [  # type: ignore[attr-defined]
            (EVERYONE, _("Tout le monde")),
            (_("Un rôle"), [(f"role:{role}", label) for role, label in people.role_choices()]),
            (_("Une salle"), rooms),
        ]

    @property
    def prepared(self) -> Prepared:
        """What was chosen, once valid."""
        found = self.cleaned_data
        place, role = split(found["whom"])
        target = Target.ROOM if place else Target.ROLE if role else Target.EVERYONE
        return Prepared(
            label=found["label"].strip(),
            target=target.value,
            role=role,
            room_id=place,
            sound=found["sound"],
            tone=found["tone"],
            key=found["key"],
            lasts_s=found["lasts_s"],
        )


def _whom_choices(actor: Actor, keeps: UUID | None) -> list[Any]:
    accounts = people.accounts(actor.own_practice_id)
    team = [
        (f"person:{person.id}", person.full_name)
        for person in accounts
        if person.is_active or person.id == keeps
    ]
    roles = [(f"role:{role}", label) for role, label in people.role_choices()]
    return [
        (f"person:{actor.own_person_id}", _("Moi")),
        (EVERYONE, _("Tout le monde")),
        (_("Un rôle"), roles),
        (_("Une personne"), [one for one in team if one[0] != f"person:{actor.own_person_id}"]),
    ]


def _not_too_far(day: date | None) -> date | None:
    today = timezone.localdate()
    if day is not None and not today - timedelta(days=366) <= day <= today + timedelta(
        days=FURTHEST_DAYS
    ):
        raise ValidationError(_("Cette date est trop éloignée : vérifiez l’année."))
    return day
