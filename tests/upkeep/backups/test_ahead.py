"""A copy that claims to be of the future is neither the newest, nor passed by in silence."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.devices.phoenix import returning
from quenotte.devices.repository.writing import Source, save
from quenotte.upkeep.backups import operations, places, proving, queries, rounds
from quenotte.upkeep.backups.rules import Light, Reason
from quenotte.upkeep.guard import queries as guard
from tests.factories import CopyFactory, DestinationFactory, LookFactory, ProofFactory

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


def test_copy_of_the_future_is_not_the_one_that_is_proved(real_place: str):
    copy = operations.run(real_place)
    repository = places.opened(real_place)
    ahead = timezone.now() + timedelta(days=400)
    save(repository, [Source("db.sqlite3", b"of somebody else")], time=ahead, host="x")

    copies = returning.copies(places.opened(real_place), timezone.now())
    assert [one.id == copy.snapshot_id for one in copies] == [True, False]
    proof = operations.prove(real_place)
    assert (proof.state, proof.snapshot_id) == ("done", copy.snapshot_id)
    assert "1 copie datée du futur est laissée de côté" in proof.outcome


def test_clock_a_few_hours_ahead_hides_no_later_copy(real_place: str, frozen_clock: Any):
    frozen_clock.shift(timedelta(hours=10))
    ahead = operations.run(real_place)
    frozen_clock.shift(-timedelta(hours=10))
    # Alone it comes back, and yet promises a moment that has not come.
    proof = operations.prove(real_place)
    assert (proof.state, proof.restorable_until) == ("failed", None)
    assert "qui n’est pas encore venu" in proof.outcome
    assert proof.snapshot_id == ahead.snapshot_id
    frozen_clock.shift(60)
    for _again in range(2):
        frozen_clock.shift(60)
        copy = operations.run(real_place)
    copies = returning.copies(places.opened(real_place), timezone.now())
    assert [copies[0].id, copies[-1].id] == [copy.snapshot_id, ahead.snapshot_id]
    proof = operations.prove(real_place)
    assert (proof.state, proof.restorable_until) == ("done", copy.data_at)


def test_light_sees_what_failed_since_a_clock_was_ahead():
    one, now = DestinationFactory.create(), timezone.now()
    ahead = now + timedelta(days=26)
    CopyFactory.create(destination=one, started_at=ahead)
    ProofFactory.create(destination=one, asked_at=ahead)
    good = CopyFactory.create(destination=one, started_at=now - timedelta(days=20))
    CopyFactory.create(
        destination=one, started_at=now, state="failed", snapshot_id="", data_at=None
    )

    found = queries.status()
    (standing,) = found.standings
    assert standing.last_good_copy == good
    assert standing.facts.is_failing
    assert found.light is Light.RED
    assert f"{timezone.localtime(ahead):%d/%m/%Y}" not in found.sentence
    assert {Reason.AHEAD, Reason.SILENT, Reason.COPY_FAILED, Reason.NEVER_PROVEN} <= set(
        found.reasons
    )
    assert not rounds._is_fresh(standing)


def test_reason_ends_once_a_copy_that_came_later_was_proved(real_place: str, frozen_clock: Any):
    frozen_clock.shift(timedelta(days=26))
    operations.run(real_place)
    operations.prove(real_place)
    frozen_clock.shift(-timedelta(days=26))
    assert Reason.AHEAD in queries.status().reasons
    # A proof of what the false date hides proves nothing newer.
    operations.prove(real_place)
    assert Reason.AHEAD in queries.status().reasons
    frozen_clock.shift(60)
    operations.run(real_place)
    assert Reason.AHEAD in queries.status().reasons
    operations.prove(real_place)
    assert Reason.AHEAD not in queries.status().reasons


def test_reason_ends_for_what_failed_under_the_false_date_too(real_place: str, frozen_clock: Any):
    frozen_clock.shift(timedelta(days=26))
    with pytest.raises(proving.NothingToProve):
        operations.prove(real_place)
    frozen_clock.shift(-timedelta(days=26))
    assert Reason.AHEAD in queries.status().reasons
    operations.run(real_place)
    operations.prove(real_place)
    assert Reason.AHEAD not in queries.status().reasons


def test_guard_compares_with_no_copy_of_the_future():
    one, now = DestinationFactory.create(), timezone.now()
    LookFactory.create(destination=one, at=now + timedelta(days=26))
    assert guard.last_good(one.id) is None
    past = LookFactory.create(destination=one, at=now - timedelta(hours=1))
    assert guard.last_good(one.id) == past
