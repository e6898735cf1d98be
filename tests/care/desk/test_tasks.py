"""Tasks, callbacks and pinned words: who reads them, who does them, what is kept."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.base.people.models import Draft
from quenotte.base.people.operations import save_draft
from quenotte.base.people.rules import Role
from quenotte.care.desk import access, operations, queries
from quenotte.care.desk.models import BoardNote, BoardReading, Callback, Task
from quenotte.care.desk.operations.board import NotYours
from quenotte.care.desk.operations.callbacks import Asked
from quenotte.care.desk.operations.tasks import Given
from quenotte.care.desk.queries.tasks import scope_of
from quenotte.care.desk.rules.tasks import concerns
from tests.care.people import actor
from tests.factories import (
    BoardNoteFactory,
    CallbackFactory,
    PatientFactory,
    PersonFactory,
    TaskFactory,
)
from tests.support.racing import race


def give(person, **given):
    return operations.give(actor=actor(person), given=Given(**{"text": "Commander", **given}))


def last_line():
    return Line.objects.latest("number")


def test_task_is_given(alice, bob, patient):
    save_draft(person_id=alice.id, key=queries.new_task_key(None), text="Com")
    save_draft(person_id=alice.id, key=queries.new_task_key(patient.id), text="Com")
    task = give(alice, text=" Relire\r\nla radio ", person_id=bob.id, patient_id=patient.id)
    assert task.text == "Relire\nla radio"
    line = last_line()
    assert (line.action, line.object_kind, line.patient_id) == ("create", "task", patient.id)
    assert line.detail == {}
    assert Event.objects.get().data == {"task": str(task.id)}
    assert not Draft.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n ", "\x00"])
def test_task_that_says_nothing(alice, text):
    with pytest.raises(operations.SaysNothing):
        give(alice, text=text)


def test_task_for_somebody_who_left_or_elsewhere(alice, tom, chloe):
    for person_id in (tom.id, chloe.id, uuid4()):
        with pytest.raises(operations.NobodyThere):
            give(alice, person_id=person_id)


def test_task_about_a_patient_of_another_practice(alice, other_practice):
    stranger = PatientFactory.create(practice=other_practice)
    with pytest.raises(operations.PatientElsewhere):
        give(alice, patient_id=stranger.id)


def test_task_changes(alice, bob, sarah):
    task = give(alice, person_id=bob.id)
    changed = operations.change_task(
        actor=actor(bob),
        task_id=task.id,
        given=Given("Commander aussi des masques", person_id=sarah.id),
        seen=1,
    )
    assert (changed.version, changed.person_id) == (2, sarah.id)
    with pytest.raises(operations.TaskChanged):
        operations.change_task(actor=actor(alice), task_id=task.id, given=Given("Rien"), seen=1)
    task.refresh_from_db()
    assert task.text == "Commander aussi des masques"


def test_task_may_stay_with_somebody_who_left(alice, bob):
    task = give(alice, person_id=bob.id)
    bob.is_active = False
    bob.save()
    operations.change_task(
        actor=actor(alice), task_id=task.id, given=Given("Reprendre", person_id=bob.id), seen=1
    )


def test_task_is_done_then_not(alice, bob):
    task = give(alice, person_id=bob.id)
    operations.finish(actor=actor(bob), task_id=task.id)
    with pytest.raises(operations.AlreadyDone):
        operations.finish(actor=actor(alice), task_id=task.id)
    assert [one.done_by for one in queries.tasks_done(actor(alice))] == [bob.full_name]
    assert queries.tasks_mine(actor(bob)) == []
    operations.reopen(actor=actor(bob), task_id=task.id)
    with pytest.raises(operations.NotDone):
        operations.reopen(actor=actor(bob), task_id=task.id)
    assert len(queries.tasks_mine(actor(bob))) == 1
    states = [line.detail.get("state") for line in Line.objects.order_by("number")]
    assert states == [None, "done", "reopened"]


@pytest.mark.django_db(transaction=True)
def test_two_who_do_it_at_once_one_is_told(alice, bob):
    task = give(alice)
    answers = race(
        lambda: operations.finish(actor=actor(alice), task_id=task.id),
        lambda: operations.finish(actor=actor(bob), task_id=task.id),
    )
    assert sum(isinstance(one, operations.AlreadyDone) for one in answers) == 1


def test_comment(alice, bob):
    task = give(alice, person_id=bob.id)
    save_draft(person_id=bob.id, key=queries.comment_key(task.id), text="Il")
    operations.comment(actor=actor(bob), task_id=task.id, text="Il en reste une boîte.")
    assert [one.text for one in queries.comments_of(task.id)] == ["Il en reste une boîte."]
    assert queries.tasks_given(actor(alice))[0].comments == 1
    assert not Draft.objects.exists()
    assert "boîte" not in str(last_line().detail)
    with pytest.raises(operations.SaysNothing):
        operations.comment(actor=actor(bob), task_id=task.id, text=" ")


def test_reading_is_the_same_in_sql_and_in_python(alice, bob, sarah, marc, chloe, practice):
    gone = PersonFactory.create(practice=practice, is_active=False)
    people = [alice, bob, sarah, marc, chloe]
    for author in (alice, bob, chloe):
        TaskFactory.create(author=author)
        TaskFactory.create(author=author, role="comptable")
        TaskFactory.create(author=author, role="assistante")
        if author.practice_id == practice.id:
            TaskFactory.create(author=author, person=sarah)
            TaskFactory.create(author=author, person=gone)
    tasks = list(Task.objects.select_related("person"))
    for person in people:
        who = actor(person)
        manages = Role.MANAGER in who.roles
        expected = {
            task.id
            for task in tasks
            if task.practice_id == person.practice_id
            and concerns(scope_of(task), person.id, who.roles, manages=manages)
        }
        assert set(queries.readable_by(who).values_list("id", flat=True)) == expected, person
        for task in tasks:
            if task.id in expected:
                assert access.task_for(who, task.id) == task
            else:
                with pytest.raises(Http404):
                    access.task_for(who, task.id)
                assert last_line().result == "refused"


def test_unknown_task_is_not_found(alice):
    with pytest.raises(Http404):
        access.task_for(actor(alice), uuid4())
    assert not Line.objects.exists()


def test_patient_is_named_to_those_who_may(alice, marc, patient):
    TaskFactory.create(author=alice, patient=patient)
    assert queries.tasks_mine(actor(alice))[0].patient == patient.full_name
    hidden = queries.tasks_mine(actor(marc))[0]
    assert (hidden.patient, hidden.patient_id) == ("", None)


def test_tasks_come_in_the_order_in_which_they_are_due(alice):
    today = timezone.localdate()
    for text, days in (("plus tard", 9), ("tard", -2), ("ce jour", 0), ("sans date", None)):
        due = None if days is None else today + timedelta(days=days)
        TaskFactory.create(author=alice, person=alice, text=text, due_on=due)
    items = queries.tasks_mine(actor(alice))
    assert [one.text for one in items] == ["tard", "ce jour", "plus tard", "sans date"]
    assert [one.tone for one in items] == ["danger", "attention", "neutral", "neutral"]
    assert queries.count_mine(actor(alice)) == (4, 2)


def test_manager_finds_what_was_given_to_who_left(alice, bob, sarah):
    TaskFactory.create(author=sarah, person=bob)
    assert queries.count_mine(actor(alice)) == (0, 0)
    bob.is_active = False
    bob.save()
    assert queries.count_mine(actor(alice)) == (1, 0)


def test_given_to_others(alice, bob):
    TaskFactory.create(author=alice, person=bob, text="pour Bob")
    TaskFactory.create(author=alice, person=alice, text="pour moi")
    TaskFactory.create(author=alice, role="secretaire", text="pour l’accueil")
    given = {(one.text, one.whom) for one in queries.tasks_given(actor(alice))}
    assert given == {("pour Bob", bob.full_name), ("pour l’accueil", "Secrétaire")}


def test_tasks_of_a_patient(alice, bob, sarah, patient):
    TaskFactory.create(author=sarah, person=bob, patient=patient)
    shown = TaskFactory.create(author=sarah, patient=patient)
    assert [one.id for one in queries.to_do_for(actor(alice), patient.id, with_calls=True)] == [
        shown.id
    ]
    call = CallbackFactory.create(author=sarah, patient=patient, due_on=timezone.localdate())
    found = queries.to_do_for(actor(alice), patient.id, with_calls=True)
    assert [(one.id, one.whom, one.is_call) for one in found] == [
        (call.id, "", True),
        (shown.id, "Tout le monde", False),
    ]
    mine = queries.to_do_for(actor(bob), patient.id, with_calls=False)
    assert {one.whom for one in mine} == {bob.full_name, "Tout le monde"}
    item = queries.item_of(actor(alice), shown.id)
    assert item is not None
    assert item.whom == "Tout le monde"
    assert queries.item_of(actor(alice), uuid4()) is None


def test_database_refuses_a_task_for_two(alice, bob):
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskFactory.create(author=alice, person=bob, role="assistante")


def ask(person, **asked):
    values = {"phone": "+33199001122", "due_on": timezone.localdate(), "name": "Mme Tessier"}
    return operations.ask_callback(actor=actor(person), asked=Asked(**{**values, **asked}))


def test_callback_is_asked_tried_done_and_undone(sarah, patient, practice, frozen_clock):
    one = ask(sarah, name="", patient_id=patient.id, reason="Douleur")
    assert last_line().patient_id == patient.id
    operations.note_try(actor=actor(sarah), callback_id=one.id)
    frozen_clock.shift(60)
    operations.note_try(actor=actor(sarah), callback_id=one.id)
    line = queries.callbacks_to_do(practice.id)[0]
    assert (line.name, line.tries, line.phone) == (patient.full_name, 2, "01 99 00 11 22")
    operations.finish_callback(actor=actor(sarah), callback_id=one.id)
    assert queries.callbacks_to_do(practice.id) == []
    assert queries.callbacks_done(practice.id)[0].done_by == sarah.full_name
    for late in (operations.finish_callback, operations.note_try):
        with pytest.raises(operations.AlreadyCalledBack):
            late(actor=actor(sarah), callback_id=one.id)
    operations.reopen_callback(actor=actor(sarah), callback_id=one.id)
    with pytest.raises(operations.NotDone):
        operations.reopen_callback(actor=actor(sarah), callback_id=one.id)
    states = [line.detail.get("state") for line in Line.objects.order_by("number")]
    assert states == [None, "no_answer", "no_answer", "done", "reopened"]
    assert "Douleur" not in str(Line.objects.values_list("detail", flat=True))


def test_callback_is_changed_unless_somebody_did(sarah, bob):
    one = ask(sarah)
    wanted = Asked(phone="+33199001133", due_on=timezone.localdate(), name="M. Tessier")
    operations.change_callback(actor=actor(bob), callback_id=one.id, asked=wanted, seen=1)
    with pytest.raises(operations.CallbackChanged):
        operations.change_callback(actor=actor(sarah), callback_id=one.id, asked=wanted, seen=1)


def test_callback_about_a_patient_elsewhere(sarah, other_practice):
    stranger = PatientFactory.create(practice=other_practice)
    with pytest.raises(operations.PatientElsewhere):
        ask(sarah, patient_id=stranger.id)


def test_callbacks_until_a_day(sarah, practice, patient):
    today = timezone.localdate()
    CallbackFactory.create(author=sarah, due_on=today + timedelta(days=1))
    late = CallbackFactory.create(author=sarah, due_on=today - timedelta(days=1), patient=patient)
    found = queries.callbacks_to_do(practice.id, until=today)
    assert [(one.id, one.tone) for one in found] == [(late.id, "danger")]
    assert [one.id for one in queries.to_do_for(actor(sarah), patient.id, with_calls=True)] == [
        late.id
    ]
    assert queries.callback_of(practice.id, uuid4()) is None


def test_database_wants_somebody_to_call(sarah):
    with pytest.raises(IntegrityError), transaction.atomic():
        CallbackFactory.create(author=sarah, name="")


def test_reception_is_somebody_who_still_works(practice, sarah):
    assert queries.has_reception(practice.id)
    sarah.is_active = False
    sarah.save()
    assert not queries.has_reception(practice.id)


def test_word_is_pinned_read_and_taken_down(alice, bob, sarah, practice):
    until = timezone.localdate() + timedelta(days=2)
    note = operations.pin(actor=actor(bob), text="Panne d’ascenseur", shown_until=until)
    assert queries.board(actor(bob))[0].is_read
    assert not queries.board(actor(sarah))[0].is_read
    for _ in range(2):
        operations.read(actor=actor(sarah), note_id=note.id)
    word = queries.board(actor(sarah))[0]
    assert (word.is_read, word.read_by, word.may_take_down) == (True, sarah.full_name, False)
    with pytest.raises(NotYours):
        operations.take_down(actor=actor(sarah), note_id=note.id)
    for _ in range(2):
        operations.take_down(actor=actor(alice), note_id=note.id)
    assert queries.board(actor(bob)) == []
    assert [one.is_down for one in queries.past_words(actor(bob))] == [True]
    for _ in range(2):
        operations.put_back(actor=actor(bob), note_id=note.id)
    assert len(queries.board(actor(bob))) == 1
    kinds = [(one.action, one.detail.get("state")) for one in Line.objects.order_by("number")]
    assert kinds == [
        ("create", None),
        ("read", None),
        ("change", "taken_down"),
        ("change", "put_back"),
    ]


def test_word_that_says_nothing(alice):
    with pytest.raises(operations.SaysNothing):
        operations.pin(actor=actor(alice), text=" ", shown_until=timezone.localdate())


def test_word_comes_down_the_day_after_its_last(alice, frozen_clock):
    BoardNoteFactory.create(author=alice)
    assert len(queries.board(actor(alice))) == 1
    frozen_clock.shift(timedelta(days=1))
    assert queries.board(actor(alice)) == []
    assert not queries.past_words(actor(alice))[0].is_down


@pytest.mark.parametrize("door", [access.callback_for, access.word_for])
def test_doors_open_to_the_practice_alone(alice, marc, chloe, door):
    kind = CallbackFactory if door is access.callback_for else BoardNoteFactory
    found = kind.create(author=alice)
    assert door(actor(alice), found.id) == found
    with pytest.raises(PermissionDenied):
        door(actor(marc), found.id)
    with pytest.raises(Http404):
        door(actor(chloe), found.id)
    assert last_line().result == "refused"
    with pytest.raises(Http404):
        door(actor(alice), uuid4())


def test_list_that_names_nobody_writes_no_line(alice):
    access.open_list(actor(alice), "task", 0)
    assert not Line.objects.exists()
    access.open_list(actor(alice), "task", 3)
    assert last_line().detail == {"purpose": "list", "count": 3}


def test_what_is_over_is_forgotten_after_a_year(alice, patient, frozen_clock):
    task = TaskFactory.create(author=alice, patient=patient)
    operations.comment(actor=actor(alice), task_id=task.id, text="Vu")
    operations.finish(actor=actor(alice), task_id=task.id)
    TaskFactory.create(author=alice, text="encore à faire")
    one = CallbackFactory.create(author=alice)
    operations.finish_callback(actor=actor(alice), callback_id=one.id)
    note = BoardNoteFactory.create(author=alice)
    BoardReading.objects.create(note=note, person=alice, at=timezone.now())
    frozen_clock.shift(timedelta(days=365))
    assert operations.purge() == 0
    frozen_clock.shift(timedelta(days=2))
    assert operations.purge() == 5
    assert [one.text for one in Task.objects.all()] == ["encore à faire"]
    assert not Callback.objects.exists()
    assert not BoardNote.objects.exists()


def test_job_forgets(alice, frozen_clock):
    from quenotte.care.desk import jobs

    task = TaskFactory.create(author=alice)
    operations.finish(actor=actor(alice), task_id=task.id)
    frozen_clock.shift(timedelta(days=400))
    jobs.purge()
    assert not Task.objects.exists()


def test_rows_name_themselves_without_text(alice, sarah):
    task, one = TaskFactory.create(author=alice), CallbackFactory.create(author=sarah)
    note = BoardNoteFactory.create(author=alice)
    said = operations.comment(actor=actor(alice), task_id=task.id, text="Vu")
    operations.read(actor=actor(sarah), note_id=note.id)
    assert [str(row) for row in (task, one, note, said)] == [
        str(row.id) for row in (task, one, note, said)
    ]
    assert str(BoardReading.objects.get()) == str(BoardReading.objects.get().at)
