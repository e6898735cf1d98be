from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.patients import rules
from quenotte.care.patients.models import MedicalAlert


@pytest.mark.parametrize(
    ("before", "papers"),
    [
        ("provisoire", "validee"),
        ("recuperee", "qualifiee"),
        ("validee", "validee"),
        ("qualifiee", "qualifiee"),
    ],
)
def test_status_moves_as_the_rniv_says(before, papers):
    assert rules.after_papers(before) == papers


@given(st.sampled_from(["provisoire", "recuperee", "validee", "qualifiee"]))
def test_change_of_a_strict_trait_makes_provisional(status):
    assert rules.after_change(status, ["born_on"]) == "provisoire"
    assert rules.after_change(status, []) == status


def test_changed_traits_ignores_what_is_not_given_and_what_is_not_strict():
    before = dict.fromkeys(rules.STRICT_TRAITS, "a") | {"town": "Nantes"}
    assert rules.changed_traits(before, {"birth_name": "b", "sex": "a", "town": "Rezé"}) == [
        "birth_name"
    ]


@pytest.mark.parametrize(("doubtful", "fictitious"), [(True, False), (False, True)])
def test_papers_prove_nothing_of_a_doubtful_identity(doubtful, fictitious):
    assert not rules.may_check_papers(is_doubtful=doubtful, is_fictitious=fictitious)
    assert rules.may_check_papers(is_doubtful=False, is_fictitious=False)


@pytest.mark.parametrize(
    ("homonym", "doubtful", "fictitious", "may"),
    [
        (False, False, False, True),
        (True, False, False, True),
        (False, True, False, True),
        (False, False, True, True),
        (True, True, False, True),
        (True, False, True, False),
        (False, True, True, False),
        (True, True, True, False),
    ],
)
def test_only_doubtful_and_homonym_go_together(homonym, doubtful, fictitious, may):
    marks = {"is_homonym": homonym, "is_doubtful": doubtful, "is_fictitious": fictitious}
    assert rules.may_be_marked_together(**marks) is may


@pytest.mark.parametrize(
    ("objects", "died_on", "may"),
    [
        (False, None, True),
        (True, None, False),
        (False, date(2026, 3, 1), False),
        (True, date(2026, 3, 1), False),
    ],
)
def test_only_the_living_who_do_not_object_are_contacted(objects, died_on, may):
    assert rules.may_be_contacted(do_not_contact=objects, died_on=died_on) is may


@pytest.mark.parametrize(
    ("names", "first"),
    [("Marie-Louise Anne", "Marie-Louise"), ("Anne, Marie", "Anne"), ("  ", ""), ("Zoé", "Zoé")],
)
def test_first_of(names, first):
    assert rules.first_of(names) == first


@pytest.mark.parametrize(
    ("born_on", "possible"),
    [
        (date(2026, 3, 17), True),
        (date(2026, 3, 18), False),
        (date(1896, 3, 17), True),
        (date(1890, 1, 1), False),
    ],
)
def test_birth_date_possible(born_on, possible):
    assert rules.is_birth_date_possible(born_on, date(2026, 3, 17)) is possible


@pytest.mark.parametrize(
    ("name", "strange"),
    [
        ("Le Gall-d'Orves", ""),
        ("Zoe\u0308", ""),
        ("Dupont2", "2"),
        ("Anne 😀", "😀"),
        ("<b>", "<"),
        ("a\u200bb", "?"),
    ],
)
def test_strange_character(name, strange):
    assert rules.strange_character(name) == strange


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("+33639980001", "06 39 98 00 01"), ("", ""), ("+442079460000", "+44 20 7946 0000")],
)
def test_shown_phone(phone, shown):
    assert rules.shown_phone(phone) == shown


@pytest.mark.parametrize(
    ("status", "doubtful", "tone"),
    [
        ("qualifiee", False, "ok"),
        ("validee", False, "info"),
        ("provisoire", False, "neutral"),
        ("provisoire", True, "attention"),
    ],
)
def test_status_tone(status, doubtful, tone):
    assert rules.status_tone(status, is_doubtful=doubtful) == tone


@pytest.mark.parametrize("code", rules.ALERTS)
def test_alert_of_the_list_can_be_stored(code):
    alert = rules.ALERTS[code]
    assert alert.code == code
    assert alert.kind in MedicalAlert.Kind.values
    assert alert.severity in rules.SEVERITIES
    assert 0 < len(alert.label) <= 120
    assert len(code) <= 30


def test_alerts_hold_what_a_dentist_asks_first():
    assert {
        *("latex", "penicillin", "local_anaesthetic", "adrenaline", "nsaid", "aspirin", "iodine"),
        *("nickel", "anticoagulant", "antiresorptive", "endocarditis", "pacemaker", "pregnancy"),
        *("diabetes", "epilepsy", "immunosuppression", "haemophilia", "blood_exposure"),
    } <= rules.ALERTS.keys()


def test_infection_is_not_named_on_screen():
    words = rules.ALERTS["blood_exposure"].label + rules.ALERTS["blood_exposure"].advice
    assert "VIH" not in words
    assert "épatite" not in words


def test_birth_date_that_nobody_asked_is_none_and_may_stay():
    assert rules.known_birth(rules.UNKNOWN_BIRTH) is None
    assert rules.known_birth(date(1985, 4, 3)) == date(1985, 4, 3)
    assert rules.is_birth_date_possible(rules.UNKNOWN_BIRTH, date(2090, 1, 1))
