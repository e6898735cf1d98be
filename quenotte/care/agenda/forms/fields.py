"""Fields and lists that the forms of the agenda share."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.care.agenda import queries, rules
from quenotte.care.agenda.models import AppointmentType

_CLOCK = re.compile(r"(\d{1,2})\s*(?:[h:]\s*(\d{2})?|(\d{2}))?")
_SPAN = re.compile(r"([\dh: ]+)\s*(?:-|–|à)\s*([\dh: ]+)")
WEEKDAYS = tuple(
    gettext_lazy(day)
    for day in ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")
)

#: The codes of errors of a form: a day or an hour that no calendar and no clock has.
NO_SUCH_DAY, NO_SUCH_TIME = "impossible", "no_such_time"
_IMPOSSIBLE = {NO_SUCH_DAY: "no_such_day", NO_SUCH_TIME: "no_such_time"}


class ClockField(forms.CharField):
    """A time of the day as people write it: 9h30, 9:30, 0930, 9h."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        )
        super().__init__(max_length=8, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a time as 09:30."""
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def to_python(self, value: Any) -> Any:
        """Return the time; None when nothing was typed."""
        if value is None or isinstance(value, time):
            return value
        text = str(super().to_python(value) or "").strip().lower()
        if not text:
            return None
        minute = minute_of(text)
        if minute == rules.MINUTES_A_DAY:
            raise ValidationError(_not_a_time(text))
        return time(minute // 60, minute % 60)

    def run_validators(self, value: Any) -> None:
        """A time has no length."""


class KindSelect(forms.Select):
    """The types of appointments; each carries its usual length for the page."""

    def __init__(self, minutes: dict[str, int]) -> None:
        super().__init__()
        self.minutes = minutes

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Write the usual length beside the name."""
        option = super().create_option(name, value, *args, **kwargs)
        if minutes := self.minutes.get(str(value)):
            option["attrs"]["data-minutes"] = minutes
        return option


class SpansField(forms.CharField):
    """The hours of a weekday as people write them: « 9h-12h30, 14h-19h »; empty is closed."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"placeholder": _("fermé"), "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_length=120, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show minutes as « 9h00-12h30, 14h00-19h00 »."""
        if isinstance(value, str) or value is None:
            return value
        return ", ".join(f"{_shown(opens)}-{_shown(closes)}" for opens, closes in value)

    def to_python(self, value: Any) -> Any:
        """Return the half-open minutes of the day, in the order typed."""
        text = str(super().to_python(value) or "").strip().lower()
        parts = [part for part in re.split(r"[,;]|\bet\b", text) if part.strip()]
        return [_span(part.strip()) for part in parts]

    def run_validators(self, value: Any) -> None:
        """Hours have no length."""


def minute_of(text: str) -> int:
    """Return the minute of the day that a text names; 24h is the midnight after it.

    Raises: ValidationError when it names none.
    """
    found = _CLOCK.fullmatch(text.strip())
    hours, minutes = (int(found[1]), int(found[2] or found[3] or 0)) if found else (99, 0)
    minute = hours * 60 + minutes
    if minutes > 59 or minute > rules.MINUTES_A_DAY:
        raise ValidationError(_not_a_time(text))
    return minute


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValidationError(
            _("« %(text)s » n’est pas une plage d’heures : essayez 9h-12h30.") % {"text": text}
        )
    return minute_of(found[1]), minute_of(found[2])


def _shown(minute: int) -> str:
    return f"{minute // 60}h{minute % 60:02}"


def _not_a_time(text: str) -> str:
    return _("« %(text)s » n’est pas une heure : essayez 9h30.") % {"text": text}


class Lists:
    """What a practice offers in lists; each is read once, by all the forms of one request."""

    def __init__(self, practice_id: UUID) -> None:
        self.practice_id = practice_id

    @cached_property
    def practitioners(self) -> list[queries.Column]:
        """Who receives patients."""
        return list(queries.practitioners(self.practice_id))

    @cached_property
    def chairs(self) -> list[queries.Column]:
        """Where they are received."""
        return list(queries.chairs(self.practice_id))

    @cached_property
    def kinds(self) -> list[AppointmentType]:
        """For what."""
        return queries.offered_types(self.practice_id)


class PlacedForm(forms.Form):
    """A form with lists of the practice: types, practitioners, chairs."""

    def __init__(self, lists: UUID | Lists, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = lists if isinstance(lists, Lists) else Lists(lists)
        if "practitioner" in self.fields:
            choose(self, "practitioner", self.lists.practitioners)
        if "chair" in self.fields:
            choose(self, "chair", self.lists.chairs)
        if "kind" in self.fields:
            self.offer_kinds(self.lists.kinds)

    def offer_kinds(self, kinds: list[AppointmentType]) -> None:
        """Offer these types, each with its usual length."""
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = KindSelect({str(one.id): one.minutes for one in kinds})
        field.choices = [("", _("Sans type")), *((str(one.id), one.name) for one in kinds)]

    def id_of(self, name: str) -> UUID | None:
        """Return what was chosen in a list; None for nothing."""
        chosen = self.cleaned_data.get(name)
        return UUID(str(chosen)) if chosen else None


def choose(form: forms.Form, name: str, columns: Sequence[queries.Column]) -> None:
    """Offer practitioners or chairs in a list of a form."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    first = [] if field.required else [("", field.empty_label)]  # type: ignore[attr-defined]
    field.choices = [*first, *((str(one.id), one.name) for one in columns)]


class Choice(forms.ChoiceField):
    """A choice among rows of the practice; ``empty_label`` says what none means."""

    def __init__(self, *, empty_label: Any = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.empty_label = empty_label


def impossible(form: forms.Form) -> str:
    """Return what the journal calls a moment that cannot be; "" when that is not what is wrong."""
    errors = form.errors.as_data()
    codes = [error.code for name in ("day", "time") for error in errors.get(name, ())]
    return next((_IMPOSSIBLE[code] for code in codes if code in _IMPOSSIBLE), "")


def instant(form: forms.Form, day: date | None, at: time | None) -> datetime | None:
    """Return the instant of a day and a time of the wall clock, or say why there is none."""
    if day is None or at is None:
        return None
    try:
        return rules.instant_of(datetime.combine(day, at), timezone.get_default_timezone())
    except rules.NoSuchTime:
        words = _("Cette heure n’existe pas ce jour-là : les horloges avancent d’une heure.")
        form.add_error("time", ValidationError(words, NO_SUCH_TIME))
    except OverflowError:
        form.add_error("day", _("Cette date est hors du calendrier : vérifiez l’année."))
    return None
