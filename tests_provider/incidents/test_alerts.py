"""How one is told: one's own ways and hours, one's browsers, the provider's mail server."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from quenotte.base.people.models import Person
from quenotte.provider.incidents import operations
from quenotte.provider.incidents.models import Channel, Duty, Outgoing, Sending, Subscription
from quenotte.provider.incidents.operations import carriers
from tests_provider.factories import DutyFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]
DUTY = {
    "by_mail": "on", "email": "tom@exemple.test", "by_sms": "on", "phone": "06 39 98 00 01",
    "weekdays": ["0", "2"], "from_hour": "8", "to_hour": "19",
}  # fmt: skip
SENDING = {
    "smtp_host": "smtp.exemple.test", "smtp_port": "587", "smtp_security": "starttls",
    "smtp_user": "technique", "password": "secret-de-courrier",
    "sender_address": "technique@exemple.test", "sms_sender": "DENTAIRE", "digests_are_on": "on",
}  # fmt: skip
BROWSER = {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNt"
    "oIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    "label": "Firefox, Windows",
}


def test_ways_and_hours_are_saved(tom: Person, client_of: Login):
    client = client_of(tom)
    assertContains(client.get("/parc/alertes/"), "Mes alertes")
    client.post("/parc/alertes/", DUTY)
    duty = Duty.objects.get()
    assert (duty.person, duty.phone, duty.weekdays, duty.by_push) == (
        tom,
        "+33639980001",
        "02",
        False,
    )
    assertContains(client.get("/parc/alertes/"), "tom@exemple.test")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": ""}, "Écrivez l’adresse"),
        ({"phone": ""}, "Écrivez votre mobile"),
        ({"phone": "02 40 00 00 00"}, "pas un mobile"),
    ],
)
def test_way_that_leads_nowhere_is_refused(
    tom: Person, client_of: Login, change: dict[str, str], words: str
):
    assertContains(client_of(tom).post("/parc/alertes/", DUTY | change), words)
    assert not Duty.objects.exists()


def test_browser_is_kept_and_taken_back_by_its_owner_alone(
    tom: Person, diane: Person, client_of: Login
):
    client = client_of(tom)
    told = BROWSER | {"endpoint": "https://fcm.googleapis.com/fcm/send/abc"}
    assert client.post("/parc/alertes/navigateur/", told).status_code == 200
    assert client.post("/parc/alertes/navigateur/", told).status_code == 200
    one = Subscription.objects.get()
    assert (one.person, one.label) == (tom, "Firefox, Windows")
    assertContains(client.get("/parc/alertes/"), "Firefox, Windows")
    address = f"/parc/alertes/navigateurs/{one.id}/retirer/"
    client_of(diane).post(address)
    assert Subscription.objects.exists()
    client.post(address)
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://interne.exemple.test/x"},
        {"endpoint": "https://fcm.googleapis.com/x", "p256dh": "AAAA"},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 1_000},
        {},
    ],
)
def test_messages_are_sent_nowhere_else(tom: Person, client_of: Login, change: dict[str, str]):
    answer = client_of(tom).post("/parc/alertes/navigateur/", BROWSER | change)
    assert answer.status_code == 400
    assert "inconnu" in answer.json()["refusal"]
    assert not Subscription.objects.exists()


def test_oldest_browsers_go_when_there_are_too_many(tom: Person, actor: Any):
    for _number in range(12):
        SubscriptionFactory.create(person=tom)
    operations.subscribe(endpoint="https://fcm.googleapis.com/new", actor=actor, **BROWSER)
    assert Subscription.objects.count() == 10
    assert Subscription.objects.filter(endpoint="https://fcm.googleapis.com/new").exists()


def test_key_of_push_is_made_once_and_sealed(tom: Person):
    first = operations.push_key(practice_id=tom.practice_id)
    assert operations.push_key(practice_id=tom.practice_id) == first
    assert Sending.objects.get().sealed_push_key.startswith("q1.")


@pytest.mark.usefixtures("sms_operator")
def test_trial_goes_by_each_way(tom: Person, client_of: Login):
    client = client_of(tom)
    page = client.post("/parc/alertes/essai/", follow=True)
    assertContains(page, "Aucun moyen")
    DutyFactory.create(person=tom, by_push=True, by_sms=True, phone="+33639980001")
    SubscriptionFactory.create(person=tom)
    page = client.post("/parc/alertes/essai/", follow=True)
    assertContains(page, "Cet essai vient de Quenotte")
    assert sorted(Outgoing.objects.values_list("channel", flat=True)) == ["mail", "push", "sms"]


def test_sending_is_set_by_who_runs_the_provider(tom: Person, diane: Person, client_of: Login):
    assert client_of(tom).get("/parc/envois/").status_code == 403
    Channel.objects.create(name="mail", trouble="unreachable", rests_until="2030-01-01T00:00Z")
    client = client_of(diane)
    client.post("/parc/envois/", SENDING)
    kept = Sending.objects.get()
    assert kept.digests_are_on
    assert "secret" not in kept.sealed_password
    assert carriers.account_of(kept).password == "secret-de-courrier"
    assert Channel.objects.get().rests_until is None
    assert "secret-de-courrier" not in client.get("/parc/envois/").content.decode()
    # The password is kept for that server, and goes to no other.
    client.post("/parc/envois/", SENDING | {"password": ""})
    assert carriers.account_of(Sending.objects.get()).password == "secret-de-courrier"
    client.post("/parc/envois/", SENDING | {"password": "", "smtp_host": "autre.exemple.test"})
    assert carriers.account_of(Sending.objects.get()).password == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"smtp_security": "none"}, "Sans protection"),
        ({"sms_sender": "12"}, "serait refusé"),
        ({"sender_address": ""}, "Il manque le serveur"),
    ],
)
def test_sending_that_would_fail_is_refused(
    diane: Person, client_of: Login, change: dict[str, str], words: str
):
    assertContains(client_of(diane).post("/parc/envois/", SENDING | change), words)
    assert not Sending.objects.filter(smtp_host="smtp.exemple.test").exists()
