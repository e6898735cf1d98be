"""The form of a licence."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.web.fields import FrenchDateField


class LicenceForm(forms.Form):
    """What was bought, which program it is for, for how many machines, until when."""

    name = forms.CharField(label=_("Licence"), max_length=120)
    software = forms.CharField(
        label=_("Nom du logiciel"),
        max_length=100,
        required=False,
        help_text=_("Comme les machines le disent : elles sont comptées par ces mots."),
    )
    seats = forms.IntegerField(
        label=_("Nombre de postes"), min_value=1, max_value=100_000, required=False
    )
    ends_on = FrenchDateField(label=_("Fin"), required=False)
    note = forms.CharField(
        label=_("Précisions"),
        max_length=500,
        required=False,
        help_text=_("Fournisseur, n° de contrat. Jamais la clé elle-même."),
    )
