"""What somebody looks for in a copy."""

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quenotte.base import pasts
from quenotte.base.audit.rules import Actor
from quenotte.base.pasts import Door, Selection, Suggestion
from quenotte.upkeep.backups import queries as backups
from quenotte.upkeep.restores import queries
from quenotte.upkeep.restores.moments import moment_after, moment_typed
from quenotte.upkeep.restores.past import Look
from quenotte.upkeep.restores.reaching import Moment

#: The choice that looks through all records instead of one.
SEARCH: Final = "tout"


class PastForm(forms.Form):
    """A door, what is behind it, a place, and a moment (empty: the newest copy)."""

    porte = forms.ChoiceField(label=_("Quoi"))
    quoi = forms.CharField(
        label=_("Patient ou jour"), max_length=80, required=False,
        help_text=_("Nom, naissance ou numéro. Pour un jour : sa date. Vide : tous."),
    )  # fmt: skip
    moment = forms.CharField(
        label=_("Tel qu’au"),
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": _("27/11/2026 18:00"), "list": "copies-connues"}
        ),
        max_length=32,
        help_text=_("Une copie de la liste, ou un jour et une heure. Vide : la dernière."),
    )
    lieu = forms.ChoiceField(label=_("Copie"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actor = actor
        self.door: Door | None = None
        self.selection: Selection | None = None
        self.as_of: datetime | None = None
        self.suggested: list[Suggestion] = []
        #: The moments of the copies that exist, the newest first, as they can be typed.
        self.known = [moment_after(one) for one in queries.copied_moments()]
        doors = [(door.key, door.label) for door in pasts.doors()]
        self._offer("porte", [*doors, (SEARCH, _("Tous les dossiers"))])
        self.places = [(str(one.id), one.label) for one in backups.destinations()]
        self._offer("lieu", self.places)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_moment(self) -> str:
        """Read the moment in the time of the practice."""
        text: str = self.cleaned_data["moment"]
        try:
            self.as_of = moment_typed(text) if text else None
        except ValueError:
            raise forms.ValidationError(
                _("Écrivez le moment ainsi : 27/11/2026 18:00, ou 27/11/2026 pour la fin du jour.")
            ) from None
        if self.as_of is not None and self.as_of > datetime.now(UTC):
            raise forms.ValidationError(_("Ce moment est à venir : aucune copie ne le connaît."))
        return text

    def clean(self) -> dict[str, Any]:
        """Let the door read what was typed."""
        values = super().clean() or {}
        self.door = pasts.door(values.get("porte", ""))
        if self.door is not None and "quoi" in values:
            self._find(self.door, values)
        return values

    def _find(self, door: Door, values: dict[str, Any]) -> None:
        """Take what was typed, or the one thing that it surely means; else propose some."""
        typed = values["quoi"]
        self.selection = door.find(self._actor, typed)
        if self.selection is not None:
            return
        self.suggested = door.suggest(self._actor, typed)
        if len(self.suggested) == 1 and self.suggested[0].is_sure:
            values["quoi"] = self.suggested.pop().typed
            self.selection = door.find(self._actor, values["quoi"])
        elif self.suggested:
            self.add_error("quoi", _("Choisissez le dossier ci-dessous."))
        else:
            self.add_error("quoi", _("Ce n’est ni un patient connu, ni un jour."))

    @property
    def is_search(self) -> bool:
        """Tell whether all records are meant."""
        return self.door is None

    def asked(self) -> Moment:
        """Return the moment that is asked for, once the form is valid."""
        search = self._actor.own_practice_id if self.is_search else None
        return Moment(UUID(self.cleaned_data["lieu"]), self.as_of, search)

    def look(self) -> Look:
        """Return what is looked at, once the form is valid and names one thing."""
        assert self.door is not None
        assert self.selection is not None
        return Look(self.asked(), self.door, self.selection)

    def query(self, **other: str) -> str:
        """Return the form as the end of an address, with other values in the place of some."""
        told = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return urlencode({**told, **other})
