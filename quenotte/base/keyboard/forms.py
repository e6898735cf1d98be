"""What is typed at the keyboard's own pages."""

from datetime import time
from typing import Any, Final

from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quenotte.base.keyboard.models import Hours, ReasonChoices
from quenotte.base.keyboard.operations.factors import MALFORMED, WrongKey
from quenotte.base.keyboard.operations.hours import Day

WEEKDAYS: Final = (
    _("Lundi"),
    _("Mardi"),
    _("Mercredi"),
    _("Jeudi"),
    _("Vendredi"),
    _("Samedi"),
    _("Dimanche"),
)


def pin_input(**attributes: Any) -> forms.PasswordInput:
    """Return the input of a PIN: digits, shown as dots, never remembered by the browser."""
    return forms.PasswordInput(
        {
            "inputmode": "numeric",
            "autocomplete": "off",
            "pattern": "[0-9]{6}",
            "maxlength": "6",
            **attributes,
        }
    )


class PinForm(forms.Form):
    """A new PIN, twice."""

    pin = forms.CharField(
        label=_("Code à six chiffres"),
        max_length=6,
        widget=pin_input(),
        help_text=_("Ni date, ni suite, ni chiffres répétés. Il ne sert qu’à ce poste."),
    )
    again = forms.CharField(label=_("Le même, une seconde fois"), max_length=6, widget=pin_input())

    def clean(self) -> dict[str, Any]:
        """Refuse two codes that differ."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("pin") and cleaned["pin"] != cleaned.get("again"):
            self.add_error("again", _("Les deux saisies diffèrent."))
        return cleaned


class CodeForm(forms.Form):
    """The code that a telephone shows."""

    code = forms.CharField(
        label=_("Code affiché par l’application"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class ReasonForm(forms.Form):
    """Why somebody works outside her hours."""

    reason = forms.ChoiceField(label=_("Raison"), choices=ReasonChoices.choices)


class ProofForm(forms.Form):
    """The password, once more."""

    preuve = forms.CharField(
        label=_("Votre mot de passe"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )


class _ReadableMixin:
    """A passkey's answer that is none is refused in words, and breaks nothing."""

    def clean_credential(self) -> Any:
        """Return the authenticator that answered."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MALFORMED as error:
            raise forms.ValidationError(str(WrongKey.message)) from error


class PasskeyStepForm(_ReadableMixin, AuthenticateWebAuthnForm):
    """A passkey as the second step of a login."""


class PasskeyLoginForm(_ReadableMixin, LoginWebAuthnForm):
    """A passkey as the whole login."""


class RulesForm(forms.Form):
    """The hours of each role and the grace of the second factor."""

    grace_days = forms.IntegerField(
        label=_("Délai laissé à un gestionnaire pour choisir son second facteur (jours)"),
        min_value=0,
        max_value=90,
        help_text=_("0 : dès sa première connexion."),
    )

    def __init__(
        self,
        *args: Any,
        roles: list[tuple[str, str]],
        hours: dict[tuple[str, int], Hours],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles
        if settings.SECOND_FACTOR_FOR_ALL:
            # Nobody is given time.
            del self.fields["grace_days"]
        for role, _label in roles:
            for weekday, day in enumerate(WEEKDAYS):
                kept = hours.get((role, weekday))
                self._add(role, weekday, "de", day, kept.opens_at if kept else None)
                self._add(role, weekday, "a", day, kept.closes_at if kept else None)

    def _add(self, role: str, weekday: int, end: str, day: Any, value: time | None) -> None:
        field = forms.TimeField(
            label=day,
            required=False,
            initial=value,
            input_formats=["%H:%M", "%Hh%M"],
            # As for days: browsers draw their own time input in their own language.
            widget=forms.TimeInput(
                {"class": "input", "inputmode": "text", "autocomplete": "off"},
                format="%H:%M",
            ),
        )
        self.fields[f"{role}-{weekday}-{end}"] = field

    def clean(self) -> dict[str, Any]:
        """Refuse half a day, and a day that closes before it opens."""
        cleaned = super().clean() or self.cleaned_data
        for role, _label in self.roles:
            for weekday in range(7):
                opens, closes = (cleaned.get(f"{role}-{weekday}-{end}") for end in ("de", "a"))
                if bool(opens) != bool(closes) or (opens and closes and opens >= closes):
                    message = _("Donnez une heure d’ouverture, puis une heure de fermeture.")
                    self.add_error(f"{role}-{weekday}-a", message)
        return cleaned

    @property
    def days(self) -> list[Day]:
        """The days typed, once valid."""
        cleaned = self.cleaned_data
        return [
            (role, weekday, opens, cleaned[f"{role}-{weekday}-a"])
            for role, _label in self.roles
            for weekday in range(7)
            if (opens := cleaned[f"{role}-{weekday}-de"])
        ]

    @property
    def tables(self) -> list[tuple[str, list[tuple[Any, forms.BoundField, forms.BoundField]]]]:
        """The fields, role by role and day by day, for the page."""
        return [
            (
                label,
                [
                    (day, self[f"{role}-{weekday}-de"], self[f"{role}-{weekday}-a"])
                    for weekday, day in enumerate(WEEKDAYS)
                ],
            )
            for role, label in self.roles
        ]
