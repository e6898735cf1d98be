"""Pages of the desk: allowed, stranger, wrong role, wrong verb; what they change and write."""

import html
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.people.operations import save_draft
from quenotte.base.practice.models import Workstation
from quenotte.care.desk import operations, queries
from quenotte.care.desk.models import BoardNote, Call, Callback, CallKind, Task
from tests.care.people import actor
from tests.factories import (
    BoardNoteFactory,
    CallbackFactory,
    CallKindFactory,
    PatientFactory,
    RoomFactory,
    TaskFactory,
)

FRAGMENT = {"HX-Request": "true"}
NOWHERE = "00000000-0000-0000-0000-000000000000"

#: (name, arguments, verb, who may not) of each address of the desk.
READS = ["calls", "buttons", "tasks", "badge", "callbacks", "words", "kinds"]
WRITES = [
    "send", "answer", "withdraw", "put_away", "change_kind", "move_kind", "remove_kind",
    "restore_kind", "finish", "reopen", "comment", "note_try", "finish_callback",
    "reopen_callback", "read_word", "take_down", "put_back",
]  # fmt: skip


def url(name, *args):
    return reverse(f"desk:{name}", args=args)


def page(response):
    return html.unescape(response.content.decode()).replace("\u00a0", " ")


def toast(response):
    return json.loads(response.headers["HX-Trigger"])["toast"]


@pytest.mark.parametrize("name", WRITES)
def test_write_wants_a_post(alice, client_of, name):
    assert client_of(alice).get(url(name, NOWHERE)).status_code == 405


@pytest.mark.parametrize("name", ["calls", "buttons", "badge", "patients"])
def test_read_wants_a_get(alice, client_of, name):
    assert client_of(alice).post(url(name)).status_code == 405


@pytest.mark.parametrize("name", READS)
def test_stranger_is_led_to_login(alice, name):
    assert Client().get(url(name))["Location"].startswith("/connexion/")


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("marc", "calls"), ("marc", "words"), ("marc", "callbacks"), ("bob", "kinds"),
        ("marc", "patients"), ("sarah", "kinds"),
    ],
)  # fmt: skip
def test_wrong_role_is_refused_and_written(request, client_of, who, name):
    assert client_of(request.getfixturevalue(who)).get(url(name)).status_code == 403
    assert Line.objects.get().result == "refused"


@pytest.mark.parametrize("name", ["calls", "buttons", "badge"])
def test_fragment_without_script_leads_to_a_page(alice, client_of, name):
    assert client_of(alice).get(url(name)).status_code == 302


# Calls.


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


# The list of calls.


def kind_form(**changes):
    return {
        "label": "Prothésiste arrivé", "whom": "everyone", "tone": "info", "sound": "none",
        "key": "", "lasts_s": "60", **changes,
    }  # fmt: skip


def test_list_begins_with_the_usual_one(alice, client_of):
    client = client_of(alice)
    assert "liste habituelle" in page(client.get(url("kinds")))
    assert "liste habituelle est en place" in page(client.post(url("usual_kinds"), follow=True))
    assert CallKind.objects.count() == 4


def test_kind_is_added_for_a_room(alice, practice, client_of):
    room = RoomFactory.create(practice=practice, name="Stérilisation")
    client_of(alice).post(url("kinds"), kind_form(whom=f"room:{room.id}"))
    kind = CallKind.objects.get()
    assert (kind.target, kind.room, kind.lasts_s) == ("room", room, 60)


def test_kind_is_changed_in_place(alice, practice, client_of):
    kind = CallKindFactory.create(practice=practice)
    data = {f"appel-{kind.id}-{name}": value for name, value in kind_form(key="F8").items()}
    data[f"appel-{kind.id}-whom"] = "role:assistante"
    answer = client_of(alice).post(url("change_kind", kind.id), data)
    assert answer.status_code == 302
    kind.refresh_from_db()
    assert (kind.label, kind.role, kind.key) == ("Prothésiste arrivé", "assistante", "F8")


def test_kind_of_a_taken_name_comes_back(alice, practice, client_of):
    CallKindFactory.create(practice=practice, label="Prothésiste arrivé")
    other = CallKindFactory.create(practice=practice)
    client = client_of(alice)
    answer = client.post(url("kinds"), kind_form())
    assert answer.status_code == 422
    assert "porte déjà ce libellé" in page(answer)
    data = {f"appel-{other.id}-{name}": value for name, value in kind_form().items()}
    answer = client.post(url("change_kind", other.id), data)
    assert answer.status_code == 422
    assert "porte déjà ce libellé" in page(answer)
    assert client.post(url("change_kind", other.id), {}).status_code == 422
    assert client.post(url("kinds"), {"label": ""}).status_code == 422


def test_kind_moves_leaves_and_returns(alice, practice, client_of):
    first, second = CallKindFactory.create_batch(2, practice=practice)
    client = client_of(alice)
    client.post(url("move_kind", second.id), {"step": "up"})
    assert list(queries.kinds(practice.id)) == [second, first]
    client.post(url("remove_kind", first.id))
    assert f"Remettre {first.label}" in page(client.get(url("kinds")))
    client.post(url("restore_kind", first.id))
    assert queries.kinds(practice.id).count() == 2


def test_kind_of_another_practice_is_not_found(alice, other_practice, client_of):
    kind = CallKindFactory.create(practice=other_practice)
    assert client_of(alice).post(url("change_kind", kind.id), {}).status_code == 404
    assert "Rien n’a été envoyé" in page(
        client_of(alice).post(url("remove_kind", kind.id), follow=True)
    )


# Tasks.


def test_task_is_given_to_a_colleague(alice, bob, patient, client_of):
    data = {"text": "Relire", "whom": f"person:{bob.id}", "due_on": "18/03/2026",
            "patient": str(patient.id)}  # fmt: skip
    answer = client_of(alice).post(url("tasks"), data, follow=True)
    assert "C’est noté" in page(answer)
    task = Task.objects.get()
    assert (task.person, task.patient, task.due_on) == (bob, patient, date(2026, 3, 18))
    assert patient.full_name in page(client_of(bob).get("/"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": ""}, "Écrivez quelques mots"),
        ({"text": "x" * 501}, "trop long"),
        ({"whom": f"person:{uuid4()}"}, "plus de compte ouvert"),
        ({"due_on": "30/02/2026"}, "n’existe pas"),
        ({"due_on": "01/01/2050"}, "trop éloignée"),
        ({"patient": NOWHERE}, "n’existe plus"),
        ({"text": "\x07"}, "vide"),
    ],
)
def test_task_that_cannot_be_comes_back(alice, client_of, data, words):
    answer = client_of(alice).post(url("tasks"), {"text": "Relire", "whom": "everyone", **data})
    assert answer.status_code == 422
    assert words in page(answer)
    assert not Task.objects.exists()


def test_new_task_begins_with_the_patient_and_the_draft(alice, patient, client_of):
    save_draft(person_id=alice.id, key=queries.new_task_key(patient.id), text='{"text":"Rel"}')
    shown = page(client_of(alice).get(url("tasks"), {"patient": patient.id}))
    assert f'value="{patient.id}" checked' in shown
    assert '{"text":"Rel"}</textarea>' in shown


@pytest.mark.parametrize("wanted", ["nobody", NOWHERE])
def test_new_task_about_nobody(alice, client_of, wanted):
    assert 'id="chercher-patient"' in page(client_of(alice).get(url("tasks"), {"patient": wanted}))


def test_accountant_gives_tasks_without_patients(marc, patient, client_of):
    shown = page(client_of(marc).get(url("tasks"), {"patient": patient.id}))
    assert "chercher-patient" not in shown
    assert patient.full_name not in shown


def test_lists_of_tasks(alice, bob, patient, client_of):
    TaskFactory.create(author=bob, person=alice, text="pour moi", patient=patient)
    TaskFactory.create(author=alice, person=bob, text="pour Bob")
    TaskFactory.create(author=alice, text="faite", done_at=timezone.now(), done_by=bob)
    client = client_of(alice)
    shown = page(client.get(url("tasks")))
    assert "pour moi" in shown
    assert "pour Bob" not in shown
    assert Line.objects.get().detail == {"purpose": "list", "count": 1}
    assert "pour Bob" in page(client.get(url("tasks"), {"vue": "confiees"}))
    redrawn = client.get(url("tasks"), {"vue": "faites"}, headers=FRAGMENT)
    assert "faite" in page(redrawn)
    assert "<html" not in page(redrawn)
    assert Line.objects.count() == 1, "a redraw writes no second line"


def test_task_is_done_from_the_list_and_undone(alice, client_of):
    task = TaskFactory.create(author=alice)
    client = client_of(alice)
    answer = client.post(url("finish", task.id), headers=FRAGMENT)
    assert answer.status_code == 204
    assert toast(answer)["undoUrl"] == url("reopen", task.id)
    client.post(toast(answer)["undoUrl"], headers=FRAGMENT)
    task.refresh_from_db()
    assert task.done_at is None
    again = client.post(url("reopen", task.id), headers=FRAGMENT)
    assert toast(again)["level"] == "attention"
    assert "undoUrl" not in toast(again)


def test_task_is_done_without_script(alice, client_of):
    task = TaskFactory.create(author=alice)
    client = client_of(alice)
    assert "C’est fait" in page(client.post(url("finish", task.id), follow=True))
    assert "déjà fait" in page(client.post(url("finish", task.id), follow=True))


def test_task_between_others_is_not_found(alice, bob, sarah, client_of):
    task = TaskFactory.create(author=bob, person=sarah)
    client = client_of(alice)
    for name in ("finish", "reopen", "comment"):
        assert client.post(url(name, task.id), {"text": "Vu"}).status_code == 404
    assert client.get(url("task", task.id)).status_code == 404
    assert Line.objects.filter(result="refused", object_kind="task").count() == 4


def test_task_is_changed_and_a_stale_form_is_told(alice, bob, client_of):
    task = TaskFactory.create(author=alice, person=bob)
    client = client_of(alice)
    shown = page(client.get(url("task", task.id)))
    assert 'name="version" value="1"' in shown
    data = {"text": "Autre", "whom": "role:secretaire", "due_on": "", "version": "1"}
    assert client.post(url("task", task.id), data).status_code == 302
    stale = client.post(url("task", task.id), data)
    assert stale.status_code == 422
    assert "entre-temps" in page(stale)
    assert client.post(url("task", task.id), {**data, "version": "x"}).status_code == 422
    assert client.post(url("task", task.id), {**data, "text": ""}).status_code == 422
    task.refresh_from_db()
    assert (task.text, task.role, task.version) == ("Autre", "secretaire", 2)


def test_patient_stays_linked_when_the_accountant_saves(alice, marc, patient, client_of):
    task = TaskFactory.create(author=alice, person=marc, patient=patient)
    client = client_of(marc)
    assert patient.full_name not in page(client.get(url("task", task.id)))
    data = {"text": "Vérifier", "whom": f"person:{marc.id}", "due_on": "", "version": "1"}
    client.post(url("task", task.id), data)
    task.refresh_from_db()
    assert (task.text, task.patient) == ("Vérifier", patient)


def test_patient_is_unlinked_by_who_may_see_her(alice, patient, client_of):
    task = TaskFactory.create(author=alice, patient=patient)
    data = {"text": "Vérifier", "whom": "everyone", "due_on": "", "version": "1"}
    client_of(alice).post(url("task", task.id), data)
    task.refresh_from_db()
    assert task.patient is None


def test_comment_is_shown(alice, client_of):
    task = TaskFactory.create(author=alice)
    client = client_of(alice)
    client.post(url("comment", task.id), {"text": "Il en reste <une> boîte"})
    assert "Il en reste &lt;une&gt; boîte" in client.get(url("task", task.id)).content.decode()
    assert client.post(url("comment", task.id), {"text": ""}).status_code == 422


def test_badge_counts(alice, client_of):
    client = client_of(alice)
    assert "Rien à faire" in page(client.get(url("badge"), headers=FRAGMENT))
    TaskFactory.create(author=alice, due_on=timezone.localdate() - timedelta(days=1))
    TaskFactory.create(author=alice)
    shown = page(client.get(url("badge"), headers=FRAGMENT))
    assert "2 choses à faire, dont 1 pour aujourd’hui ou en retard" in shown


def test_patient_is_proposed(alice, practice, client_of):
    PatientFactory.create(practice=practice, birth_name="Quenouille")
    client = client_of(alice)
    assert "QUENOUILLE" in page(client.get(url("patients"), {"q": "quenou"}))
    assert "Aucun patient" in page(client.get(url("patients"), {"q": "zzzzzz"}))
    assert "QUENOUILLE" not in page(client.get(url("patients"), {"q": "q"}))


def test_record_shows_what_is_to_do(alice, bob, marc, sarah, patient, client_of):
    TaskFactory.create(author=bob, patient=patient, text="Relire la radio")
    TaskFactory.create(author=bob, person=sarah, patient=patient, text="Entre nous")
    CallbackFactory.create(author=sarah, patient=patient)
    shown = page(client_of(alice).get(reverse("patients:record", args=[patient.id])))
    assert "Relire la radio" in shown
    assert "Entre nous" not in shown
    assert "À rappeler au 01 99 00 11 22" in shown


# Callbacks.


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


# The board.


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
