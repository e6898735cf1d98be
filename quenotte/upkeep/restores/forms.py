"""What somebody looks for in a copy."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.base import pasts
from quenotte.base.audit.rules import Actor
from quenotte.base.pasts import Door, Selection
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.phoenix.moments import typed_moment
from quenotte.upkeep.backups import queries as backups
from quenotte.upkeep.restores.past import Look


class PastForm(forms.Form):
    """A door, what is behind it, a place, and a moment (empty: the newest copy)."""

    porte = forms.ChoiceField(label=_("Quoi"))
    quoi = forms.CharField(label=_("Numéro ou jour"), max_length=40)
    moment = forms.CharField(
        label=_("Tel qu’au"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("27/11/2026 18:00")}),
        max_length=32,
    )
    lieu = forms.ChoiceField(label=_("Copie"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actor = actor
        self.door: Door | None = None
        self.selection: Selection | None = None
        self.wish = Wish()
        self._offer("porte", [(door.key, door.label) for door in pasts.doors()])
        self._offer("lieu", [(str(one.id), one.label) for one in backups.destinations()])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_moment(self) -> str:
        """Read the moment in the time of the practice."""
        text: str = self.cleaned_data["moment"]
        try:
            self.wish = Wish(as_of=typed_moment(text)) if text else Wish()
        except ValueError:
            raise forms.ValidationError(_("Écrivez le moment ainsi : 27/11/2026 18:00.")) from None
        return text

    def clean(self) -> dict[str, Any]:
        """Let the door read what was typed."""
        values = super().clean() or {}
        self.door = pasts.door(values.get("porte", ""))
        if self.door is not None and "quoi" in values:
            self.selection = self.door.find(self._actor, values["quoi"])
            if self.selection is None:
                self.add_error("quoi", _("Ce n’est ni un numéro de dossier, ni un jour."))
        return values

    def look(self) -> Look:
        """Return what is looked at, once the form is valid."""
        assert self.door is not None
        assert self.selection is not None
        place = backups.destination(UUID(self.cleaned_data["lieu"])).place
        return Look(place, self.wish, self.door, self.selection)
