from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.reminders.rules import texts
from quenotte.care.reminders.rules.defaults import DEFAULTS
from quenotte.care.reminders.rules.states import Channel, Kind
from quenotte.care.reminders.rules.texts import SAMPLE, Fault, Problem
from quenotte.devices.sms.alphabets import Alphabet, measure

GOOD = "Bonjour {prénom}, rendez-vous le {date} à {heure}. {lien}"


def faults(text, *, channel=Channel.MAIL, kind=Kind.REMINDER, subject="Le {date}"):
    return {(it.fault, it.word) for it in texts.problems(channel, kind, subject=subject, text=text)}


@pytest.mark.parametrize("key", DEFAULTS, ids="-".join)
def test_words_that_we_come_with_may_leave(key):
    words = DEFAULTS[key]
    assert texts.problems(*key, subject=words.subject, text=words.text) == []


@pytest.mark.parametrize("key", [it for it in DEFAULTS if it[0] is Channel.SMS])
def test_short_messages_that_we_come_with_cost_little(key):
    text = texts.sample(Channel.SMS, text=DEFAULTS[key].text).text
    found = measure(text)
    assert found.alphabet is Alphabet.GSM7
    assert found.segments <= 2


@pytest.mark.parametrize(
    "word",
    ["carie", "Détartrage", "IMPLANTS", "prothèse", "extractions", "soins", "dévitalisation",
     "couronne", "contrôle", "orthodontie", "à jeun", "mutuelle", "anesthésie", "caries"],
)  # fmt: skip
def test_words_of_health_are_refused_and_named(word):
    found = faults(f"{GOOD} Pour votre {word}.")
    assert {fault for fault, _word in found} == {Fault.HEALTH}


@pytest.mark.parametrize(
    "words",
    ["le cabinet dentaire", "votre dentiste", "merci de votre ponctualité", "au 3e étage",
     "en cas d’empêchement, prévenez-nous", "nous vous attendons", "à très bientôt"],
)  # fmt: skip
def test_plain_words_pass(words):
    assert faults(f"{GOOD} {words}") == set()


def test_subject_is_read_as_strictly():
    found = texts.problems(Channel.MAIL, Kind.REMINDER, subject="Votre implant", text=GOOD)
    assert found == [Problem(Fault.HEALTH, "subject", "implant")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (Fault.EMPTY, "")),
        ("   \n ", (Fault.EMPTY, "")),
        (GOOD + "{motif}", (Fault.UNKNOWN, "motif")),
        (GOOD + "{ Nom }", (Fault.UNKNOWN, "Nom")),
        (GOOD + "{", (Fault.BRACE, "")),
        (GOOD + "}", (Fault.BRACE, "")),
        (GOOD + "{date\n}", (Fault.BRACE, "")),
        ("Le {date}", (Fault.MISSING, "heure")),
        ("À {heure}", (Fault.MISSING, "date")),
        (GOOD + " https://ailleurs.example", (Fault.ADDRESS, "https:")),
        (GOOD + " www.ailleurs", (Fault.ADDRESS, "www.")),
        (GOOD + " bit.ly", (Fault.ADDRESS, "bit.ly")),
        (GOOD + "a" * 2000, (Fault.TOO_LONG, "2000")),
    ],
)
def test_faults(text, expected):
    assert expected in faults(text)


def test_link_has_no_place_where_there_is_nothing_to_confirm():
    assert (Fault.NO_LINK_HERE, "") in faults(GOOD, kind=Kind.CANCELLED)
    assert (Fault.NO_LINK_HERE, "") in faults(GOOD, subject="{lien}")


def test_dear_short_message_is_refused():
    long = "{date} {heure} " + "é" * 400
    assert faults(long, channel=Channel.SMS) == set()
    assert (Fault.SEGMENTS, "3") in faults(long + " 🦷", channel=Channel.SMS)


def test_short_message_with_an_unknown_placeholder_is_refused_and_not_measured():
    assert (Fault.UNKNOWN, "motif") in faults(GOOD + "{motif}", channel=Channel.SMS)


def test_short_message_has_no_subject():
    assert texts.problems(Channel.SMS, Kind.REMINDER, subject="", text=GOOD) == []


def test_placeholders_are_filled_whatever_their_accents():
    made = texts.written(
        Channel.MAIL,
        subject="Le {date}",
        text="{prenom}, {PRÉNOM}, {date}, {heure}, {cabinet}, {telephone}\r\n{lien}",
        filling=SAMPLE,
    )
    assert made.subject == "Le mercredi 23 septembre"
    assert made.text == (
        "Marie-Hélène, Marie-Hélène, mercredi 23 septembre, 14h30, Cabinet des Quenottes, "
        "02 61 91 12 34\nhttps://rappels.cabinet.example/r/a1B2c3D4e5F6g7H8i9J0kL/\n"
    )


def test_without_a_public_address_the_patient_is_asked_to_telephone():
    filling = replace(SAMPLE, link="")
    made = texts.written(
        Channel.MAIL, subject="", text="Bonjour\nConfirmez : {lien}", filling=filling
    )
    assert "appelez le 02 61 91 12 34" in made.text
    assert "lien" not in made.text
    made = texts.written(
        Channel.MAIL, subject="", text="{lien}", filling=replace(filling, phone="")
    )
    assert "appelez le cabinet" in made.text


def test_first_name_is_text_and_never_read_again():
    filling = replace(SAMPLE, first_name="{téléphone}\nBcc: x")
    made = texts.written(Channel.MAIL, subject="{prénom}", text="{prénom}", filling=filling)
    assert made.text == "{téléphone} Bcc: x\n"
    assert "\n" not in made.subject


@given(st.text(max_size=200))
def test_whatever_is_typed_is_judged_and_never_breaks(text):
    found = texts.problems(Channel.SMS, Kind.REMINDER, subject="", text=text)
    if not found:
        assert texts.sample(Channel.SMS, text=text).text


@pytest.mark.parametrize(
    ("moment", "day", "hour"),
    [
        (datetime(2026, 4, 1, 9), "mercredi 1er avril", "9h"),
        (datetime(2028, 2, 29, 14, 5), "mardi 29 février", "14h05"),
    ],
)
def test_date_and_time_are_spoken(moment, day, hour):
    assert texts.spoken_date(moment) == day
    assert texts.spoken_time(moment) == hour
