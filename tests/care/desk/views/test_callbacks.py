"""Patients to call back, and words between staff."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.care.desk.models import BoardNote, Callback
from tests.care.desk.views.pages import FRAGMENT, NOWHERE, page, toast, url
from tests.factories import (
    BoardNoteFactory,
    CallbackFactory,
    PatientFactory,
)


def test_callback_with_the_number_of_the_record(sarah, practice, client_of):
    patient = PatientFactory.create(practice=practice, mobile_phone="+33639980001")
    data = {"patient": str(patient.id), "phone": "", "reason": "Douleur", "due_on": ""}
    client_of(sarah).post(url("callbacks"), data)
    one = Callback.objects.get()
    assert (one.patient, one.phone, one.due_on) == (patient, "+33639980001", timezone.localdate())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": ""}, "qui rappeler"),
        ({"phone": ""}, "Notez le numéro"),
        ({"phone": "12"}, "n’existe pas"),
        ({"due_on": "01/01/2050"}, "trop éloignée"),
        ({"patient": NOWHERE}, "n’existe plus"),
    ],
)
def test_callback_that_cannot_be_comes_back(sarah, client_of, data, words):
    typed = {"name": "Mme Tessier", "phone": "01 99 00 11 22", "due_on": "", **data}
    answer = client_of(sarah).post(url("callbacks"), typed)
    assert answer.status_code == 422
    assert words in page(answer)
    assert not Callback.objects.exists()


def test_callbacks_are_listed_tried_and_done(sarah, client_of):
    one = CallbackFactory.create(author=sarah)
    client = client_of(sarah)
    assert "Mme Tessier" in page(client.get(url("callbacks")))
    assert Line.objects.get().detail == {"purpose": "list", "count": 1}
    assert "Essai noté" in toast(client.post(url("note_try", one.id), headers=FRAGMENT))["text"]
    shown = page(client.get(url("callbacks"), headers=FRAGMENT))
    assert "1 essai sans réponse" in shown
    answer = client.post(url("finish_callback", one.id), headers=FRAGMENT)
    assert toast(answer)["undoUrl"] == url("reopen_callback", one.id)
    assert "Mme Tessier" in page(client.get(url("callbacks"), {"vue": "faits"}))
    client.post(url("reopen_callback", one.id))
    assert "Mme Tessier" in page(client.get("/"))


def test_callback_is_changed(sarah, client_of):
    one = CallbackFactory.create(author=sarah)
    client = client_of(sarah)
    assert "Mme Tessier" in page(client.get(url("callback", one.id)))
    data = {"name": "M. Tessier", "phone": "01 99 00 11 33", "due_on": "", "version": "1"}
    assert client.post(url("callback", one.id), data).status_code == 302
    stale = client.post(url("callback", one.id), data)
    assert stale.status_code == 422
    assert "entre-temps" in page(stale)
    assert client.post(url("callback", one.id), {**data, "name": ""}).status_code == 422
    one.refresh_from_db()
    assert one.name == "M. Tessier"


def test_callback_of_another_practice_is_not_found(sarah, chloe, client_of):
    one = CallbackFactory.create(author=chloe)
    client = client_of(sarah)
    for name in ("note_try", "finish_callback", "reopen_callback"):
        assert client.post(url(name, one.id)).status_code == 404


def test_word_is_pinned_for_a_week_and_read(alice, sarah, client_of):
    client_of(alice).post(url("words"), {"text": "Panne <d’ascenseur>", "shown_until": ""})
    note = BoardNote.objects.get()
    assert note.shown_until == timezone.localdate() + timedelta(days=7)
    client = client_of(sarah)
    assert "Panne &lt;d’ascenseur&gt;" in client.get("/").content.decode()
    client.post(url("read_word", note.id), headers=FRAGMENT)
    assert f"lu par {sarah.full_name}" in page(client_of(alice).get(url("words")))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": " "}, "Écrivez quelques mots"),
        ({"text": "\x07"}, "vide"),
        ({"shown_until": "16/03/2026"}, "passée"),
        ({"shown_until": "01/09/2026"}, "trois mois"),
    ],
)
def test_word_that_cannot_be_comes_back(alice, client_of, data, words):
    answer = client_of(alice).post(url("words"), {"text": "Panne", "shown_until": "", **data})
    assert answer.status_code == 422
    assert words in page(answer)


def test_word_is_taken_down_and_put_back(alice, sarah, client_of):
    note = BoardNoteFactory.create(author=alice)
    client = client_of(alice)
    answer = client.post(url("take_down", note.id), headers=FRAGMENT)
    assert toast(answer)["undoUrl"] == url("put_back", note.id)
    client.post(url("put_back", note.id))
    note.refresh_from_db()
    assert note.taken_down_at is None
    refused = client_of(sarah).post(url("take_down", note.id), headers=FRAGMENT)
    assert "d’une autre personne" in toast(refused)["text"]
