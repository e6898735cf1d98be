"""What changes about a practice, and what is refused."""

from uuid import uuid4

import pytest

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice import operations, queries
from quenotte.base.practice.models import Chair, Practice, Room
from quenotte.base.practice.rules import EDITABLE, stamp
from quenotte.kernel.errors import Refusal
from tests.factories import ChairFactory, RoomFactory, WorkstationFactory
from tests.support.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(alice: Person) -> Actor:
    return Actor(alice.id, alice.full_name, alice.practice_id, "", "web", alice.roles)


def _values(practice: Practice, **changes: str) -> dict[str, str]:
    return {name: getattr(practice, name) for name in EDITABLE} | changes


def test_change_practice_saves_and_tells_which_fields(actor: Actor, practice: Practice) -> None:
    operations.change_practice(
        actor=actor, values=_values(practice, town="Rezé"), seen=stamp(_values(practice))
    )

    practice.refresh_from_db()
    assert practice.town == "Rezé"
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.detail) == (
        "change", "practice", {"fields": "town"},
    )  # fmt: skip


def test_change_practice_without_change_writes_nothing(actor: Actor, practice: Practice) -> None:
    operations.change_practice(actor=actor, values=_values(practice), seen=stamp(_values(practice)))

    assert not Line.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_change_practice_from_two_browsers_overwrites_nothing(
    actor: Actor, practice: Practice
) -> None:
    seen = stamp(_values(practice))

    def change(**changes: str) -> object:
        return operations.change_practice(
            actor=actor, values=_values(practice, **changes), seen=seen
        )

    answers = race(lambda: change(town="Rezé"), lambda: change(name="Autre nom"))

    assert sum(isinstance(answer, operations.ChangedMeanwhile) for answer in answers) == 1
    practice.refresh_from_db()
    assert (practice.town == "Rezé") != (practice.name == "Autre nom")


def test_rooms_and_chairs_keep_their_order(actor: Actor, practice: Practice) -> None:
    first = operations.add_room(actor=actor, name="Salle 2")
    second = operations.add_room(actor=actor, name="Salle 1")
    left = operations.add_chair(actor=actor, room_id=first.id, name="Gauche")
    right = operations.add_chair(actor=actor, room_id=first.id, name="Droite")
    operations.move(actor=actor, kind="room", place_id=second.id, step=-1)
    operations.move(actor=actor, kind="chair", place_id=right.id, step=-1)

    assert queries.rooms_with_chairs(practice.id) == [(second, []), (first, [right, left])]
    assert list(queries.chairs(practice.id)) == [right, left]
    assert Line.objects.count() == 6


def test_rename_refuses_a_name_that_is_taken(actor: Actor, practice: Practice) -> None:
    RoomFactory.create(practice=practice, name="Salle 1")
    room = RoomFactory.create(practice=practice, name="Salle 2")

    with pytest.raises(operations.NameTaken):
        operations.rename(actor=actor, kind="room", place_id=room.id, name="Salle 1")
    with pytest.raises(operations.NameTaken):
        operations.add_room(actor=actor, name="Salle 1")
    operations.rename(actor=actor, kind="room", place_id=room.id, name="Accueil")

    room.refresh_from_db()
    assert room.name == "Accueil"


def test_remove_refuses_a_room_with_a_chair(actor: Actor, practice: Practice) -> None:
    chair = ChairFactory.create(room__practice=practice)

    with pytest.raises(operations.StillUsed):
        operations.remove(actor=actor, kind="room", place_id=chair.room_id)
    operations.remove(actor=actor, kind="chair", place_id=chair.id)
    operations.remove(actor=actor, kind="room", place_id=chair.room_id)

    assert not Room.objects.exists()
    assert not Chair.objects.exists()
    assert [line.detail for line in Line.objects.all()] == [{"state": "removed"}] * 2


def test_places_of_another_practice_are_out_of_reach(actor: Actor) -> None:
    chair = ChairFactory.create()
    attempts = [
        lambda: operations.add_chair(actor=actor, room_id=chair.room_id, name="x"),
        lambda: operations.rename(actor=actor, kind="chair", place_id=chair.id, name="x"),
        lambda: operations.move(actor=actor, kind="room", place_id=chair.room_id, step=1),
        lambda: operations.remove(actor=actor, kind="chair", place_id=chair.id),
        lambda: operations.remove(actor=actor, kind="room", place_id=uuid4()),
        lambda: operations.change_workstation(
            actor=actor, workstation_id=WorkstationFactory.create().id, name="x", room_id=None
        ),
    ]

    for attempt in attempts:
        with pytest.raises(operations.NotHere):
            attempt()
    assert not Line.objects.exists()


def test_workstation_in_a_room_of_another_practice_is_refused(
    actor: Actor, practice: Practice
) -> None:
    workstation = WorkstationFactory.create(practice=practice)

    with pytest.raises(operations.NotHere):
        operations.change_workstation(
            actor=actor,
            workstation_id=workstation.id,
            name="Accueil",
            room_id=RoomFactory.create().id,
        )


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_leave_one_order(actor: Actor, practice: Practice) -> None:
    rooms = [RoomFactory.create(practice=practice, position=n) for n in range(4)]

    race(
        lambda: operations.move(actor=actor, kind="room", place_id=rooms[0].id, step=1),
        lambda: operations.move(actor=actor, kind="room", place_id=rooms[3].id, step=-1),
    )

    assert sorted(Room.objects.values_list("position", flat=True)) == [0, 1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_two_rooms_of_one_name_at_once_leave_one(actor: Actor) -> None:
    answers = race(
        lambda: operations.add_room(actor=actor, name="Salle 1"),
        lambda: operations.add_room(actor=actor, name="Salle 1"),
    )

    assert sum(isinstance(answer, Refusal) for answer in answers) == 1
    assert Room.objects.count() == 1


def test_file_numbers_never_repeat(practice: Practice) -> None:
    assert [operations.draw_file_number(practice.id) for _ in range(3)] == [1, 2, 3]
