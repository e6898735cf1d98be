"""The form that pairs the practice with its provider."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PairingForm(forms.Form):
    """What the provider gave: an address, a token, and the fingerprint of its certificate."""

    address = forms.CharField(
        label=_("Adresse donnée par le prestataire"),
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    token = forms.CharField(
        label=_("Jeton"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    fingerprint = forms.CharField(
        label=_("Empreinte de son certificat"),
        max_length=200,
        required=False,
        help_text=_("Seulement s’il vous en a donné une."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
