"""Dates typed by French people become days; what is no date is said in words."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError

from quenotte.web.fields import FrenchDateField, PastDateField, wrong_date


class DayForm(forms.Form):
    day = FrenchDateField(required=False)


@pytest.mark.parametrize("typed", ["3/4/1985", "03041985", "3 avril 1985", "1985-04-03"])
def test_date_is_read_in_any_french_form(typed: str) -> None:
    assert FrenchDateField().clean(typed) == date(1985, 4, 3)


def test_empty_date_is_none_and_a_day_is_shown_in_french() -> None:
    field = FrenchDateField(required=False)
    assert field.clean("") is None
    assert field.clean(date(1985, 4, 3)) == date(1985, 4, 3)
    assert field.prepare_value(date(1985, 4, 3)) == "03/04/1985"
    assert field.prepare_value("le 3") == "le 3"


def test_day_to_come_is_refused_only_where_a_past_one_is_meant() -> None:
    assert FrenchDateField().clean("31/12/2040") == date(2040, 12, 31)
    with pytest.raises(ValidationError, match="futur"):
        PastDateField().clean("31/12/2040")


@pytest.mark.parametrize(
    ("typed", "has_changed"), [("3/4/85", False), ("4/4/85", True), ("rien", True)]
)
def test_change_compares_days(typed: str, has_changed: bool) -> None:
    form = DayForm({"day": typed}, initial={"day": date(1985, 4, 3)})
    assert form.has_changed() is has_changed


@pytest.mark.parametrize(
    ("reason", "part"),
    [
        ("impossible", "n’existe pas"),
        ("future", "futur"),
        ("too_old", "ancien"),
        ("format", "n’est pas une date"),
    ],
)
def test_wrong_date_says_what_is_wrong(reason: str, part: str) -> None:
    assert part in wrong_date("31/02/1985", reason)
    assert "31/02/1985" in wrong_date("31/02/1985", reason)
