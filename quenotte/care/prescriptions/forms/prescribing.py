"""A prescription as it is typed: its lines, and what stands around them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.prescriptions.models import Paper
from quenotte.care.prescriptions.operations import Written
from quenotte.care.prescriptions.rules import lines

#: Between two substances in a hidden field.
_BETWEEN = "|"


class LineForm(forms.Form):
    """One line; an empty name takes it away."""

    name = forms.CharField(label=_("Médicament"), required=False, max_length=lines.LONGEST_NAME)
    strength = forms.CharField(label=_("Dosage"), required=False, max_length=60)
    form = forms.CharField(label=_("Forme"), required=False, max_length=lines.LONGEST_WORDS)
    dose = forms.CharField(label=_("Prise"), required=False, max_length=80)
    times = forms.IntegerField(
        label=_("Fois par jour"), required=False, min_value=1, max_value=lines.MOST_TIMES
    )
    days = forms.IntegerField(
        label=_("Jours"), required=False, min_value=1, max_value=lines.MOST_DAYS
    )
    quantity = forms.CharField(label=_("Quantité"), required=False, max_length=80)
    remarks = forms.CharField(label=_("Remarque"), required=False, max_length=lines.LONGEST_WORDS)
    cis = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)
    substances = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)

    def line(self) -> lines.Line:
        """Return the line that was typed."""
        given = dict(self.cleaned_data)
        found = tuple(filter(None, given.pop("substances", "").split(_BETWEEN)))
        return lines.Line(**given, substances=found)


LineForms = forms.formset_factory(
    LineForm, extra=0, max_num=lines.MOST_LINES, validate_max=True, absolute_max=40
)


class SheetForm(forms.Form):
    """What stands around the lines."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    remarks = forms.CharField(
        label=_("Remarques sous l’ordonnance"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2, "data-kept-soon": True}),
    )
    weight_kg = forms.DecimalField(
        label=_("Poids (kg)"),
        required=False,
        min_value=1,
        max_value=300,
        max_digits=4,
        decimal_places=1,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    paper = forms.ChoiceField(label=_("Papier"), choices=Paper.choices)


def line_forms(found: Sequence[lines.Line]) -> Any:
    """Return the lines ready to be typed over."""
    return LineForms(prefix="l", initial=[_initial(one) for one in found])


def _initial(one: lines.Line) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in LineForm.base_fields if name != "substances"}
    return values | {"substances": _BETWEEN.join(one.substances)}


class Typed:
    """A whole prescription as it was sent."""

    def __init__(self, data: Any) -> None:
        self.sheet = SheetForm(data)
        self.lines = LineForms(data, prefix="l")

    def is_valid(self) -> bool:
        """Tell whether all of it can be kept."""
        return all([self.sheet.is_valid(), self.lines.is_valid()])

    @property
    def version(self) -> int:
        """The state of the draft that the person saw; 0 matches none."""
        return int(self.sheet.cleaned_data["version"]) if self.sheet.is_valid() else 0

    def as_it_stands(self) -> str:
        """Return the words of each field, one line each: what cannot be read is not lost."""
        shown = [*(field for one in self.lines for field in one), *self.sheet]
        told = ((one.label, one.value()) for one in shown if not one.is_hidden)
        return "\n".join(f"{label} : {value}" for label, value in told if value)

    def written(self) -> Written:
        """Return what is on the screen."""
        given = self.sheet.cleaned_data
        found = [one.line() for one in self.lines if one.has_changed() or one.cleaned_data]
        return Written(
            [line for line in found if line.name],
            " ".join(given["remarks"].split()),
            given["weight_kg"],
            given["paper"],
        )
