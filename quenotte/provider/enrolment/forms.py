"""Forms of the tokens."""

from typing import cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment.rules import MOST_MACHINES


class TokenForm(forms.Form):
    """An order: for which practice, how many machines."""

    customer = forms.TypedChoiceField(label=_("Cabinet"), coerce=UUID)
    machines = forms.IntegerField(
        label=_("Machines commandées"), min_value=1, max_value=MOST_MACHINES, initial=5
    )

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        kept = cast("forms.ChoiceField", self.fields["customer"])
        kept.choices = [
            # Nobody is chosen beforehand: a token of the wrong practice is soon made.
            ("", _("— choisissez —")),
            *(
                (str(one.id), f"{one.name}, {one.town}" if one.town else one.name)
                for one in customers.customers()
            ),
        ]
