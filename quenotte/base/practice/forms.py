"""What the gestionnaire types about the practice and its places."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from quenotte.base.practice import queries
from quenotte.base.practice.models import Practice, Room, Workstation
from quenotte.base.practice.rules import EDITABLE, LONGEST_IDLE_S
from quenotte.kernel.identifiers import is_valid_finess, is_valid_rpps
from quenotte.kernel.phones import InvalidPhone, display_phone, parse_phone


class PracticeForm(forms.ModelForm[Practice]):
    """The practice's own data."""

    postcode = forms.CharField(
        label=_("Code postal"),
        required=False,
        validators=[RegexValidator(r"^\d{5}$", _("Un code postal a cinq chiffres."))],
    )

    # Longer than what is kept: people copy these numbers with their spaces.
    finess = forms.CharField(label=_("Numéro FINESS"), required=False, max_length=20)
    rpps = forms.CharField(label=_("Numéro RPPS du titulaire"), required=False, max_length=20)

    class Meta:
        model = Practice
        fields = EDITABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.IS_A_PRACTICE:
            # A provider is a firm: it has neither number.
            del self.fields["finess"], self.fields["rpps"]
            self.fields["name"].label = _("Nom du prestataire")
        if self.instance.phone:
            self.initial["phone"] = display_phone(self.instance.phone)

    def clean_phone(self) -> str:
        """Keep the number in its international form."""
        typed: str = self.cleaned_data["phone"]
        try:
            return parse_phone(typed) if typed else ""
        except InvalidPhone as error:
            message = _("Ce numéro de téléphone n’existe pas : vérifiez les chiffres.")
            raise forms.ValidationError(message) from error

    def clean_rpps(self) -> str:
        """Refuse a number whose check digit disagrees."""
        typed = self.cleaned_data["rpps"].replace(" ", "")
        if typed and not is_valid_rpps(typed):
            raise forms.ValidationError(_("Ce numéro RPPS est inexact : 11 chiffres, à relire."))
        return str(typed)

    def clean_finess(self) -> str:
        """Refuse a number whose check digit disagrees."""
        typed = self.cleaned_data["finess"].replace(" ", "").upper()
        if typed and not is_valid_finess(typed):
            raise forms.ValidationError(_("Ce numéro FINESS est inexact : 9 signes, à relire."))
        return str(typed)


class PlaceForm(forms.Form):
    """The name of a room or of a chair."""

    name = forms.CharField(label=_("Nom"), max_length=60)


class WorkstationForm(forms.ModelForm[Workstation]):
    """The name of a workstation, the room in which it stands, and when it locks."""

    idle_lock_min = forms.IntegerField(
        label=_("Verrouiller après (minutes)"),
        required=False,
        min_value=1,
        max_value=LONGEST_IDLE_S // 60,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )

    class Meta:
        model = Workstation
        fields = ("name", "room")

    def __init__(self, *args: Any, practice_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        room = cast("forms.ModelChoiceField[Room]", self.fields["room"])
        room.label = _("Salle")
        room.empty_label = _("Aucune en particulier")
        room.queryset = queries.rooms(practice_id)
        if not settings.IS_A_PRACTICE:
            # Rooms are where patients are received.
            del self.fields["room"]
        self.initial["idle_lock_min"] = max(1, self.instance.idle_lock_s // 60)
