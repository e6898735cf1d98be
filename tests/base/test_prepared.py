"""Prepared reads answer what the ORM answers, and are written once."""

import threading
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from quenotte.base.people.models import Draft, Person
from quenotte.base.practice.models import Practice, Room
from quenotte.base.prepared import prepared
from quenotte.care.patients.models import Patient
from tests.factories import PatientFactory, PersonFactory, PracticeFactory, RoomFactory

pytestmark = pytest.mark.django_db


@prepared
def _drafts(person_id: UUID, key: str, *, limit: int) -> "QuerySet[Draft]":
    return Draft.objects.filter(person_id=person_id, key=key).select_related("person")[:limit]


def test_rows_are_instances_with_what_they_lead_to(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person: Any = PersonFactory()
    other: Any = PersonFactory()
    for who in (person, other):
        Draft.objects.create(person=who, key="note", text=f"de {who.username}")
    assert _drafts(person.id, "note", limit=5)[0].text == f"de {person.username}"
    with django_assert_num_queries(1):
        (draft,) = _drafts(other.id, "note", limit=5)
        assert draft.person == other
    assert draft == Draft.objects.get(person=other)
    assert not draft._state.adding
    assert _drafts(other.id, "autre", limit=5) == []


def test_a_query_is_written_once_for_each_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    write = SQLCompiler.as_sql

    def noted(self: SQLCompiler, *given: object, **named: object) -> object:
        answer = write(self, *given, **named)  # type: ignore[arg-type]
        written.append(answer[0])
        return answer

    monkeypatch.setattr(SQLCompiler, "as_sql", noted)

    @prepared
    def named(name: str, *, cities: frozenset[str]) -> "QuerySet[Practice]":
        return Practice.objects.filter(name=name, town__in=sorted(cities))

    for name in ("a", "b", "c"):
        named(name, cities=frozenset({"Nantes"}))
    assert len(written) == 1
    named("d", cities=frozenset({"Nantes", "Rezé"}))
    assert len(written) == 2


def test_values_of_every_kind_reach_their_place() -> None:
    born = date(1980, 2, 29)
    patient: Any = PatientFactory(born_on=born, file_number=4321, birth_name="Kermarec")
    PatientFactory(born_on=born, file_number=4322, birth_name="Autre", practice=patient.practice)

    @prepared
    def who(
        practice_id: UUID, born_on: date, since: datetime, name: str
    ) -> "QuerySet[Patient, tuple[UUID, date]]":
        return Patient.objects.filter(
            practice_id=practice_id,
            born_on=born_on,
            created_at__gte=since,
            birth_name=name,
        ).values_list("id", "born_on")

    hour_ago = timezone.now() - timedelta(hours=1)
    asked = (patient.practice_id, born, hour_ago, patient.birth_name)
    assert who(*asked) == [(patient.id, born)]
    assert who(patient.practice_id, born, hour_ago, patient.birth_name + "?") == []
    later = timezone.now() + timedelta(minutes=1)
    assert who(patient.practice_id, born, later, patient.birth_name) == []


def test_a_value_may_stand_at_several_places_and_be_counted() -> None:
    practice: Any = PracticeFactory()
    RoomFactory(practice=practice)
    PersonFactory(practice=practice)

    @prepared
    def rooms(practice_id: UUID) -> "QuerySet[Practice]":
        own = Practice.objects.filter(id=practice_id, rooms__practice_id=practice_id)
        return own.annotate(how_many=Count("rooms"))

    (found,) = rooms(practice.id)
    assert (found, found.how_many) == (practice, 1)  # type: ignore[attr-defined]
    assert rooms(uuid4()) == []


@pytest.mark.parametrize("value", [None, True, 1, 1.5, ["a"]])
def test_a_value_that_changes_the_query_is_refused(value: object) -> None:
    @prepared
    def named(name: object) -> "QuerySet[Practice]":
        return Practice.objects.filter(name=name)

    with pytest.raises(TypeError, match="no prepared read takes"):
        named(value)


def test_a_value_that_does_not_reach_the_query_is_refused() -> None:
    @prepared
    def named(name: str, town: str) -> "QuerySet[Practice]":
        return Practice.objects.filter(name=name, town=town.upper() + "?")

    with pytest.raises(ValueError, match="value 1 does not reach"):
        named("a", "b")


def test_a_prefetch_is_refused() -> None:
    @prepared
    def named(name: str) -> "QuerySet[Practice]":
        return Practice.objects.filter(name=name).prefetch_related("rooms")

    with pytest.raises(ValueError, match="asks by itself"):
        named("a")


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_its_own_connection() -> None:
    room: Any = RoomFactory()

    @prepared
    def rooms(room_id: UUID) -> "QuerySet[Room]":
        return Room.objects.filter(id=room_id)

    assert rooms(room.id) == [room]
    found: list[Room] = []

    def elsewhere() -> None:
        found.extend(rooms(room.id))
        connection.close()

    # The first thread's connection is shut: an answer can only come from the other's own.
    connection.close()
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert found == [room]


def test_a_lock_is_asked_for_in_a_transaction(transactional_db: None) -> None:
    @prepared
    def held(room_id: UUID) -> "QuerySet[Room]":
        return Room.objects.filter(id=room_id).select_for_update()

    room: Any = RoomFactory()
    with transaction.atomic():
        assert held(room.id) == [room]
    if connection.features.has_select_for_update:
        with pytest.raises(transaction.TransactionManagementError):
            held(room.id)


def test_people_are_read_as_the_orm_reads_them() -> None:
    person: Any = PersonFactory()

    @prepared
    def by_id(person_id: UUID) -> "QuerySet[Person]":
        return Person.objects.filter(id=person_id)

    (found,) = by_id(person.id)
    asked = Person.objects.get(id=person.id)
    names = [field.attname for field in Person._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(asked, name) for name in names]
