"""The forms of a practice under contract."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quenotte.base.agreed import AgreedForm, typed
from quenotte.provider.customers import timetable
from quenotte.provider.customers.rules import Known, Stretch, differing, sealed
from quenotte.provider.customers.timetable import Unreadable

if TYPE_CHECKING:
    from django.http import QueryDict

_ZONES: Final = {
    "Europe/Paris": _("France métropolitaine"),
    "America/Guadeloupe": _("Guadeloupe"),
    "America/Martinique": _("Martinique"),
    "America/Cayenne": _("Guyane"),
    "Indian/Reunion": _("La Réunion"),
    "Indian/Mayotte": _("Mayotte"),
    "America/Miquelon": _("Saint-Pierre-et-Miquelon"),
    "Pacific/Noumea": _("Nouvelle-Calédonie"),
    "Pacific/Tahiti": _("Polynésie"),
}


class CustomerForm(forms.Form):
    """Who it is, how to reach it, behind which network it is."""

    name = forms.CharField(label=_("Nom du cabinet"), max_length=120)
    postcode = forms.RegexField(
        label=_("Code postal"),
        regex=r"^\d{5}$",
        required=False,
        error_messages={"invalid": _("Cinq chiffres, comme 44000.")},
    )
    town = forms.CharField(label=_("Ville"), max_length=80, required=False)
    phone = forms.RegexField(
        label=_("Téléphone"),
        regex=r"^\+?[0-9 .()-]{4,20}$",
        max_length=20,
        required=False,
        error_messages={"invalid": _("Des chiffres, comme 02 40 12 34 56.")},
    )
    email = forms.EmailField(label=_("Courriel"), required=False)
    internet_provider = forms.CharField(
        label=_("Fournisseur d’accès à Internet"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "fournisseurs", "autocomplete": "off"}),
        help_text=_("Quand il tombe, tous les cabinets qui sont derrière lui se taisent ensemble."),
    )


class PracticeForm(CustomerForm, AgreedForm):
    """All that is known of a practice; its hours and closed days as people type them."""

    # Of what the page had shown: a second technician does not undo the first.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    time_zone = forms.ChoiceField(label=_("Fuseau horaire"))
    closed_on = forms.CharField(
        label=_("Jours de fermeture"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("Un jour ou une période par ligne : 24/12/2026, ou 03/08/2026 – 21/08/2026. "
                       "Les jours fériés y sont déjà, selon le code postal."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, known: Known) -> None:
        super().__init__(data, initial=_initial(known))
        #: Lines of closed days that are past, and of which nothing is kept.
        self.let_go: list[str] = []
        zones = {known.time_zone: known.time_zone} | _ZONES
        self.fields["time_zone"].choices = list(zones.items())  # type: ignore[attr-defined]
        for weekday, name in WEEKDAYS.items():
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=str(name).capitalize(), required=False, max_length=120,
                widget=forms.TextInput(
                    attrs={"autocomplete": "off", "placeholder": gettext("fermé")}
                ),
            )  # fmt: skip

    @property
    def days(self) -> list[forms.BoundField]:
        """Return the fields of the week in order."""
        return [self[f"day_{weekday}"] for weekday in WEEKDAYS]

    @property
    def known(self) -> Known:
        """Return what is known now, once valid."""
        return Known(**{one: told for one, told in self.cleaned_data.items() if one != "seen"})

    @property
    def shown_seal(self) -> str:
        """Return the seal of what the page had shown, once valid."""
        return str(self.cleaned_data["seen"])

    def over(self, since: Sequence[str], now: Known) -> "PracticeForm":
        """Return the form to save again: another one saved ``since``, the fields that she wrote.

        What was typed here stays, with what is written now beside it; of what she wrote and nobody
        typed over, her words are shown.
        """
        typed_here = set(differing(self.shown_seal, self.known))
        shown, data = _initial(now), cast("QueryDict", self.data).copy()
        hers = [field for name in since if name not in typed_here for field in _fields_of(name)]
        for field in [*hers, "seen"]:
            _put(data, field, shown[field])
        fresh = PracticeForm(data, known=now)
        fresh.full_clean()
        fresh.add_error(None, gettext("Modifié entre-temps : {fields}.").format(
            fields=", ".join(str(_label_of(fresh, name)) for name in since)
        ))  # fmt: skip
        for field in (field for name in since if name in typed_here for field in _fields_of(name)):
            fresh.show_beside(field, _words(shown[field]))
        return fresh

    def show_beside(self, field: str, written: str) -> None:
        """Say at a field what is written there now, when something else was typed."""
        if written != _words(self[field].value()):
            words = gettext("Écrit maintenant : « {value} ».")
            self.add_error(field, words.format(value=written or gettext("vide")))

    def clean_closed_on(self) -> tuple[date, ...]:
        """Return the days. Raises: ValidationError that quotes the line that says none."""
        typed, today = self.cleaned_data["closed_on"], _today()
        try:
            days = timetable.closed_days(typed, today=today)
            self.let_go = timetable.let_go(typed, today=today)
        except Unreadable as wrong:
            raise ValidationError(_wrong_days(wrong)) from None
        return tuple(days)

    def clean(self) -> dict[str, Any]:
        """Read the hours, each weekday by itself, into ``hours``."""
        told = super().clean()
        hours: list[Stretch] = []
        for weekday in WEEKDAYS:
            try:
                hours += timetable.stretches(weekday, told.pop(f"day_{weekday}", ""))
            except Unreadable as wrong:
                self.add_error(f"day_{weekday}", _wrong_hours(wrong))
        return {**told, "hours": tuple(hours)}


def _initial(known: Known) -> dict[str, Any]:
    names = ("name", "town", "postcode", "phone", "email", "internet_provider", "time_zone")
    return {
        **{name: getattr(known, name) for name in names},
        **{f"day_{one}": timetable.shown_stretches(known.hours, one) for one in WEEKDAYS},
        **typed(known.agreed),
        "closed_on": timetable.shown_days(known.closed_on, today=_today()),
        "seen": sealed(known),
    }


def _fields_of(name: str) -> Sequence[str]:
    """Return the fields in which people type what is known under a name."""
    several = {
        "hours": [f"day_{weekday}" for weekday in WEEKDAYS],
        "agreed": ["remote_tools", "other_tools", "ports"],
    }
    return several.get(name, [name])


def _label_of(form: forms.Form, name: str) -> str:
    several = {"hours": gettext("Horaires"), "agreed": gettext("Ce qui est convenu")}
    return several.get(name) or str(form[name].label)


def _put(data: Any, field: str, value: Any) -> None:
    if isinstance(value, list):
        data.setlist(field, value)
    else:
        data[field] = value


def _words(value: Any) -> str:
    """Return what a field says, as one line; how lines end is no difference."""
    parts = value if isinstance(value, list) else str(value or "").splitlines()
    return ", ".join(parts)


def _today() -> date:
    return timezone.localdate(timezone=ZoneInfo("Europe/Paris"))


def _wrong_hours(wrong: Unreadable) -> str:
    sentences = {
        "overlap": gettext("Deux plages se chevauchent : {part}."),
        "backwards": gettext("« {part} » finit avant de commencer."),
    }
    unread = gettext(
        "« {part} » n’est pas une plage : écrivez par exemple 8:30-12:30, 14:00-19:00."
    )
    return sentences.get(wrong.reason, unread).format(part=wrong.part[:40])


def _wrong_days(wrong: Unreadable) -> str:
    sentences = {
        "backwards": gettext("« {part} » finit avant de commencer."),
        "too_many": gettext("Plus d’un an de fermeture : finissez plutôt le contrat."),
    }
    unread = gettext(
        "« {part} » n’est pas un jour : écrivez 24/12/2026, ou 03/08/2026 – 21/08/2026."
    )
    return sentences.get(wrong.reason, unread).format(part=wrong.part[:40])
