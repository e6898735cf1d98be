"""When a patient is due, and what may be written to her."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.recalls import rules
from quenotte.care.recalls.rules import Channel, Fault, Situation, Terms, due_on

TODAY = date(2026, 3, 17)
BORN = date(1980, 1, 1)
YEARLY = Terms(12)


@pytest.mark.parametrize(
    ("terms", "known", "day"),
    [
        (YEARLY, Situation(date(2025, 4, 1), BORN), date(2026, 4, 1)),
        (YEARLY, Situation(date(2025, 4, 17), BORN), None),
        (YEARLY, Situation(date(2025, 3, 1), BORN, months=0), None),
        (YEARLY, Situation(date(2025, 12, 1), BORN, months=3), date(2026, 3, 1)),
        (YEARLY, Situation(date(2024, 5, 1), BORN, closed_on=date(2026, 1, 5)), None),
        (YEARLY, Situation(date(2023, 3, 16), BORN), None),
        (YEARLY, Situation(date(2022, 4, 1), BORN, months=48), date(2026, 4, 1)),
        (YEARLY, Situation(date(2023, 3, 17), BORN), date(2024, 3, 17)),
        (
            YEARLY,
            Situation(date(2020, 3, 1), BORN, closed_on=date(2025, 3, 5), seen_on=date(2025, 3, 4)),
            date(2026, 3, 5),
        ),
        (YEARLY, Situation(date(2020, 3, 1), BORN, seen_on=date(2023, 3, 16)), None),
        (Terms(60), Situation(date(2021, 3, 20), BORN), date(2026, 3, 20)),
        (Terms(36), Situation(date(2023, 4, 17), BORN), None),
        (Terms(36), Situation(date(2022, 3, 17), BORN), date(2025, 3, 17)),
        (Terms(36), Situation(date(2022, 3, 16), BORN), None),
        (Terms(6, max_age=17), Situation(date(2025, 9, 1), BORN), None),
        (Terms(6, min_age=18), Situation(date(2025, 9, 1), date(2010, 1, 1)), None),
        (Terms(6, min_age=18), Situation(date(2025, 9, 1), None), date(2026, 3, 1)),
        (Terms(6, max_age=17), Situation(date(2025, 9, 1), None), date(2026, 3, 1)),
    ],
    ids=[
        "soon",
        "not yet",
        "never",
        "her own",
        "asked lately",
        "left",
        "agreed for longer",
        "just not",
        "an old work, looked at every year",
        "an old work, left",
        "every five years",
        "every three years, not yet",
        "every three years, a year late",
        "every three years, left",
        "old",
        "young",
        "of no known age, for adults",
        "of no known age, for children",
    ],
)
def test_who_is_due(terms, known, day):
    assert due_on(terms, known, TODAY) == day


def test_months_end_on_the_last_day():
    assert rules.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert rules.add_months(date(2025, 12, 31), 2) == date(2026, 2, 28)
    assert rules.add_months(date(2026, 5, 3), 12) == date(2027, 5, 3)


@given(
    st.dates(date(2015, 1, 1), TODAY),
    st.integers(1, 60),
    st.none() | st.integers(0, 60),
    st.none() | st.dates(date(2015, 1, 1), TODAY),
)
def test_nobody_is_asked_before_her_time(last, months, own, closed):
    day = due_on(Terms(months), Situation(last, BORN, own, closed), TODAY)
    if day is not None:
        assert day - rules.LEAD <= TODAY
        assert day > (closed or last)
        assert day - last >= timedelta(days=28 * (own or months))


@pytest.mark.parametrize("channel", rules.DEFAULT_TEXTS)
def test_our_own_texts_are_fit_to_send(channel):
    assert rules.problems(channel, *rules.DEFAULT_TEXTS[channel]) == []


@pytest.mark.parametrize(
    ("subject", "text", "fault", "word"),
    [
        ("Bonjour", "", Fault.EMPTY, ""),
        ("", "Bonjour", Fault.EMPTY, ""),
        ("x" * 121, "Bonjour", Fault.TOO_LONG, "120"),
        ("Bonjour", "Votre {implant}", Fault.UNKNOWN, "implant"),
        ("Bonjour", "Contrôle de votre implant", Fault.HEALTH, "implant"),
        ("Vos gencives", "Bonjour", Fault.HEALTH, "gencives"),
    ],
)
def test_what_may_not_be_sent(subject, text, fault, word):
    found = rules.problems(Channel.MAIL, subject, text)
    assert (fault, word) in [(one.fault, one.word) for one in found]


def test_a_short_message_has_no_subject():
    assert rules.problems(Channel.SMS, "", "{cabinet} : appelez-nous.") == []


def test_braces_are_filled_once():
    values = {"prenom": "Zoé\n{nom}", "nom": "Leroy"}
    assert rules.written("Bonjour {Prénom} {nom}", values) == "Bonjour Zoé {nom} Leroy"


def test_codes_are_read_however_they_are_separated():
    assert rules.codes_of(" HBJD001, HBJA;HBJD001  implant") == ("HBJD001", "HBJA", "implant")
    assert rules.codes_of("  ") == ()


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("implant", "implant", "implant"),
        ("Implant, COURONNE ; bridge", "implant crown bridge", "implant, couronne, bridge"),
        ("implant couronne implant", "implant crown", "implant, couronne"),
        ("traitement endodontique", "endodontics", "traitement endodontique"),
        ("crown", "crown", "couronne"),
        ("", "", ""),
    ],
)
def test_kinds_of_the_chart_are_typed_and_shown_in_french(typed, kept, shown):
    assert rules.kinds_of(typed) == kept
    assert rules.kinds_fr(kept) == shown
    assert rules.kinds_of(shown) == kept


def test_what_the_chart_does_not_know_is_named():
    with pytest.raises(rules.UnknownKind, match=r"« plombage ».*implant, couronne, bridge"):
        rules.kinds_of("implant, plombage")


def test_kinds_of_another_time_are_shown_as_they_are():
    assert rules.kinds_fr("implant HBLD") == "implant, HBLD"


@pytest.mark.parametrize(
    ("reason", "place"),
    [("Visite de contrôle", 1), ("CONTROLE d’implant", 1), ("Suivi parodontal", None), ("", None)],
)
def test_type_of_the_visit_is_known_from_the_reason_or_not_guessed(reason, place):
    assert rules.nearest(reason, ["Détartrage", "Contrôle annuel", "Contrôle enfant"]) == place


@pytest.mark.parametrize(("days", "lead"), [(-3, 0), (0, 0), (1, 0), (21, 10), (60, 30), (184, 30)])
def test_lead_of_what_was_asked_by_hand_is_half_of_a_short_time(days, lead):
    asked = date(2026, 3, 17)
    assert rules.lead_by_hand(asked, asked + timedelta(days=days)) == timedelta(days=lead)
