"""Assistants wanted at once, against counting them minute by minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.agenda import operations, queries, rules
from quenotte.care.agenda.models import Appointment
from tests.care.agenda.conftest import at
from tests.care.people import actor
from tests.factories import AppointmentFactory, AppointmentTypeFactory, PersonFactory

NINE = datetime(2026, 3, 18, 9, tzinfo=UTC)

spans = st.tuples(st.integers(0, 40), st.integers(0, 20))


def period(span):
    start, minutes = span
    return rules.assisted(NINE + timedelta(minutes=start), minutes)


@given(wanted=spans, others=st.lists(spans, max_size=8), assistants=st.integers(0, 4))
def test_shortage_is_what_counting_each_minute_finds(wanted, others, assistants):
    def running(minute):
        return 1 + sum(start <= minute < start + length for start, length in others)

    minutes = range(wanted[0], wanted[0] + wanted[1])
    short = [minute for minute in minutes if assistants and running(minute) > assistants]
    found = rules.shortage(period(wanted), [period(one) for one in others], assistants)
    if not short:
        assert found is None
    else:
        assert found == rules.Shortage(NINE + timedelta(minutes=short[0]), running(short[0]))


@pytest.fixture
def implant(alice):
    return AppointmentTypeFactory.create(
        practice=alice.practice, name="Implant", minutes=60, assistant_minutes=30
    )


@pytest.fixture
def assisted(hugo, other_chair, implant, practice):
    """Dr Hugo has the assistant from 9:00 to 9:30."""
    return AppointmentFactory.create(
        patient__practice=practice,
        practitioner=hugo,
        chair=other_chair,
        starts_at=at(9),
        ends_at=at(10),
        assistant_minutes=30,
    )


def test_second_assistant_that_nobody_is_must_be_insisted_on(book, bob, assisted, implant):
    with pytest.raises(operations.Closed) as refused:
        book(starts_at=at(9, 15), minutes=60, kind_id=implant.id)
    assert [one.code for one in refused.value.obstacles] == ["assistant"]
    assert "Il faudrait 2 assistantes à 9 h 15" in str(refused.value)
    assert refused.value.can_force
    assert book(starts_at=at(9, 15), minutes=60, kind_id=implant.id, anyway=True)


def test_assistant_is_free_again_when_her_time_is_over(book, bob, assisted, implant):
    assert book(starts_at=at(9, 30), minutes=60, kind_id=implant.id).assistant_minutes == 30


def test_two_assistants_are_enough_for_two(book, bob, assisted, implant, practice):
    PersonFactory.create(practice=practice, role="assistante", username="zoe")
    assert book(starts_at=at(9), minutes=60, kind_id=implant.id)


@pytest.mark.parametrize("left", [True, False])
def test_practice_without_assistants_is_not_bothered(book, practice, assisted, implant, left):
    if left:
        PersonFactory.create(practice=practice, role="assistante", is_active=False)
    assert book(starts_at=at(9), minutes=60, kind_id=implant.id)


def test_move_and_longer_stay_are_asked_about_too(book, bob, sarah, assisted, implant):
    moved = book(starts_at=at(14), minutes=10, kind_id=implant.id, assistant_minutes=10)
    asked = {"actor": actor(sarah), "appointment_id": moved.id, "expected_version": None}
    with pytest.raises(operations.Closed, match="Il faudrait 2 assistantes"):
        operations.move(starts_at=at(9), **asked)
    assert operations.move(starts_at=at(9), anyway=True, **asked).starts_at == at(9)
    with pytest.raises(operations.Closed, match="Il faudrait 2 assistantes"):
        operations.resize(minutes=20, **asked)
    assert Appointment.objects.get(id=moved.id).minutes == 10


def test_asking_for_assistants_costs_one_query_at_most(
    book, bob, assisted, implant, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as plain:
        book(starts_at=at(14), minutes=60, kind_id=implant.id, assistant_minutes=0)
    with django_assert_num_queries(len(plain)):
        book(starts_at=at(15), minutes=60, kind_id=implant.id)
    with CaptureQueriesContext(connection) as asked:
        book(starts_at=at(9), minutes=60, kind_id=implant.id, anyway=True)
    assert len(asked) <= len(plain) + 1


def test_free_slots_leave_out_starts_without_an_assistant(
    opened, alice, bob, chair, assisted, practice
):
    search = queries.Search(minutes=60, practitioner_ids=[alice.id], assistant_minutes=20)
    alone = queries.Search(minutes=60, practitioner_ids=[alice.id])
    since = at(8)
    first = queries.free_slots(practice.id, search, since=since, limit=1)[0]
    assert first.starts_at == at(9, 30)
    assert queries.free_slots(practice.id, alone, since=since, limit=1)[0].starts_at == at(9)
