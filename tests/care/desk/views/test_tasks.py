"""Tasks of the staff and of a record."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.people.operations import save_draft
from quenotte.care.desk import queries
from quenotte.care.desk.models import Task
from tests.care.desk.views.pages import FRAGMENT, NOWHERE, page, toast, url
from tests.factories import (
    CallbackFactory,
    PatientFactory,
    TaskFactory,
)


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


@pytest.mark.parametrize("page_of", ["tasks", "callbacks"])
def test_draft_brings_back_the_patient_that_was_chosen_in_it(sarah, patient, client_of, page_of):
    key = {"tasks": queries.new_task_key, "callbacks": queries.new_callback_key}[page_of](None)
    for number, is_there in ((patient.id, True), (NOWHERE, False), ("", False)):
        save_draft(person_id=sarah.id, key=key, text=json.dumps({"patient": str(number)}))
        answer = client_of(sarah).get(url(page_of))
        assert (f'value="{patient.id}" checked' in page(answer)) is is_there
        assert (patient.full_name in page(answer)) is is_there
        assert answer.context["draft_key"] == key
    save_draft(person_id=sarah.id, key=key, text="[1]")
    assert 'id="chercher-patient"' in page(client_of(sarah).get(url(page_of)))


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
