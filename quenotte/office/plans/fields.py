"""Fields that the forms of the office share: an amount is read in one way."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from quenotte.kernel.money import InvalidAmount, format_plain, parse_euros

#: No fee of one act is higher: a comma was forgotten.
_MOST_CENTS = 10_000_00


class EurosField(forms.CharField):
    """An amount as people write it, in cents; nothing typed is no amount."""

    def prepare_value(self, value: Any) -> Any:
        """Show cents as « 1234,50 »."""
        return format_plain(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Return cents, None when nothing was typed."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            cents = parse_euros(text)
        except InvalidAmount as error:
            words = _("« %(text)s » n’est pas un montant : écrivez par exemple 120,50.")
            raise ValidationError(words % {"text": text}) from error
        if not 0 <= cents <= _MOST_CENTS:
            raise ValidationError(_("Ce montant ne va pas : de 0 à 10 000 euros par acte."))
        return cents

    def run_validators(self, value: Any) -> None:
        """An amount has no length."""
