import re
from datetime import timedelta

import pytest
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.care.reminders import panels
from quenotte.care.reminders.models import Message, ReminderSettings
from tests.conftest import NOW
from tests.factories import AppointmentFactory, MessageFactory, PatientFactory

LATER = NOW + timedelta(days=3)
PAGE = "/rappels/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(sending, book):
    return MessageFactory.create(appointment=book(LATER), state="failed", reason="recipient")


def body(answer):
    return answer.content.decode()


def test_page_says_what_became_of_each_message_and_what_to_do(failed, sarah, client_of):
    answer = client_of(sarah).get(PAGE)
    assert answer.status_code == 200
    page = body(answer)
    assert "DURAND Marie" in page
    assert "Cette adresse n’existe pas : corrigez la fiche." in page
    assert reverse("reminders:again", args=[failed.id]) in page
    assert Line.objects.filter(object_kind="messages", person_id=sarah.id).count() == 1


def test_light_of_messages_leads_to_those_nobody_received(failed, sarah, client_of):
    def light(person):
        page = body(client_of(person).get(reverse("home")))
        return re.findall(r'href="([^"]*)" title="Messages : ([^"]*)"', page)

    assert light(sarah) == [("/rappels/?etat=echecs", "1 message non remis")]


def test_light_of_messages_says_what_waits_too_long_and_what_is_off(sending, book, practice):
    late = MessageFactory.create(appointment=book(LATER), state="due", due_at=NOW)
    assert panels._standing(practice.id)[:2] == ("ok", "les messages partent")
    Message.objects.filter(id=late.id).update(due_at=NOW - timedelta(hours=2))
    words = "1 message attend depuis plus d’une heure"
    assert panels._standing(practice.id)[1:] == (words, "a-envoyer")
    ReminderSettings.objects.update(is_on=False)
    assert panels._standing(practice.id) == ("unset", "rappels désactivés", "")


def test_fragment_writes_no_second_line(failed, sarah, client_of):
    answer = client_of(sarah).get(PAGE, headers={"HX-Request": "true"})
    assert "<html" not in body(answer)
    assert "DURAND Marie" in body(answer)
    assert not Line.objects.filter(object_kind="messages").exists()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 3), ("etat=echecs", 1), ("etat=a-rappeler", 1), ("etat=a-envoyer", 1),
        ("etat=partis", 1), ("etat=autre", 3), ("canal=sms&etat=a-envoyer", 1), ("canal=pigeon", 3),
        ("jour=17/03/2026", 3), ("jour=18/03/2026", 0), ("jour=hier", 3), ("page=99", 3),
    ],
)  # fmt: skip
def test_filters(failed, book, sarah, client_of, query, shown):
    visit = failed.appointment
    MessageFactory.create(appointment=visit, kind="moved", state="sent", sent_at=NOW)
    MessageFactory.create(appointment=visit, channel="sms")
    MessageFactory.create(
        appointment=visit, kind="confirmation", state="withdrawn", answer="call_me",
        answered_at=NOW,
    )  # fmt: skip
    page = body(client_of(sarah).get(f"{PAGE}?{query}"))
    assert page.count("<tr>") == (shown + 1 if shown else 0)


def test_messages_of_another_practice_are_not_shown(failed, chloe, client_of):
    assert "DURAND" not in body(client_of(chloe).get(PAGE))


def test_simulated_messages_say_so(sending, sarah, client_of):
    assert "Les SMS sont simulés." in body(client_of(sarah).get(PAGE))
    ReminderSettings.objects.update(sms_is_on=False)
    assert "simulés" not in body(client_of(sarah).get(PAGE))


def test_page_of_a_practice_that_sends_nothing_says_so(sarah, client_of):
    page = body(client_of(sarah).get(PAGE))
    assert "Aucun message n’est envoyé." in page
    assert "Aucun message ici." in page


def test_trouble_with_the_server_is_told(sending, sarah, client_of):
    ReminderSettings.objects.update(trouble="login", trouble_since=NOW)
    page = body(client_of(sarah).get(PAGE))
    assert "Les courriels attendent." in page
    assert "refuse l’identifiant ou le mot de passe" in page
    assert "Depuis le 17 mars à 9 h 30" in page


def test_accountant_is_turned_away(marc, client_of):
    assert client_of(marc).get(PAGE).status_code == 403


def test_message_is_sent_again(failed, sarah, client_of):
    answer = client_of(sarah).post(reverse("reminders:again", args=[failed.id]), follow=True)
    assert "partira dans la minute" in body(answer)
    assert Message.objects.filter(copy=2, asked_by=sarah).count() == 1


def test_refusal_is_told(failed, sarah, client_of):
    ReminderSettings.objects.update(is_on=False)
    answer = client_of(sarah).post(reverse("reminders:again", args=[failed.id]), follow=True)
    assert "Rien n’a été envoyé" in body(answer)


def test_patient_called_leaves_the_list_of_those_to_call(failed, sarah, client_of):
    client_of(sarah).post(reverse("reminders:seen", args=[failed.id]))
    assert "DURAND" not in body(client_of(sarah).get(f"{PAGE}?etat=echecs"))


def test_way_back_leads_to_our_own_pages_alone(failed, sarah, client_of):
    client, address = client_of(sarah), reverse("reminders:seen", args=[failed.id])
    assert client.post(address, {"next": "/"}).url == "/"
    assert client.post(address, {"next": "https://ailleurs.example/"}).url == PAGE


@pytest.mark.parametrize("name", ["again", "seen"])
def test_stranger_reaches_nothing(failed, chloe, marc, client_of, name):
    address = reverse(f"reminders:{name}", args=[failed.id])
    answer = client_of(chloe).post(address, follow=True)
    assert "n’existe pas dans votre cabinet" in body(answer)
    assert client_of(marc).post(address).status_code == 403
    assert client_of(chloe).get(address).status_code == 405
    failed.refresh_from_db()
    assert (failed.seen_at, Message.objects.count()) == (None, 1)


class TestPanels:
    def test_first_page_names_whom_to_call(self, failed, sarah, client_of):
        page = body(client_of(sarah).get("/"))
        assert "Patients à appeler" in page
        assert "DURAND Marie" in page

    def test_first_page_without_anybody_to_call_shows_nothing(self, sending, sarah, client_of):
        assert "Patients à appeler" not in body(client_of(sarah).get("/"))

    def test_first_page_of_the_accountant_names_nobody(self, failed, marc, client_of):
        assert "DURAND" not in body(client_of(marc).get("/"))

    def test_timeline_tells_what_was_sent_and_answered(self, failed, marie, sarah, client_of):
        visit = AppointmentFactory.create(patient=marie)
        MessageFactory.create(
            appointment=visit, channel="sms", state="sent", sent_at=NOW, answer="confirmed",
            answered_at=NOW,
        )  # fmt: skip
        page = body(client_of(sarah).get(reverse("patients:record", args=[marie.id])))
        assert "Rappel par courriel : échec" in page
        assert "Rappel par SMS" in page
        assert "Confirmé par le patient" in page

    def test_appointment_shows_its_messages(self, failed, sarah, rf):
        from quenotte.care.reminders.panels import of_appointment

        request = rf.get("/")
        request.user, request.workstation = sarah, None
        drawn = of_appointment(request, failed.appointment)
        assert "Échec" in drawn
        assert "corrigez la fiche" in drawn
        other = AppointmentFactory.create(patient=PatientFactory.create(practice=sarah.practice))
        assert "Rien d’envoyé" in of_appointment(request, other)
        ReminderSettings.objects.update(is_on=False)
        assert "n’envoie pas" in of_appointment(request, other)

    def test_appointment_shows_nothing_to_the_accountant(self, failed, marc, rf):
        from quenotte.care.reminders.panels import of_appointment, told_patient

        request = rf.get("/")
        request.user, request.workstation = marc, None
        assert of_appointment(request, failed.appointment) == ""
        assert list(told_patient(request, failed.patient, 30, None)) == []

    def test_timeline_goes_on_before_a_moment(self, failed):
        from quenotte.care.reminders import queries

        assert queries.of_patient(failed.patient_id, 30, NOW) == []
        assert queries.of_patient(failed.patient_id, 30, NOW + timedelta(minutes=1)) == [failed]

    def test_way_to_the_calendar_stands_beside_the_name_of_who_treats(
        self, alice, sarah, client_of
    ):
        assert "/cabinet/calendriers/" in body(client_of(alice).get("/"))
        assert "/cabinet/calendriers/" not in body(client_of(sarah).get("/"))
