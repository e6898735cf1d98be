"""A clock that leapt: nothing goes for ever by it, and the morning page says so."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.provider.asking import jobs as asking
from quenotte.provider.fleet import clock, operations
from quenotte.provider.fleet import jobs as fleet
from quenotte.provider.fleet.models import Change, PastDay
from quenotte.provider.incidents import jobs as incidents
from quenotte.provider.retention import jobs
from tests_provider.factories import MachineFactory
from tests_provider.fleet.test_judging import WINDOWS, tell
from tests_provider.retention.conftest import Full, heard
from tests_provider.retention.test_machines import STAYS, end

pytestmark = pytest.mark.django_db
DOUBTED = "L’heure de ce serveur est douteuse"
TEN_YEARS = timedelta(days=3_650)


@pytest.mark.parametrize("work", [jobs.forget, fleet.keep_months, incidents.forget, asking.forget])
def test_nothing_goes_by_a_clock_that_leapt(
    full: Callable[..., Full], actor: Actor, frozen_clock: Any, work: Any
):
    one, other = full(), full("Cabinet du Port")
    heard(10)
    before, after = one.left(), other.left()
    end(one, actor)
    frozen_clock.shift(TEN_YEARS)
    # The agents of the practices go on speaking, and are dated by the same clock.
    tell(other.machine, WINDOWS)
    with pytest.raises(operations.ClockDoubted):
        work()
    assert (one.left(), other.left()) == (before, after)


def test_months_to_come_are_made_whatever_the_clock_says(frozen_clock: Any):
    heard(10)
    machine = MachineFactory.create()
    Change.objects.create(
        machine=machine, at=timezone.now(), key="os.name", source="station", before=1, after=2
    )
    frozen_clock.shift(timedelta(days=500))
    with pytest.raises(operations.ClockDoubted):
        fleet.keep_months()
    assert Change.objects.count() == 1
    heard(8)
    if connection.vendor == "postgresql":
        # What the test itself wrote has no more to be looked at: a month goes whole.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    fleet.keep_months()
    assert Change.objects.count() == 0


@pytest.mark.parametrize(
    ("days_ago", "is_believed"), [(0, False), (6, False), (7, True), (40, True), (41, False)]
)
def test_clock_is_believed_by_what_is_some_days_old(days_ago: int, is_believed: bool):
    heard(400)
    heard(days_ago)
    assert clock.is_clock_believed(timezone.now()) is is_believed


def test_journal_vouches_as_machines_do(actor: Actor, full: Callable[..., Full], frozen_clock: Any):
    full()
    PastDay.objects.all().delete()
    frozen_clock.shift(timedelta(days=6))
    # Nothing is older: nothing is old enough to go.
    assert clock.is_clock_believed(timezone.now())
    for days, is_believed in ((4, True), (30, True), (2, False)):
        frozen_clock.shift(timedelta(days=days))
        assert clock.is_clock_believed(timezone.now()) is is_believed


def test_forgetting_resumes_by_itself_where_the_clock_was_right(
    full: Callable[..., Full], actor: Actor, frozen_clock: Any
):
    one = full()
    frozen_clock.move_to(end(one, actor).machines_until)
    with pytest.raises(operations.ClockDoubted):
        jobs.forget()
    heard(0)
    frozen_clock.shift(timedelta(days=7))
    jobs.forget()
    assert one.left() == STAYS


def test_morning_says_that_nothing_is_forgotten(
    tom: Person, client_of: Callable[[Person], Any], frozen_clock: Any
):
    heard(10)
    pages = ("/parc/", "/parc/incidents/")
    assert all(DOUBTED not in client_of(tom).get(one).content.decode() for one in pages)
    Run.objects.create(name=jobs.forget.name, state=Run.State.DONE, finished_at=timezone.now())
    frozen_clock.shift(TEN_YEARS)
    for one in pages:
        page = client_of(tom).get(one).content.decode()
        assert DOUBTED in page
        assert "mars 2036" in page
    Run.objects.create(name=jobs.forget.name, state=Run.State.DONE, finished_at=timezone.now())
    assert DOUBTED not in client_of(tom).get("/parc/").content.decode()
