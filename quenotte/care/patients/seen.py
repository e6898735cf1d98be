"""What is typed beside the identity; each form carries what the person had on screen."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.care.patients import rules
from quenotte.care.patients.conflicts import ChangedMeanwhile
from quenotte.care.patients.differences import tell_differences, typed_again
from quenotte.web.fields import FrenchDateField


def open_on(beside: forms.Form, *, not_on: forms.Form) -> None:
    """Let the page open where something was refused, which may stand far below its first field."""
    for field in not_on.fields.values():
        field.widget.attrs.pop("autofocus", None)
    beside.visible_fields()[0].field.widget.attrs["autofocus"] = True


class SeenForm(forms.Form):
    """A form beside the identity: ``version`` is that of the record which the page showed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    @property
    def expected_version(self) -> int:
        """The version that the person saw; 0, which no record has, when the form lost it."""
        return self.cleaned_data["version"] or 0

    def again(self, refusal: ChangedMeanwhile) -> Self:
        """Return the form to show after a conflict: what was typed, who saved, both values."""
        form = type(self)(typed_again(self) | {"version": str(refusal.version)})
        form.add_error(form.visible_fields()[0].name, str(refusal))
        tell_differences(form, refusal.differences)
        return form


class PapersForm(SeenForm):
    """The paper that was seen."""

    paper = forms.ChoiceField(
        label=_("Pièce vue"), choices=[(code, _(label)) for code, label in rules.PAPERS.items()]
    )


class DeathForm(SeenForm):
    """The day of a death; empty takes it back."""

    died_on = FrenchDateField(label=_("Date du décès"), required=False)


class SeenPhotoForm(forms.Form):
    """``seen`` is the SHA-256 of the photo that the page showed, empty when it showed none."""

    seen = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput(attrs={"id": False})
    )


class PhotoForm(SeenPhotoForm):
    """A face. The content is checked by the operation, not by its name."""

    photo = forms.FileField(
        label=_("Fichier de la photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self) -> Any:
        """Say what to do first; « obligatoire » beside a lone field says nothing."""
        if not self.cleaned_data["photo"]:
            raise forms.ValidationError(_("Choisissez d’abord une photo."))
        return self.cleaned_data["photo"]
