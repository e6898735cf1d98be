import pytest

from quenotte.base.audit.models import Line
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import MessageTemplate
from quenotte.care.reminders.operations.templates import BadWords, WordsChanged, save_template
from quenotte.care.reminders.rules.states import Channel, Kind
from quenotte.care.reminders.rules.texts import Fault
from tests.care.people import actor
from tests.support.racing import race

pytestmark = pytest.mark.django_db

TEXT = "Bonjour {prénom},\r\nle {date} à {heure}. {lien}"


def save(alice, *, text=TEXT, seen=0, is_on=True, channel=Channel.MAIL, subject="Le {date}"):
    return save_template(
        actor=actor(alice),
        channel=channel,
        kind=Kind.REMINDER,
        subject=subject,
        text=text,
        is_on=is_on,
        seen_version=seen,
    )


def test_each_saving_is_a_version_and_old_ones_stay(alice, practice):
    save(alice)
    save(alice, text=TEXT + " Merci.", seen=1)
    versions = list(queries.versions_of(practice.id, Channel.MAIL, Kind.REMINDER))
    assert [it.version for it in versions] == [2, 1]
    assert versions[1].saved_by == alice
    assert queries.words_for(practice.id, Channel.MAIL, Kind.REMINDER).text.endswith("Merci.")
    line = Line.objects.filter(object_kind="message_template").latest("number")
    assert line.detail == {"channel": "mail", "purpose": "reminder", "count": 2}


def test_same_words_again_change_nothing(alice):
    save(alice)
    save(alice, seen=1)
    assert MessageTemplate.objects.count() == 1


def test_words_of_health_are_refused_and_nothing_saved(alice):
    with pytest.raises(BadWords) as caught:
        save(alice, text=TEXT + " pour votre implant")
    assert [(it.fault, it.word) for it in caught.value.problems] == [(Fault.HEALTH, "implant")]
    assert not MessageTemplate.objects.exists()
    assert not Line.objects.exists()


def test_short_message_keeps_no_subject_and_a_subject_no_line_break(alice):
    assert save(alice, channel=Channel.SMS).subject == ""
    assert save(alice, subject="Le\r\n {date}").subject == "Le {date}"


def test_stale_form_overwrites_nothing(alice):
    save(alice)
    with pytest.raises(WordsChanged):
        save(alice, text=TEXT + " Autre.")


@pytest.mark.django_db(transaction=True)
def test_two_savings_at_once_are_one(alice):
    given = race(lambda: save(alice), lambda: save(alice, text=TEXT + " Autre."))
    assert sum(isinstance(it, WordsChanged) for it in given) == 1
    assert MessageTemplate.objects.count() == 1
