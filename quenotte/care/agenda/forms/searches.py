"""What is typed to find a free slot, or somebody who would take one."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.care.agenda import operations, queries, rules
from quenotte.care.agenda.forms.fields import WEEKDAYS, Choice, ClockField, PlacedForm, instant
from quenotte.care.agenda.models import ShortNotice
from quenotte.web.fields import FrenchDateField


class SlotsForm(PlacedForm):
    """Which free slots are looked for, and for whom when her record led here."""

    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("Durée (min)"),
        min_value=rules.SHORTEST_MINUTES,
        max_value=rules.LONGEST_MINUTES,
        initial=30,
    )
    practitioner = Choice(
        label=gettext_lazy("Praticien"), required=False, empty_label=gettext_lazy("Tous")
    )
    day_part = forms.ChoiceField(
        label=gettext_lazy("Moment"), choices=ShortNotice.DayPart.choices, required=False
    )
    since = FrenchDateField(label=gettext_lazy("À partir du"), required=False)

    def search(self) -> queries.Search:
        """Return what is looked for, once the form is valid."""
        practitioner, minutes = self.id_of("practitioner"), self.cleaned_data["minutes"]
        kind = next((one for one in self.lists.kinds if one.id == self.id_of("kind")), None)
        usual = kind.assistant_minutes if kind else 0
        return queries.Search(
            minutes=minutes,
            assistant_minutes=rules.assistant_time(None, usual, minutes),
            practitioner_ids=[practitioner] if practitioner else [],
            day_part=self.cleaned_data["day_part"] or rules.ANY_TIME,
        )

    def not_before(self, now: datetime) -> datetime:
        """Return the first instant looked at: never in the past."""
        day = self.cleaned_data["since"]
        zone = timezone.get_default_timezone()
        return max(now, rules.day_period(day, zone).starts_at) if day else now


class WaitingForm(PlacedForm):
    """When a patient would come at short notice."""

    patient = forms.UUIDField(widget=forms.HiddenInput)
    appointment = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("Durée (min)"),
        min_value=rules.SHORTEST_MINUTES,
        max_value=rules.LONGEST_MINUTES,
        initial=30,
    )
    practitioner = Choice(
        label=gettext_lazy("Praticien"), required=False, empty_label=gettext_lazy("Tous")
    )
    day_part = forms.ChoiceField(
        label=gettext_lazy("Moment"), choices=ShortNotice.DayPart.choices, required=False
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Jours possibles"),
        choices=list(enumerate(WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Aucun jour coché : tous les jours."),
    )
    until_day = FrenchDateField(label=gettext_lazy("Jusqu’au"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note d’organisation"), max_length=300, required=False
    )

    def clean_until_day(self) -> date | None:
        """Refuse a last day that is over."""
        day: date | None = self.cleaned_data["until_day"]
        if day and day < timezone.localdate():
            raise ValidationError(_("Ce jour est passé : vérifiez la date."))
        return day

    def wish(self) -> operations.Wish:
        """Return what the patient would take, once the form is valid."""
        data = self.cleaned_data
        days = [int(day) for day in data["weekdays"]] or range(7)
        return operations.Wish(
            minutes=data["minutes"],
            from_day=timezone.localdate(),
            until_day=data["until_day"],
            day_part=data["day_part"] or rules.ANY_TIME,
            weekdays=rules.weekdays_from(days),
            practitioner_id=self.id_of("practitioner"),
            kind_id=self.id_of("kind"),
            note=data["note"],
        )


class PlaceForm(PlacedForm):
    """The slot that a waiting patient takes."""

    day = FrenchDateField()
    time = ClockField()
    practitioner = Choice()
    chair = Choice(required=False)

    def clean(self) -> dict[str, Any]:
        """Read the day and the time together."""
        cleaned = super().clean() or {}
        cleaned["starts_at"] = instant(self, cleaned.get("day"), cleaned.get("time"))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return where the patient is placed, once the form is valid."""
        return {
            "starts_at": self.cleaned_data["starts_at"],
            "practitioner_id": self.id_of("practitioner"),
            "chair_id": self.id_of("chair"),
        }
