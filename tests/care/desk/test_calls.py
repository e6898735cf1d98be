"""Calls: sending, answering, the list of the practice."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.desk import operations, queries
from quenotte.care.desk.models import Bell, Call, CallAnswer, CallKind
from quenotte.care.desk.operations.kinds import USUAL, Prepared
from quenotte.care.desk.rules.calls import MOST_KINDS, Answer, Ear, State
from tests.care.people import actor
from tests.factories import CallKindFactory, RoomFactory, WorkstationFactory
from tests.support.racing import race


@pytest.fixture
def chairside(practice):
    room = RoomFactory.create(practice=practice, name="Salle 2")
    return WorkstationFactory.create(practice=practice, room=room)


@pytest.fixture
def kind(practice):
    return CallKindFactory.create(
        practice=practice, label="Assistante demandée", target="role", role="assistante"
    )


def send(person, kind, workstation=None):
    here = workstation.id if workstation else None
    return operations.send(actor=actor(person), kind_id=kind.id, workstation_id=here)


def ear(person, workstation=None, room_id=None):
    return Ear(person.id, person.roles, workstation.id if workstation else None, room_id)


def say(person, call, said, workstation=None):
    return operations.answer(
        actor=actor(person), call_id=call.id, said=said, ear=ear(person, workstation)
    )


def at(person, workstation=None):
    here = workstation.id if workstation else None
    return queries.calls_at(actor(person), here, timezone.now())


def test_call_rings_for_the_role_and_says_where(alice, bob, sarah, kind, chairside):
    call = send(alice, kind, chairside)
    heard, sent = at(bob)
    assert [(one.label, one.place, one.caller) for one in heard] == [
        ("Assistante demandée", "Salle 2", alice.full_name)
    ]
    assert sent == []
    assert at(sarah) == ([], [])
    heard, sent = at(alice, chairside)
    assert (heard, [one.state for one in sent]) == ([], [State.OPEN])
    assert Event.objects.get().data == {"call": str(call.id)}
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.object_id) == ("create", "call", str(call.id))
    assert line.patient_id is None


def test_call_without_a_room_names_the_workstation(alice, kind, practice):
    named = WorkstationFactory.create(practice=practice, name="Bureau")
    assert send(alice, kind, named).place == "Bureau"
    assert send(alice, kind).place == "Accueil"


def test_call_for_a_room_rings_at_its_workstation(alice, sarah, practice, chairside):
    kind = CallKindFactory.create(practice=practice, target="room", room=chairside.room)
    elsewhere = WorkstationFactory.create(practice=practice)
    send(alice, kind, elsewhere)
    assert len(at(sarah, chairside)[0]) == 1
    assert at(sarah, elsewhere)[0] == []


def test_call_of_another_practice_is_not_heard(chloe, bob, other_practice):
    send(chloe, CallKindFactory.create(practice=other_practice))
    assert at(bob) == ([], [])


def test_kind_of_another_practice_is_not_sent(chloe, kind):
    with pytest.raises(operations.NoSuchKind):
        send(chloe, kind)
    assert not Call.objects.exists()


def test_second_press_rings_again(alice, bob, kind, chairside, frozen_clock):
    call = send(alice, kind, chairside)
    first = at(bob)[0][0].ring
    assert send(alice, kind, chairside).rings == 1, "a trembling finger"
    frozen_clock.shift(5)
    again = send(alice, kind, chairside)
    assert (again.id, again.rings) == (call.id, 2)
    assert at(bob)[0][0].ring != first
    assert Line.objects.count() == 2
    assert Call.objects.count() == 1


def test_second_press_without_workstation_rings_again(alice, kind, frozen_clock):
    send(alice, kind)
    frozen_clock.shift(5)
    assert send(alice, kind).rings == 2


def test_answer_comes_back_to_the_caller(alice, bob, kind, chairside):
    call = send(alice, kind, chairside)
    say(bob, call, Answer.SEEN)
    sent = at(alice, chairside)[1][0]
    assert (sent.state, sent.seen_by, sent.taken_by) == (State.OPEN, bob.full_name, "")
    assert at(bob)[0] == [], "seen: it is quiet here"
    say(bob, call, Answer.COMING)
    sent = at(alice, chairside)[1][0]
    assert (sent.state, sent.taken_by) == (State.TAKEN, bob.full_name)
    states = [line.detail.get("state") for line in Line.objects.order_by("number")]
    assert states == [None, "seen", "coming"]


def test_seen_is_heard_again_at_the_next_ring(alice, bob, kind, chairside, frozen_clock):
    call = send(alice, kind, chairside)
    say(bob, call, Answer.SEEN)
    frozen_clock.shift(5)
    send(alice, kind, chairside)
    assert len(at(bob)[0]) == 1
    say(bob, call, Answer.SEEN)
    assert CallAnswer.objects.count() == 1


def test_taken_call_leaves_the_other_screens(alice, bob, sarah, practice, chairside):
    call = send(alice, CallKindFactory.create(practice=practice), chairside)
    assert len(at(sarah)[0]) == 1
    say(bob, call, Answer.COMING)
    assert at(sarah)[0] == []
    with pytest.raises(operations.AlreadyTaken):
        say(sarah, call, Answer.COMING)


@pytest.mark.parametrize("said", list(Answer))
def test_answer_after_the_end_is_refused(alice, bob, kind, chairside, frozen_clock, said):
    call = send(alice, kind, chairside)
    frozen_clock.shift(180)
    with pytest.raises(operations.CallOver):
        say(bob, call, said)
    assert not CallAnswer.objects.exists()


def test_answer_to_a_call_for_others_is_refused(alice, sarah, chloe, kind, chairside):
    call = send(alice, kind, chairside)
    for stranger in (sarah, chloe, alice):
        with pytest.raises(operations.NoSuchCall):
            say(stranger, call, Answer.COMING)
    unknown = replace_id(call)
    with pytest.raises(operations.NoSuchCall):
        say(sarah, unknown, Answer.COMING)


def replace_id(call):
    return Call(id=uuid4(), practice_id=call.practice_id)


@pytest.mark.django_db(transaction=True)
def test_two_who_come_at_once_one_is_told(alice, bob, practice, chairside):
    from tests.factories import PersonFactory

    eve = PersonFactory.create(practice=practice, role="assistante")
    call = send(alice, CallKindFactory.create(practice=practice), chairside)
    answers = race(
        lambda: say(bob, call, Answer.COMING),
        lambda: say(eve, call, Answer.COMING),
    )
    assert sum(isinstance(one, operations.AlreadyTaken) for one in answers) == 1
    assert CallAnswer.objects.filter(answer="coming").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_call(alice, kind, chairside):
    race(lambda: send(alice, kind, chairside), lambda: send(alice, kind, chairside))
    assert Call.objects.count() == 1


def test_database_lets_one_person_come(alice, bob, sarah, kind, chairside):
    call = send(alice, kind, chairside)
    now = timezone.now()
    CallAnswer.objects.create(call=call, person=bob, answer="coming", at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        CallAnswer.objects.create(call=call, person=sarah, answer="coming", at=now)


def test_unanswered_call_says_so_then_goes(alice, bob, kind, chairside, frozen_clock):
    send(alice, kind, chairside)
    frozen_clock.shift(180)
    assert at(bob)[0] == []
    assert at(alice, chairside)[1][0].state == State.OVER
    frozen_clock.shift(60)
    assert at(alice, chairside)[1] == []


def test_withdrawn_call_leaves_every_screen(alice, bob, kind, chairside):
    call = send(alice, kind, chairside)
    operations.withdraw(actor=actor(alice), call_id=call.id, workstation_id=None)
    assert at(bob) == ([], [])
    assert at(alice, chairside) == ([], [])
    with pytest.raises(operations.CallOver):
        operations.withdraw(actor=actor(alice), call_id=call.id, workstation_id=None)
    with pytest.raises(operations.CallOver):
        say(bob, call, Answer.COMING)


def test_withdraw_from_the_same_screen_by_another_person(alice, sarah, kind, chairside):
    call = send(alice, kind, chairside)
    operations.withdraw(actor=actor(sarah), call_id=call.id, workstation_id=chairside.id)
    call.refresh_from_db()
    assert call.withdrawn_at is not None


def test_withdraw_by_others_or_too_late_is_refused(alice, bob, sarah, kind, chairside):
    call = send(alice, kind, chairside)
    with pytest.raises(operations.NoSuchCall):
        operations.withdraw(actor=actor(sarah), call_id=call.id, workstation_id=None)
    say(bob, call, Answer.COMING)
    with pytest.raises(operations.AlreadyTaken):
        operations.withdraw(actor=actor(alice), call_id=call.id, workstation_id=None)


def test_put_away_once(alice, bob, kind, chairside):
    call = send(alice, kind, chairside)
    say(bob, call, Answer.COMING)
    for _ in range(2):
        operations.put_away(actor=actor(alice), call_id=call.id, workstation_id=chairside.id)
    assert at(alice, chairside) == ([], [])
    assert Line.objects.filter(detail__state="closed").count() == 1


def test_mute_is_of_the_workstation(alice, chairside, practice, kind):
    operations.mute(actor=actor(alice), workstation_id=chairside.id, is_muted=True)
    now = timezone.now()
    assert queries.shell(practice.id, chairside.id, now).is_muted
    assert not queries.shell(practice.id, None, now).is_muted
    operations.mute(actor=actor(alice), workstation_id=chairside.id, is_muted=False)
    assert not queries.shell(practice.id, chairside.id, now).is_muted
    assert str(Bell.objects.get()) == "sounding"
    assert str(Bell(is_muted=True)) == "muted"
    assert [line.object_kind for line in Line.objects.all()] == ["workstation"] * 2


def test_shell_knows_whether_anything_rings(alice, kind, chairside, practice):
    now = timezone.now()
    assert not queries.shell(practice.id, None, now).has_calls
    send(alice, kind, chairside)
    operations.remove_kind(actor=actor(alice), kind_id=kind.id)
    found = queries.shell(practice.id, None, now)
    assert (found.buttons, found.has_calls) == ([], True)


def test_usual_list_fills_an_empty_one_only(alice, practice):
    assert operations.add_usual_kinds(actor=actor(alice)) == len(USUAL)
    assert operations.add_usual_kinds(actor=actor(alice)) == 0
    labels = [kind.label for kind in queries.kinds(practice.id)]
    assert labels == [one.label for one in USUAL]


def test_kind_is_changed(alice, kind, practice):
    room = RoomFactory.create(practice=practice)
    wanted = Prepared("Prothésiste arrivé", "room", room_id=room.id, key="F4", lasts_s=60)
    operations.change_kind(actor=actor(alice), kind_id=kind.id, prepared=wanted)
    kind.refresh_from_db()
    assert (kind.label, kind.role, kind.room, kind.key) == ("Prothésiste arrivé", "", room, "F4")


@pytest.mark.parametrize(
    ("prepared", "error"),
    [
        (Prepared("assistante DEMANDÉE", "everyone"), operations.LabelTaken),
        (Prepared("Autre", "everyone", key="F9"), operations.KeyTaken),
        (Prepared("Autre", "room", room_id=uuid4()), operations.KindChanged),
    ],
)
def test_kind_that_cannot_be(alice, practice, prepared, error):
    CallKindFactory.create(practice=practice, label="Assistante demandée", key="F9")
    with pytest.raises(error):
        operations.add_kind(actor=actor(alice), prepared=prepared)
    assert CallKind.objects.count() == 1


def test_room_of_another_practice_is_refused(alice, other_practice):
    room = RoomFactory.create(practice=other_practice)
    with pytest.raises(operations.KindChanged):
        operations.add_kind(actor=actor(alice), prepared=Prepared("Autre", "room", room_id=room.id))


def test_list_has_an_end(alice, practice):
    CallKindFactory.create_batch(MOST_KINDS, practice=practice)
    with pytest.raises(operations.TooManyKinds):
        operations.add_kind(actor=actor(alice), prepared=Prepared("Encore", "everyone"))


def test_kind_moves(alice, practice):
    first, second = CallKindFactory.create_batch(2, practice=practice)
    operations.move_kind(actor=actor(alice), kind_id=second.id, step=-1)
    assert list(queries.kinds(practice.id)) == [second, first]


def test_removed_kind_comes_back_without_a_key_that_was_given_away(alice, practice):
    kind = CallKindFactory.create(practice=practice, key="F9")
    operations.remove_kind(actor=actor(alice), kind_id=kind.id)
    assert list(queries.removed_kinds(practice.id)) == [kind]
    CallKindFactory.create(practice=practice, key="F9")
    operations.restore_kind(actor=actor(alice), kind_id=kind.id)
    kind.refresh_from_db()
    assert (kind.is_active, kind.key) == (True, "")
    with pytest.raises(operations.NoSuchKind):
        operations.restore_kind(actor=actor(alice), kind_id=kind.id)


def test_removed_kind_keeps_its_free_key(alice, practice):
    kind = CallKindFactory.create(practice=practice, key="F9")
    operations.remove_kind(actor=actor(alice), kind_id=kind.id)
    operations.restore_kind(actor=actor(alice), kind_id=kind.id)
    kind.refresh_from_db()
    assert kind.key == "F9"


def test_removed_kind_does_not_come_back_beside_its_twin(alice, practice):
    kind = CallKindFactory.create(practice=practice, label="Urgence")
    operations.remove_kind(actor=actor(alice), kind_id=kind.id)
    CallKindFactory.create(practice=practice, label="Urgence")
    with pytest.raises(operations.LabelTaken):
        operations.restore_kind(actor=actor(alice), kind_id=kind.id)


def test_removed_kind_does_not_come_back_into_a_full_list(alice, practice):
    kind = CallKindFactory.create(practice=practice)
    operations.remove_kind(actor=actor(alice), kind_id=kind.id)
    CallKindFactory.create_batch(MOST_KINDS, practice=practice)
    with pytest.raises(operations.TooManyKinds):
        operations.restore_kind(actor=actor(alice), kind_id=kind.id)


def test_kind_of_another_practice_is_not_changed(chloe, kind):
    with pytest.raises(operations.NoSuchKind):
        operations.remove_kind(actor=actor(chloe), kind_id=kind.id)


def test_database_refuses_a_role_call_without_role(practice):
    with pytest.raises(IntegrityError), transaction.atomic():
        CallKindFactory.create(practice=practice, target="role")


def test_answer_without_ear_room(alice, practice, chairside):
    heard = queries.ear_of(actor(alice), chairside.id)
    assert heard.room_id == chairside.room_id
    assert queries.ear_of(actor(alice), None).room_id is None
    assert replace(heard, room_id=None).workstation_id == chairside.id


def test_old_calls_are_forgotten(alice, kind, chairside, frozen_clock):
    send(alice, kind, chairside)
    frozen_clock.shift(timedelta(days=31))
    assert operations.purge() >= 1
    assert not Call.objects.exists()
    assert Line.objects.latest("number").detail["state"] == "purged"
    assert operations.purge() == 0
