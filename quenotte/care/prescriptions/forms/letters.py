"""A letter before it is written, and while it is."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.prescriptions.queries import Text, correspondents
from quenotte.care.prescriptions.rules import letters
from quenotte.web.fields import FrenchDateField

#: Places that are asked for, each when the template has it.
_ASKED: dict[str, Any] = {
    "dents": lambda: forms.CharField(label=_("Dents"), required=False, max_length=120),
    "acte": lambda: forms.CharField(label=_("Acte ou motif"), required=False, max_length=200),
    "heure": lambda: forms.CharField(
        label=_("Heures de présence"),
        required=False,
        max_length=60,
        help_text=_("Par exemple : de 9 h 30 à 10 h 15"),
    ),
    "debut": lambda: FrenchDateField(label=_("Premier jour"), required=False),
    "fin": lambda: FrenchDateField(label=_("Dernier jour"), required=False),
}


class PlacesForm(forms.Form):
    """What a template needs to know."""

    def __init__(self, text: Text, practice_id: UUID, data: Any = None) -> None:
        super().__init__(data)
        if text.has_correspondent:
            known = [
                (str(one.id), f"{one.name} {one.speciality}") for one in correspondents(practice_id)
            ]
            self.fields["correspondent"] = forms.ChoiceField(
                label=_("Correspondant"), required=False, choices=[("", "—"), *known]
            )
        for name, field in _ASKED.items():
            if f"{{{name}}}" in text.body:
                self.fields[name] = field()

    def given(self) -> dict[str, str]:
        """Return the words that fill the places."""
        values = {name: self.cleaned_data.get(name) for name in _ASKED}
        return {
            name: value if isinstance(value, str) else f"{value:%d/%m/%Y}"
            for name, value in values.items()
            if value
        }

    def correspondent(self) -> UUID | None:
        """Return to whom it is written."""
        chosen = self.cleaned_data.get("correspondent")
        return UUID(chosen) if chosen else None


class LetterForm(forms.Form):
    """The text of a draft."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Titre"), max_length=letters.LONGEST_TITLE)
    body = forms.CharField(
        label=_("Texte"),
        max_length=letters.LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 18, "data-kept-soon": True}),
    )


class CancelForm(forms.Form):
    """Why a paper is cancelled."""

    reason = forms.CharField(label=_("Pourquoi l’annuler ?"), max_length=300)
