"""What is typed about the way a practice works: types, hours, absences."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.care.agenda import operations, queries, rules
from quenotte.care.agenda.forms.fields import (
    WEEKDAYS,
    Choice,
    ClockField,
    PlacedForm,
    SpansField,
)
from quenotte.care.agenda.models import AgendaSettings, AppointmentType, Leave
from quenotte.web.fields import FrenchDateField


class TypeForm(forms.Form):
    """A sort of appointment."""

    name = forms.CharField(label=gettext_lazy("Nom"), max_length=60)
    minutes = forms.IntegerField(
        label=gettext_lazy("Durée habituelle (min)"),
        min_value=rules.SHORTEST_MINUTES,
        max_value=rules.LONGEST_MINUTES,
        initial=30,
    )
    assistant_minutes = forms.IntegerField(
        label=gettext_lazy("Temps d’assistante (min)"),
        min_value=0,
        max_value=rules.LONGEST_MINUTES,
        initial=0,
    )
    colour = forms.ChoiceField(
        label=gettext_lazy("Couleur"), choices=AppointmentType.Colour.choices
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("Proposé à la réservation"), required=False, initial=True
    )

    @classmethod
    def of(cls, kind: AppointmentType) -> "TypeForm":
        """Return the form filled with what is kept."""
        names = ("name", "minutes", "assistant_minutes", "colour", "is_active")
        initial = {name: getattr(kind, name) for name in names}
        return cls(initial=initial, auto_id=f"id_%s_{kind.id}")


class HoursForm(forms.Form):
    """When the practice, or one practitioner, works: one line a weekday."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in enumerate(WEEKDAYS):
            self.fields[f"day_{weekday}"] = SpansField(label=name)

    @classmethod
    def of(cls, practice_id: UUID, practitioner_id: UUID | None) -> "HoursForm":
        """Return the form filled with the hours that are kept."""
        hours = queries.hours_of(practice_id).get(practitioner_id, {})
        return cls(initial={f"day_{day}": spans for day, spans in hours.items()})

    def spans(self) -> list[tuple[int, int, int]]:
        """Return (weekday, opens, closes), once the form is valid."""
        return [
            (weekday, opens, closes)
            for weekday in range(len(WEEKDAYS))
            for opens, closes in self.cleaned_data[f"day_{weekday}"]
        ]

    def refuse(self, refusal: operations.BadHours) -> None:
        """Show why the hours of a day do not follow each other, beside it."""
        self.add_error(f"day_{refusal.weekday}", str(refusal))


class AgendaSettingsForm(forms.Form):
    """How the practice draws its agenda."""

    step_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Pas de la grille"), choices=AgendaSettings.Step.choices, coerce=int
    )
    works_on_holidays = forms.BooleanField(
        label=gettext_lazy("Le cabinet travaille les jours fériés"), required=False
    )

    @classmethod
    def of(cls, settings: AgendaSettings) -> "AgendaSettingsForm":
        """Return the form filled with what is kept."""
        names = ("step_minutes", "works_on_holidays")
        return cls(initial={name: getattr(settings, name) for name in names})


class LeaveForm(PlacedForm):
    """An absence: whole days, or a part of one."""

    kind = forms.ChoiceField(label=gettext_lazy("Nature"), choices=Leave.Kind.choices)
    practitioner = Choice(
        label=gettext_lazy("Qui"), required=False, empty_label=gettext_lazy("Tout le cabinet")
    )
    first_day = FrenchDateField(label=gettext_lazy("Du"))
    last_day = FrenchDateField(
        label=gettext_lazy("Au (inclus)"),
        required=False,
        help_text=gettext_lazy("Vide : un seul jour."),
    )
    start = ClockField(
        label=gettext_lazy("À partir de"),
        required=False,
        help_text=gettext_lazy("Vide : dès le matin."),
    )
    end = ClockField(
        label=gettext_lazy("Jusqu’à"),
        required=False,
        help_text=gettext_lazy("Vide : jusqu’au soir."),
    )

    def offer_kinds(self, kinds: list[AppointmentType]) -> None:
        """The kinds of absences are always the same."""

    def clean(self) -> dict[str, Any]:
        """Read the days and the times together: a half-open period."""
        cleaned = super().clean() or {}
        first: date | None = cleaned.get("first_day")
        if first is None or self.errors:
            return cleaned
        last: date = cleaned.get("last_day") or first
        if last < first:
            self.add_error("last_day", _("La fin vient avant le début."))
            return cleaned
        cleaned["starts_at"] = _at(first, cleaned.get("start"), is_end=False)
        cleaned["ends_at"] = _at(last, cleaned.get("end"), is_end=True)
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what ``operations.add_leave`` is to keep, once the form is valid."""
        return {
            "kind": self.cleaned_data["kind"],
            "practitioner_id": self.id_of("practitioner"),
            "starts_at": self.cleaned_data["starts_at"],
            "ends_at": self.cleaned_data["ends_at"],
        }


def _at(day: date, at: Any, *, is_end: bool) -> datetime:
    zone = timezone.get_default_timezone()
    minute = at.hour * 60 + at.minute if at else (rules.MINUTES_A_DAY if is_end else 0)
    return rules.instant_at(day, minute, zone, is_end=is_end)
