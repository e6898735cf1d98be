"""Forms of the machines."""

from datetime import datetime, timedelta
from typing import Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.agreed import AgreedForm
from quenotte.kernel.enrolment import MOST_MACHINES

__all__ = ["AgreedForm", "BearForm", "CodeForm"]

_ENDS: Final = (
    (30, _("pendant un mois")),
    (92, _("pendant trois mois")),
    (183, _("pendant six mois")),
    (365, _("pendant un an")),
)


class CodeForm(forms.Form):
    """A code for the machines to be followed."""

    machines = forms.IntegerField(
        label=_("Combien de postes ajoutez-vous ?"),
        min_value=1,
        max_value=MOST_MACHINES,
        initial=1,
    )


class BearForm(forms.Form):
    """Why a fault is borne, and until when."""

    rule = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=40, widget=forms.HiddenInput)
    why = forms.CharField(label=_("Pourquoi l’acceptez-vous ?"), max_length=200)
    days = forms.TypedChoiceField(label=_("Jusqu’à quand"), choices=_ENDS, coerce=int)

    @property
    def ends_at(self) -> datetime:
        """Return its end, once valid."""
        return timezone.now() + timedelta(days=int(self.cleaned_data["days"]))
