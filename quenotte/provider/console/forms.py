"""What is typed across the fleet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.provider.console.rules import MOST_SIGNS


class ViewForm(forms.Form):
    """A search that shall be kept."""

    name = forms.CharField(label=_("Nom de la vue"), max_length=60)
    words = forms.CharField(widget=forms.HiddenInput, max_length=MOST_SIGNS)
    is_shared = forms.BooleanField(label=_("Pour toute l’équipe"), required=False)
