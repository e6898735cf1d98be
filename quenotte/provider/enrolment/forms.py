"""Forms of the tokens."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment.rules import MOST_MACHINES


class TokenForm(forms.Form):
    """An order: for which practice, which was found by typing before, and how many machines."""

    customer = forms.CharField(
        label=_("Cabinet"),
        widget=forms.HiddenInput,
        error_messages={"required": _("Cherchez le cabinet, puis choisissez-le dans la liste.")},
    )
    machines = forms.IntegerField(
        label=_("Machines commandées"),
        min_value=1,
        max_value=MOST_MACHINES,
        initial=5,
        # The form comes once the practice is chosen: this is what is left to say.
        widget=forms.NumberInput({"autofocus": True}),
    )

    def clean_customer(self) -> UUID:
        """Return the practice, which is under contract."""
        found = customers.under_contract(self.cleaned_data["customer"])
        if found is None:
            raise forms.ValidationError(
                _("Ce cabinet n’est pas, ou plus, sous contrat : cherchez-en un autre.")
            )
        return found.id
