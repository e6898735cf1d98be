"""Every field has a name, a hint and an error that a screen reader finds."""

import re

import pytest
from django import forms

from quenotte.web.samples import WRONG_INPUT, SampleForm


@pytest.fixture
def wrong() -> SampleForm:
    return SampleForm(WRONG_INPUT)


@pytest.mark.parametrize("name", ["birth_name", "born_on", "role", "reminder", "note"])
def test_label_names_its_control(name: str) -> None:
    html = SampleForm()[name].as_field_group()
    control = re.search(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', html)
    assert control
    assert f'<label for="{control[1]}">' in html


class Typed(forms.Form):
    """Fields that a browser would remember, one that names itself, and some that it leaves."""

    name = forms.CharField()
    phone = forms.CharField(widget=forms.TextInput(attrs={"type": "tel"}))
    mail = forms.EmailField()
    years = forms.IntegerField()
    login = forms.CharField(widget=forms.TextInput({"autocomplete": "username"}))
    key = forms.CharField(widget=forms.HiddenInput)
    agreed = forms.BooleanField()


def test_browser_is_told_to_remember_nothing_that_is_typed() -> None:
    drawn = {name: str(Typed()[name]) for name in Typed.base_fields}
    told = {name for name, one in drawn.items() if 'autocomplete="off"' in one}
    assert told == {"name", "phone", "mail", "years"}
    assert 'autocomplete="username"' in drawn["login"]


def test_radios_are_grouped_under_a_legend() -> None:
    html = SampleForm()["sex"].as_field_group()
    assert "<fieldset" in html
    assert "<legend>Sexe" in html


def test_required_is_said_in_words() -> None:
    assert "obligatoire" in SampleForm()["birth_name"].as_field_group()
    assert "obligatoire" not in SampleForm()["note"].as_field_group()


class Choosing(forms.Form):
    """Lists and radios, with and without an empty line."""

    paper = forms.ChoiceField(choices=[("A5", "A5"), ("A4", "A4")])
    kind = forms.ChoiceField(choices=[("", "À choisir"), ("A4", "A4")])
    several = forms.MultipleChoiceField(choices=[("A5", "A5")])
    side = forms.ChoiceField(choices=[("L", "Gauche")], widget=forms.RadioSelect)
    begun = forms.ChoiceField(choices=[("L", "Gauche")], widget=forms.RadioSelect, initial="L")
    agreed = forms.BooleanField()


@pytest.mark.parametrize(
    ("name", "is_said"),
    [
        ("paper", False), ("kind", True), ("several", True), ("side", True), ("begun", False),
        ("agreed", False),
    ],
)  # fmt: skip
def test_what_always_holds_something_is_not_said_to_be_required(name: str, is_said: bool) -> None:
    assert ("obligatoire" in Choosing()[name].as_field_group()) is is_said


def test_wrong_field_points_to_its_error_and_its_hint(wrong: SampleForm) -> None:
    html = wrong["born_on"].as_field_group()
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert 'aria-invalid="true"' in html
    assert described
    for anchor in described[1].split():
        assert f'id="{anchor}"' in html


def test_whole_form_starts_with_a_summary_that_leads_to_the_fields(wrong: SampleForm) -> None:
    html = str(wrong)
    assert 'role="alert"' in html
    assert 'href="#id_born_on"' in html


def test_error_of_the_whole_form_is_in_the_summary() -> None:
    form = forms.Form({})
    form.add_error(None, "Deux dossiers se ressemblent.")
    assert "Deux dossiers se ressemblent." in str(form)


def test_right_form_has_no_summary() -> None:
    assert "error-summary" not in str(SampleForm())
