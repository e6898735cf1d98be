"""Forms of windows, exemptions, notes, duties and of how the provider sends."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from quenotte.devices.mail.accounts import Security
from quenotte.web.fields import FrenchDateField

if TYPE_CHECKING:
    from quenotte.provider.enrolment.models import Machine

_SECURITIES = [
    (Security.STARTTLS.value, _("STARTTLS, port 587 le plus souvent")),
    (Security.TLS.value, _("TLS, port 465 le plus souvent")),
    (Security.NONE.value, _("aucune : un serveur de cette machine seulement")),
]

_CLOCK = ["%H:%M", "%Hh%M", "%H h %M", "%Hh", "%H h", "%H"]


class ClockField(forms.TimeField):
    """A time of day as people type it: 9:30, 9h30, 9 h; browsers draw clocks in their language."""

    def __init__(self, **kwargs: Any) -> None:
        drawn = forms.TimeInput(
            attrs={"placeholder": "hh:mm", "autocomplete": "off"}, format="%H:%M"
        )
        super().__init__(widget=drawn, input_formats=_CLOCK, **kwargs)


class WindowForm(forms.Form):
    """When somebody works at a practice, on what, and why."""

    machine = forms.ChoiceField(label=_("Sur quoi"), required=False)
    starts_on = FrenchDateField(label=_("Du"))
    starts_at = ClockField(label=_("à"))
    ends_on = FrenchDateField(label=_("Au"))
    ends_at = ClockField(label=_("à"))
    why = forms.CharField(
        label=_("Raison"), max_length=200, help_text=_("Ce que vous y ferez : changer le disque…")
    )

    def __init__(self, *args: Any, machines: Iterable["Machine"], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Tout le cabinet")), *((str(one.id), one.name) for one in machines)]
        self.fields["machine"].choices = choices  # type: ignore[attr-defined]

    @property
    def period(self) -> tuple[datetime, datetime]:
        """Return the window as two instants, once valid."""
        told = self.cleaned_data
        return (
            _instant(told["starts_on"], told["starts_at"]),
            _instant(told["ends_on"], told["ends_at"]),
        )


class ExemptionForm(forms.Form):
    """Until when something is borne, and why."""

    ends_on = FrenchDateField(label=_("Jusqu’au"), help_text=_("Un an au plus, ce jour compris."))
    why = forms.CharField(
        label=_("Raison"),
        max_length=200,
        help_text=_("Qui l’a décidé et pourquoi : le cabinet peut la lire. Aucun nom de patient."),
    )

    @property
    def ends_at(self) -> datetime:
        """Return the end of the day that was given, once valid."""
        return _instant(self.cleaned_data["ends_on"], time(23, 59))


class NoteForm(forms.Form):
    """What was done about an incident."""

    note = forms.CharField(
        label=_("Ce qui a été fait"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DutyForm(forms.Form):
    """How one wants to be told, and when one is on duty."""

    by_push = forms.BooleanField(label=_("Notification dans mes navigateurs"), required=False)
    by_mail = forms.BooleanField(label=_("Courriel"), required=False)
    email = forms.EmailField(label=_("Adresse"), required=False)
    by_sms = forms.BooleanField(label=_("SMS"), required=False)
    phone = forms.CharField(label=_("Mobile"), max_length=20, required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Jours de service"),
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    from_hour = forms.IntegerField(label=_("De (heure)"), min_value=0, max_value=23)
    to_hour = forms.IntegerField(label=_("À (heure)"), min_value=0, max_value=24)

    def clean_phone(self) -> str:
        """Return the number as operators want it: +33…"""
        typed = "".join(sign for sign in self.cleaned_data["phone"] if sign not in " .-()")
        return f"+33{typed[1:]}" if typed.startswith("0") else str(typed)

    def clean_weekdays(self) -> str:
        """Return the days as their digits."""
        return "".join(sorted(self.cleaned_data["weekdays"]))

    def clean(self) -> dict[str, Any]:
        """Refuse a way that leads nowhere."""
        told = super().clean() or self.cleaned_data
        if told.get("by_mail") and not told.get("email"):
            self.add_error("email", _("Écrivez l’adresse où vous lisez vos alertes."))
        if told.get("by_sms") and not told.get("phone"):
            self.add_error("phone", _("Écrivez votre mobile."))
        return told


class SendingForm(forms.Form):
    """How the provider sends letters and short messages."""

    smtp_host = forms.CharField(label=_("Serveur d’envoi"), max_length=200, required=False)
    smtp_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    smtp_security = forms.ChoiceField(label=_("Protection"), choices=_SECURITIES)
    smtp_user = forms.CharField(label=_("Identifiant"), max_length=200, required=False)
    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Laissé vide, celui qui est gardé reste."),
    )
    sender_address = forms.EmailField(label=_("Adresse d’expédition"), required=False)
    sms_sender = forms.CharField(
        label=_("Expéditeur des SMS"),
        max_length=11,
        required=False,
        help_text=_("3 à 11 lettres ou chiffres sans accent."),
    )
    digests_are_on = forms.BooleanField(
        label=_("Écrire un bilan aux cabinets chaque lundi"), required=False
    )


def _instant(day: Any, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
