"""What a stranger who holds a link sees, and what she cannot do."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.care.reminders.models import Message
from quenotte.care.reminders.rules.tokens import token_of
from tests.conftest import NOW
from tests.factories import MessageFactory

LATER = NOW + timedelta(days=3)

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(sending, book):
    return MessageFactory.create(
        appointment=book(LATER, title="Détartrage"), state="sent", sent_at=NOW
    )


def address(message, settings, name="invitation"):
    return reverse(f"reminders:{name}", args=[token_of(settings.SEALING_KEY, message.id)])


def body(answer):
    return answer.content.decode()


def test_page_shows_the_time_and_the_practice_and_nothing_of_the_person(message, settings):
    answer = Client().get(address(message, settings))
    assert answer.status_code == 200
    page = body(answer)
    assert "vendredi 20 mars 2026" in page
    assert "9h30" in page
    assert "Cabinet des Quenottes" in page
    assert "tel:+33261911234" in page
    for secret in ("Marie", "Durand", "DURAND", "Détartrage", "marie@", str(message.id)):
        assert secret not in page


def test_page_is_kept_by_nobody_and_named_to_nobody(message, settings):
    answer = Client().get(address(message, settings))
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"<script", body(answer))


@pytest.mark.parametrize("verb", ["get", "head"])
def test_looking_changes_nothing_however_often(message, settings, verb):
    client = Client()
    for name in ("invitation", "way_out"):
        for _turn in range(3):
            getattr(client, verb)(address(message, settings, name))
    message.refresh_from_db()
    message.appointment.refresh_from_db()
    message.patient.refresh_from_db()
    assert (message.answer, message.appointment.status) == ("", "booked")
    assert not message.patient.refuses_mail
    assert not Line.objects.exists()


def test_confirmation_is_taken_once_and_shows_in_the_agenda(message, settings):
    client, path = Client(enforce_csrf_checks=True), address(message, settings)
    answer = client.post(path, {"reponse": "confirmed"}, follow=True)
    assert "Votre venue est confirmée." in body(answer)
    message.appointment.refresh_from_db()
    assert message.appointment.status == "confirmed"
    again = client.post(path, {"reponse": "call_me"})
    assert again.status_code == 409
    assert "déjà reçu votre réponse" in body(again)
    assert Message.objects.get().answer == "confirmed"


def test_patient_asks_to_be_called(message, settings):
    answer = Client().post(address(message, settings), {"reponse": "call_me"}, follow=True)
    assert "Le cabinet vous rappellera." in body(answer)
    assert Message.objects.get().answer == "call_me"


def test_link_of_an_appointment_that_is_off_says_so(message, settings):
    type(message.appointment).objects.update(status="cancelled")
    path = address(message, settings)
    assert "ne concerne plus aucun rendez-vous" in body(Client().get(path))
    assert Client().post(path, {"reponse": "confirmed"}).status_code == 409


@pytest.mark.parametrize("token", ["x", "a" * 22, "é" * 22, "a" * 400])
def test_guessed_links_lead_nowhere_and_leave_one_line(message, token):
    for _turn in range(3):
        answer = Client().get(f"/r/{token}/")
        assert answer.status_code == 404
        assert "Ce lien n’existe pas" in body(answer)
    line = Line.objects.get()
    assert (line.object_kind, line.result, line.source) == ("message", "refused", "link")
    assert token not in str(line.detail)


def test_guessing_is_slowed_down(message, settings):
    client = Client()
    answers = [client.get(f"/r/{'a' * 22}/").status_code for _turn in range(45)]
    assert set(answers[:40]) == {404}
    assert set(answers[40:]) == {429}
    assert client.post(address(message, settings), {"reponse": "confirmed"}).status_code == 429
    assert Message.objects.get().answer == ""


def test_minute_that_ends_in_between_turns_nobody_away(message, settings, monkeypatch):
    monkeypatch.setattr(cache, "incr", lambda _key: (_ for _ in ()).throw(ValueError))
    assert Client().get(address(message, settings)).status_code == 200


def test_way_out_asks_first_then_is_noted(message, settings):
    path = address(message, settings, "way_out")
    assert "vous envoie par courriel" in body(Client().get(path))
    answer = Client(enforce_csrf_checks=True).post(path)
    assert "ne vous enverra plus de messages par courriel" in body(answer)
    message.patient.refresh_from_db()
    assert message.patient.refuses_mail
    assert not message.patient.refuses_sms


def test_one_click_of_a_mailbox_is_a_way_out(message, settings):
    answer = Client(enforce_csrf_checks=True).post(
        address(message, settings, "way_out"), {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    message.patient.refresh_from_db()
    assert message.patient.refuses_mail


def test_way_out_of_short_messages_names_them(message, settings):
    text = MessageFactory.create(appointment=message.appointment, channel="sms")
    assert "par SMS" in body(Client().get(address(text, settings, "way_out")))
    Client().post(address(text, settings, "way_out"))
    text.patient.refresh_from_db()
    assert text.patient.refuses_sms


def test_way_out_works_after_the_answer_and_after_the_appointment(message, settings, frozen_clock):
    Client().post(address(message, settings), {"reponse": "confirmed"})
    frozen_clock.move_to(LATER + timedelta(days=30))
    assert Client().post(address(message, settings, "way_out")).status_code == 200


@pytest.mark.parametrize("name", ["invitation", "way_out"])
def test_wrong_verb(message, settings, name):
    assert Client().put(address(message, settings, name)).status_code == 405


def test_unknown_way_out_is_no_page():
    assert Client().post(f"/r/{'a' * 22}/arret/").status_code == 404
