"""What signs the charter."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SigningForm(forms.Form):
    """The password, or the code of the second factor."""

    proof = forms.CharField(
        label=_("Votre mot de passe, ou le code de votre application"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
