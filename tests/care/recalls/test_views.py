"""Pages of recalls."""

import html
import json
import re
import uuid
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from quenotte.care.recalls.models import Recall, RecallAttempt, RecallRule, RecallText
from tests.factories import AppointmentTypeFactory, PatientFactory

FRAGMENT = {"HX-Request": "true"}


def url(name, *args):
    return reverse(f"recalls:{name}", args=args)


def page(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def patient(practice):
    return PatientFactory.create(
        practice=practice, mobile_phone="+33639980001", email="zoe@exemple.fr"
    )


@pytest.fixture
def recall(practice, patient):
    return Recall.objects.create(
        practice=practice, patient=patient, reason="Revoir", due_on=timezone.localdate()
    )


@pytest.mark.parametrize(
    ("name", "keys", "who", "status"),
    [
        ("list", (), "sarah", 200),
        ("list", (), "marc", 403),
        ("settings", (), "sarah", 403),
        ("settings", (), "alice", 200),
        ("one", ("recall",), "bob", 200),
        ("one", ("nowhere",), "bob", 404),
        ("one", ("recall",), "chloe", 404),
        ("of_patient", ("patient",), "chloe", 404),
        ("text", ("fax",), "alice", 404),
        ("rule", ("nowhere",), "alice", 404),
    ],
)
def test_doors(request, client_of, recall, patient, name, keys, who, status):
    known = {"recall": recall.id, "patient": patient.id, "nowhere": uuid.uuid4()}
    client = client_of(request.getfixturevalue(who))
    address = url(name, *(known.get(key, key) for key in keys))
    assert client.get(address).status_code == status


@pytest.mark.parametrize("name", ["look", "letters", "put_off", "drop", "reopen"])
def test_buttons_are_pressed_and_not_opened(client_of, sarah, recall, name):
    keys = () if name in {"look", "letters"} else (recall.id,)
    assert client_of(sarah).get(url(name, *keys)).status_code == 405


def test_the_list_is_worked_through(client_of, sarah, recall):
    client = client_of(sarah)
    shown = page(client.get(url("list")))
    assert recall.patient.full_name in shown
    said = client.post(
        url("one", recall.id), {"channel": "phone", "result": "no_answer"}, headers=FRAGMENT
    )
    assert json.loads(said["HX-Trigger"])["toast"]["text"] == "C’est noté."
    assert "Pas de réponse" in page(client.get(url("list"), headers=FRAGMENT))
    client.post(
        url("one", recall.id), {"channel": "phone", "result": "declined", "note": "plus tard"}
    )
    for view, there in (("", False), ("termines", True), ("prevus", False)):
        text = page(client.get(url("list"), {"vue": view}, headers=FRAGMENT))
        assert (recall.patient.full_name in text) == there
    client.post(url("reopen", recall.id))
    client.post(url("put_off", recall.id), {"due_on": "01/06/2026"})
    recall.refresh_from_db()
    assert (recall.closed_at, recall.due_on) == (None, date(2026, 6, 1))
    client.post(url("drop", recall.id))
    assert "Retiré de la liste" in page(client.get(url("one", recall.id)))


def test_what_is_typed_wrong_comes_back(client_of, sarah, recall, patient):
    client = client_of(sarah)
    bad = client.post(url("one", recall.id), {"channel": "phone", "result": "danse"})
    assert bad.status_code == 422
    assert client.post(url("put_off", recall.id), {"due_on": ""}).status_code == 422
    answer = client.post(url("of_patient", patient.id), {"reason": "", "due_on": ""})
    assert answer.status_code == 422
    assert "Dites pourquoi" in page(answer)
    assert not RecallAttempt.objects.exists()


def test_a_patient_is_put_on_the_list(client_of, sarah, patient):
    client = client_of(sarah)
    data = {"reason": "Contrôle gouttière", "due_on": "01/06/2026"}
    assert client.post(url("of_patient", patient.id), data).status_code == 302
    again = client.post(url("of_patient", patient.id), data)
    assert "déjà dans la liste" in page(again)
    assert "Contrôle gouttière" in page(client.get(url("of_patient", patient.id), headers=FRAGMENT))


def test_an_interval_is_agreed(client_of, alice, patient):
    client = client_of(alice)
    client.get(url("settings"))
    rule = RecallRule.objects.all()[0]
    client.post(url("agree", patient.id, rule.id), {"months": "4"})
    assert 'value="4"' in page(client.get(url("of_patient", patient.id)))
    client.post(url("agree", patient.id, rule.id), {"months": "quatre"})
    assert "nombre de mois" in page(client.get(url("of_patient", patient.id)))
    assert client.post(url("agree", patient.id, uuid.uuid4()), {}).status_code == 404


def test_letters(client_of, sarah, recall):
    client = client_of(sarah)
    for chosen, why in (([], "Aucun patient n’est coché"), ([str(recall.id), "x"], "d’adresse")):
        assert why in page(client.post(url("letters"), {"qui": chosen}, follow=True))
    assert "aucune adresse postale" in page(client.get(url("list"), headers=FRAGMENT))
    recall.patient.address = "1 rue des Essais"
    recall.patient.save()
    answer = client.post(url("letters"), {"qui": [str(recall.id)]})
    assert answer["Content-Type"] == "application/pdf"


def test_looking_now_and_the_card_of_today(client_of, sarah, recall):
    client = client_of(sarah)
    assert client.post(url("look")).status_code == 302
    assert "La liste est à jour" in page(client.get(url("list")))
    assert "1 patient à contacter" in page(client.get("/"))


def test_rules_and_texts_are_changed_by_one_at_a_time(client_of, alice):
    client = client_of(alice)
    client.get(url("settings"))
    rule = RecallRule.objects.get(name="Suivi parodontal")
    data = {"name": "Suivi", "trigger": "perio", "months": "4", "min_age": "0", "max_age": "150",
            "forget_after_months": "36", "version": "1"}  # fmt: skip
    assert client.post(url("rule", rule.id), data).status_code == 302
    assert "entre-temps" in page(client.post(url("rule", rule.id), data))
    for wrong in ({"trigger": "act"}, {"min_age": "160"}, {"months": "0"}, {"name": "Suivi"}):
        assert client.post(url("new_rule"), {**data, **wrong}).status_code == 422
    text = {"subject": "Bonjour", "text": "Bonjour {prénom}", "version": "0"}
    assert client.post(url("text", "mail"), text).status_code == 302
    assert "entre-temps" in page(client.post(url("text", "mail"), text))
    sick = {"text": "Votre couronne attend", "version": "0"}
    assert "voyage à découvert" in page(client.post(url("text", "sms"), sick))
    assert RecallText.objects.get().subject == "Bonjour"


def test_letters_look_ahead_as_far_as_asked(client_of, sarah, recall):
    recall.due_on = timezone.localdate() + timedelta(days=60)
    recall.save()
    client = client_of(sarah)
    for horizon, there in (("semaine", False), ("trimestre", True), ("toujours", False)):
        text = page(client.get(url("list"), {"jusqu": horizon, "regle": "x"}, headers=FRAGMENT))
        assert (recall.patient.full_name in text) == there


def test_a_recall_leads_to_the_free_slots_for_its_patient(client_of, sarah, alice, recall):
    kind = AppointmentTypeFactory.create(practice=recall.practice, name="Contrôle", minutes=20)
    client = client_of(sarah)
    Recall.objects.update(reason="Contrôle gouttière")
    found = client.get(url("slots", recall.id), follow=True)
    (address, _status) = found.redirect_chain[-1]
    assert "gouttière" not in unquote(address)
    assert recall.patient.full_name in page(found)
    booking = re.search(r'class="slot-choice" href="([^"]+)"', page(found))
    assert booking
    form = client.get(booking[1]).context["form"]
    assert form["patient"].value() == str(recall.patient.id)
    assert (form["kind"].value(), form["minutes"].value()) == (str(kind.id), "20")
    assert form["practitioner"].value() == str(alice.id)
    assert form["day"].value()
    assert form["time"].value()


def test_who_may_not_book_gets_no_slots(client_of, marc, recall):
    assert client_of(marc).get(url("slots", recall.id)).status_code == 403
