from datetime import date, time

import pytest
from django.core.exceptions import ValidationError

from quenotte.care.agenda.forms.fields import WEEKDAYS, ClockField, SpansField
from quenotte.care.agenda.forms.searches import SlotsForm
from tests.care.agenda.conftest import at


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9h30", time(9, 30)),
        ("9:30", time(9, 30)),
        ("0930", time(9, 30)),
        (" 9 h ", time(9)),
        ("23h59", time(23, 59)),
        ("", None),
        (time(8, 15), time(8, 15)),
    ],
)
def test_time_is_read_as_people_write_it(typed, read):
    assert ClockField(required=False).clean(typed) == read


@pytest.mark.parametrize("typed", ["24h", "9h60", "midi", "-1", "9h30m", "99"])
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(ValidationError, match="n’est pas une heure"):
        ClockField().clean(typed)


def test_hours_are_shown_as_they_may_be_typed():
    field = SpansField()
    shown = field.prepare_value([(540, 750), (840, 1140)])
    assert shown == "9h00-12h30, 14h00-19h00"
    assert field.clean(shown) == [(540, 750), (840, 1140)]
    assert field.prepare_value("mardi") == "mardi"
    assert field.clean("") == []


def test_search_never_looks_into_the_past(alice):
    form = SlotsForm(alice.practice_id, {"minutes": "30", "since": "01/01/2026"})
    assert form.is_valid()
    assert form.not_before(at(9, day=17)) == at(9, day=17)
    later = SlotsForm(alice.practice_id, {"minutes": "30", "since": "20/03/2026"})
    assert later.is_valid()
    assert later.not_before(at(9, day=17)) == at(0, day=20)
    assert later.cleaned_data["since"] == date(2026, 3, 20)


def test_week_begins_on_monday():
    assert [str(day) for day in WEEKDAYS][::6] == ["Lundi", "Dimanche"]
