"""Calls from one screen to another, answered, withdrawn, muted."""

from uuid import uuid4

from quenotte.base.practice.models import Workstation
from quenotte.care.desk import operations
from quenotte.care.desk.models import Call
from tests.care.desk.views.pages import FRAGMENT, page, toast, url
from tests.care.people import actor
from tests.factories import (
    CallKindFactory,
    RoomFactory,
)


def test_call_goes_from_one_screen_to_another(alice, bob, practice, client_of):
    kind = CallKindFactory.create(practice=practice, label="Assistante demandée", tone="danger")
    room = RoomFactory.create(practice=practice, name="Salle 2")
    dentist, assistant = client_of(alice), client_of(bob)
    dentist.get("/")
    Workstation.objects.update(room=room)
    answer = dentist.post(url("send", kind.id), headers=FRAGMENT)
    assert "en attente de réponse" in page(answer)
    heard = page(assistant.get(url("calls"), headers=FRAGMENT))
    assert "Assistante demandée" in heard
    assert "Salle 2" in heard
    assert "J’arrive" in heard
    call = Call.objects.get()
    answer = assistant.post(url("answer", call.id), {"reponse": "coming"}, headers=FRAGMENT)
    assert "J’arrive" not in page(answer)
    sent = page(dentist.get(url("calls"), headers=FRAGMENT))
    assert f"{bob.full_name} arrive." in sent
    dentist.post(url("put_away", call.id), headers=FRAGMENT)
    assert page(dentist.get(url("calls"), headers=FRAGMENT)).strip() == ""


def test_call_rings_on_every_page(alice, bob, practice, client_of):
    kind = CallKindFactory.create(practice=practice, label="Venez", key="F9")
    operations.send(actor=actor(alice), kind_id=kind.id, workstation_id=None)
    shown = page(client_of(bob).get("/patients/"))
    assert 'data-ring="' in shown
    assert 'data-call-key="F9"' in shown


def test_call_that_nobody_answers_offers_to_call_again(alice, practice, client_of, frozen_clock):
    kind = CallKindFactory.create(practice=practice)
    client = client_of(alice)
    client.post(url("send", kind.id))
    frozen_clock.shift(181)
    shown = page(client.get(url("calls"), headers=FRAGMENT))
    assert "Personne n’a répondu" in shown
    assert url("send", kind.id) in shown


def test_refused_answer_is_told_in_words(alice, bob, sarah, practice, client_of):
    kind = CallKindFactory.create(practice=practice)
    call = operations.send(actor=actor(alice), kind_id=kind.id, workstation_id=None)
    client_of(bob).post(url("answer", call.id), {"reponse": "coming"})
    late = client_of(sarah).post(url("answer", call.id), {"reponse": "coming"}, headers=FRAGMENT)
    assert "y va déjà" in toast(late)["text"]


def test_answer_that_means_nothing_is_refused(alice, client_of):
    answer = client_of(alice).post(url("answer", uuid4()), {"reponse": "peut-être"})
    assert answer.status_code == 400


def test_withdraw(alice, practice, client_of):
    kind = CallKindFactory.create(practice=practice)
    client = client_of(alice)
    client.post(url("send", kind.id))
    client.post(url("withdraw", Call.objects.get().id), headers=FRAGMENT)
    assert Call.objects.get().withdrawn_at is not None


def test_sound_is_cut_and_given_back(alice, practice, client_of):
    CallKindFactory.create(practice=practice)
    client = client_of(alice)
    cut = client.post(url("mute"), {"son": "coupe"}, headers=FRAGMENT)
    assert 'data-muted="true"' in page(cut)
    assert "restent visibles" in toast(cut)["text"]
    back = client.post(url("mute"), {"son": "rendu"}, headers=FRAGMENT)
    assert 'data-muted="false"' in page(back)


def test_mute_wants_a_known_workstation(alice, client_of, monkeypatch):
    monkeypatch.setattr("quenotte.care.desk.panels.here", lambda request: None)
    assert client_of(alice).post(url("mute"), {"son": "coupe"}).status_code == 400


def test_practice_without_calls_offers_the_manager_to_choose(alice, bob, client_of):
    assert "Choisir les appels du cabinet" in page(client_of(alice).get("/"))
    assert "Choisir les appels du cabinet" not in page(client_of(bob).get("/"))


def test_buttons_are_drawn_again(alice, practice, client_of):
    CallKindFactory.create(practice=practice, label="Urgence")
    assert "Urgence" in page(client_of(alice).get(url("buttons"), headers=FRAGMENT))


def test_call_for_nobody_but_a_button(alice, practice, client_of):
    kind = CallKindFactory.create(practice=practice, label="Urgence")
    call = operations.send(actor=actor(alice), kind_id=kind.id, workstation_id=None)
    assert (str(kind), str(call)) == ("Urgence", "Urgence")
