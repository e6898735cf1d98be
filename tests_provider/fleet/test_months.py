"""Histories by the month: made ahead, strays moved in, forgotten whole."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from quenotte.provider import partitions
from quenotte.provider.fleet import operations
from quenotte.provider.fleet.models import Change, PastDay
from tests_provider.factories import MachineFactory

pytestmark = pytest.mark.django_db


def change(days_ago: int) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    Change.objects.create(
        machine=MachineFactory.create(), at=at, key="os.name", source="station", before=1, after=2
    )


def past_day(days_ago: int) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    PastDay.objects.create(
        machine=MachineFactory.create(), day=day, source="station", early=1, late=2
    )


both = pytest.mark.parametrize(("model", "make"), [(Change, change), (PastDay, past_day)])


@both
def test_too_old_is_forgotten_and_the_rest_stays(model: Any, make: Callable[[int], None]) -> None:
    for days_ago in (0, 20, 500):
        make(days_ago)
    operations.make_coming_months()
    operations.keep_months(before=timezone.now() - timedelta(days=396))
    operations.keep_months(before=timezone.now() - timedelta(days=396))
    assert model.objects.count() == 2


@both
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps one table")
def test_what_came_before_its_month_was_there_moves_in(
    model: Any, make: Callable[[int], None]
) -> None:
    table = model._meta.db_table
    # The demo of another test may have made them.
    partitions.forget_before(model, timezone.localdate() + timedelta(days=400))
    make(0)
    made = partitions.make_months(model)
    assert made == [f"{table}_2026_0{month}" for month in (3, 4, 5)]
    assert partitions.make_months(model) == []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}_2026_03")
        assert cursor.fetchone() == (1,)
        cursor.execute(f"SELECT count(*) FROM {table}_rest")
        assert cursor.fetchone() == (0,)
    partitions.forget_before(model, timezone.localdate() + timedelta(days=60))
    assert not model.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_days_of_an_older_release_are_kept_on_the_way() -> None:
    machine = MachineFactory.create()
    day = timezone.localdate() - timedelta(days=3)
    PastDay.objects.create(machine=machine, day=day, source="station", early=5, late=6)
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("provider")
    MigrationExecutor(connection).migrate([("provider", "0019_agreed_by")])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT early, late FROM provider_day")
            assert cursor.fetchall() == [(5, 6)]
    finally:
        MigrationExecutor(connection).migrate(newest)
    kept = PastDay.objects.get()
    assert (kept.machine_id, kept.day, kept.early, kept.late) == (machine.id, day, 5, 6)
