"""How a conflict is shown in a form: what was typed stays, both values stand beside a field."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.care.patients.conflicts import Difference


def typed_again(form: forms.Form) -> dict[str, Any]:
    """Return what was typed, as the data of another form."""
    return {name: form.data.get(name) for name in form.fields}


def tell_differences(form: forms.Form, differences: tuple[Difference, ...]) -> None:
    """Show both values beside each field that two people filled."""
    for one in differences:
        form.add_error(one.field, _both_values(form, one))


def _both_values(form: forms.Form, one: Difference) -> str:
    field = form.fields[one.field]
    return str(
        _("Dans le dossier : « %(theirs)s ». Votre saisie : « %(mine)s ».")
        % {"theirs": shown(field, one.theirs), "mine": shown(field, one.mine)}
    )


def shown(field: forms.Field, value: Any) -> str:
    """Return a value in words."""
    if isinstance(value, bool):
        return str(_("oui") if value else _("non"))
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    if hasattr(value, "year"):
        return date_format(value, "d/m/Y")
    return str(value or _("vide"))
