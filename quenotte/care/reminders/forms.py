"""What is typed about messages: how to send, in which words, and which calendars."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from quenotte.base.people import queries as people
from quenotte.base.people.rules import Role
from quenotte.care.reminders.models import CalendarFeed, MessageTemplate, ReminderSettings
from quenotte.care.reminders.operations import BadWords
from quenotte.care.reminders.operations.settings import EDITABLE
from quenotte.care.reminders.rules.texts import LONGEST_SUBJECT
from quenotte.care.reminders.wording import problem_words
from quenotte.web.fields import FrenchDateField

_HOURS_BEFORE = (4, 24, 48, 72, 96, 120, 168, 336)


class SettingsForm(forms.ModelForm[ReminderSettings]):
    """How the practice sends."""

    password = forms.CharField(
        label=_("Mot de passe du courrier"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = ReminderSettings
        fields = EDITABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = [(hour, f"{hour} h") for hour in range(24)]
        for name, choices in {
            "mail_hours_before": [(it, before_words(it)) for it in _HOURS_BEFORE],
            "sms_hours_before": [(it, before_words(it)) for it in _HOURS_BEFORE],
            "quiet_from_hour": hours,
            "quiet_to_hour": hours,
        }.items():
            # They always hold something: saying « obligatoire » beside each is noise.
            self.fields[name] = forms.TypedChoiceField(
                label=self.fields[name].label,
                choices=choices,
                coerce=int,
                required=False,
                empty_value=getattr(self.instance, name),
            )
        self.fields["smtp_port"].widget.attrs["inputmode"] = "numeric"
        if self.instance.sealed_password:
            self.fields["password"].help_text = _(
                "Enregistré, jamais réaffiché. Laissez vide pour le garder."
            )

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The fields by section, as the template draws them."""
        parts = (
            (_("Envoyer"), "bell", ("is_on", "mail_is_on", "sms_is_on")),
            (
                _("Quand"),
                "clock",
                (
                    *("mail_hours_before", "sms_hours_before", "quiet_days_off"),
                    *("quiet_from_hour", "quiet_to_hour"),
                ),
            ),
            (
                _("Serveur de courrier"),
                "mail",
                (
                    *("smtp_host", "smtp_port", "smtp_security", "smtp_user", "password"),
                    *("sender_address", "reply_to"),
                ),
            ),
            (_("SMS"), "message-square", ("sms_sender",)),
        )
        return [
            {"title": title, "icon": icon, "fields": [self[name] for name in names]}
            for title, icon, names in parts
        ]


class TrialForm(forms.Form):
    """Where a test letter goes."""

    recipient = forms.EmailField(label=_("Envoyer un essai à"))


class TemplateForm(forms.Form):
    """The words of a message."""

    is_on = forms.BooleanField(label=_("Envoyer ce message"), required=False)
    subject = forms.CharField(label=_("Objet"), max_length=LONGEST_SUBJECT)
    text = forms.CharField(label=_("Texte"), widget=forms.Textarea(attrs={"rows": 9}))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel == MessageTemplate.Channel.SMS:
            del self.fields["subject"]

    def refuse(self, refusal: BadWords) -> None:
        """Show each problem beside its field."""
        for problem in refusal.problems:
            name = problem.field if problem.field in self.fields else "text"
            self.add_error(name, problem_words(problem))


class FeedForm(forms.Form):
    """A calendar for a telephone."""

    person = forms.ChoiceField(label=_("Praticien"))
    name = forms.CharField(
        label=_("Pour quel appareil"), max_length=60, help_text=_("Par exemple « Mon téléphone ».")
    )
    shown = forms.ChoiceField(
        label=_("Ce qu’il dit du patient"),
        choices=CalendarFeed.Shown.choices,
        initial=CalendarFeed.Shown.BUSY,
    )

    def __init__(
        self, *args: Any, practice_id: UUID, person_id: UUID | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        found = people.accounts(practice_id).filter(is_active=True, role=Role.DENTIST.value)
        if person_id:
            found = found.filter(id=person_id)
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [(str(it.id), it.full_name) for it in found]


class FilterForm(forms.Form):
    """Which messages to list."""

    canal = forms.ChoiceField(
        label=_("Moyen"),
        required=False,
        choices=[("", _("Tous")), *MessageTemplate.Channel.choices],
    )
    jour = FrenchDateField(label=_("Jour d’envoi"), required=False)


def before_words(hours: int) -> str:
    """Return « 3 jours avant », « 4 heures avant »."""
    if hours % 24:
        return ngettext("%(count)d heure avant", "%(count)d heures avant", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)d jour avant", "%(count)d jours avant", days) % {"count": days}
