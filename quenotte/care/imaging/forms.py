"""What people type or click about pictures and about devices."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.base.practice import queries as practices
from quenotte.care.imaging.models import Device


class VersionForm(forms.Form):
    """The version of the picture that the person saw when she clicked."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class FilingForm(VersionForm):
    """To whom a picture goes."""

    patient = forms.UUIDField(widget=forms.HiddenInput)


class TeethForm(VersionForm):
    """The teeth of a picture, typed as « 36 37 » or « 36, 37 »."""

    teeth = forms.CharField(
        label=_("Dents"),
        required=False,
        max_length=120,
        help_text=_("Numéros séparés par un espace. Exemple : 36 37"),
    )

    def clean_teeth(self) -> list[int]:
        """Return the numbers typed, in their order; the operation says which are teeth."""
        words = self.cleaned_data["teeth"].replace(",", " ").replace(";", " ").split()
        if not all(word.isascii() and word.isdigit() and len(word) <= 2 for word in words):
            raise forms.ValidationError(_("Écrivez des numéros de dents. Exemple : 36 37"))
        return [int(word) for word in words]


class DeviceForm(forms.Form):
    """What a device is called, where it stands, and whether it is ours."""

    name = forms.CharField(label=_("Nom de l’appareil"), max_length=80)
    chair = forms.ChoiceField(label=_("Fauteuil"), required=False)
    is_recognised = forms.BooleanField(
        label=_("Appareil du cabinet"),
        required=False,
        help_text=_("Ses images sont alors rangées d’elles-mêmes quand l’identité est prouvée."),
    )

    def __init__(self, device: Device, data: dict[str, str] | None = None) -> None:
        super().__init__(
            data,
            prefix=f"d{device.id.hex[:8]}",
            initial={
                "name": device.name,
                "chair": str(device.chair_id or ""),
                "is_recognised": device.is_recognised,
            },
        )
        chairs = practices.chairs(device.practice_id)
        choices = [(str(chair.id), f"{chair.room.name}, {chair.name}") for chair in chairs]
        self.fields["chair"].choices = [("", _("Aucun")), *choices]  # type: ignore[attr-defined]

    def clean_chair(self) -> UUID | None:
        """Return the chair's id, or None."""
        value = self.cleaned_data["chair"]
        return UUID(value) if value else None
