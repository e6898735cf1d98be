"""Who saw what of a practice: one row each, for good, and that practice alone finds it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

import quenotte
from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Action, Actor
from quenotte.provider.customers.models import Customer
from quenotte.provider.traces import operations, queries
from quenotte.provider.traces.models import Look
from quenotte.provider.traces.rules import WORDS
from tests_provider.factories import CustomerFactory

pytestmark = pytest.mark.django_db
PACKAGE = Path(quenotte.__file__).parent


def opened(customer: Customer) -> list[queries.Opened]:
    return [queries.opened(one) for one in queries.looks_of(customer.id)]


def test_opening_is_told_to_its_practice_alone(actor: Actor):
    ours, other = CustomerFactory.create(), CustomerFactory.create()
    operations.note_opening(actor=actor, customer_id=ours.id, what="machine", about="ACCUEIL")
    (one,) = opened(ours)
    assert (one.who, one.words, one.about, one.at) == (
        actor.person_label,
        "Page d’une machine",
        "ACCUEIL",
        timezone.now(),
    )
    assert opened(other) == []
    line = Line.objects.get(object_kind="customer")
    assert (line.object_id, line.detail) == (str(ours.id), {"purpose": "machine"})


def test_list_leaves_a_row_with_each_practice_and_one_line(actor: Actor):
    ours, other = CustomerFactory.create(), CustomerFactory.create()
    shown = {ours.id: 3, other.id: 1}
    operations.note_showing(actor=actor, action=Action.SEARCH, what="search", shown=shown)
    assert [one.machines for one in opened(ours)] == [3]
    assert [one.machines for one in opened(other)] == [1]
    assert Line.objects.get(action="search").detail == {"purpose": "search", "count": 2}


def test_newest_first_on_pages_and_by_number_to_its_server(actor: Actor, frozen_clock: Any):
    ours = CustomerFactory.create()
    begun = timezone.now()
    # The clock of the provider's server leaps ahead, and is set right.
    for hours in (1, 9_000, -8_999, 1):
        operations.note_opening(actor=actor, customer_id=ours.id, what="fleet")
        frozen_clock.shift(timedelta(hours=hours))
    after = [(one.at - begun) // timedelta(hours=1) for one in opened(ours)]
    assert after == [9_001, 2, 1, 0]
    asked = list(queries.looks_asked(ours.id, 0, None, limit=9))
    assert [(one.at - begun) // timedelta(hours=1) for one in asked] == [0, 1, 9_001, 2]
    assert list(queries.looks_asked(ours.id, asked[2].pk, None, limit=9)) == [asked[3]]
    assert list(queries.looks_asked(ours.id, 0, None, limit=1)) == [asked[0]]


def test_server_of_a_former_release_asks_by_an_instant(actor: Actor, frozen_clock: Any):
    ours = CustomerFactory.create()
    for _each in range(3):
        operations.note_opening(actor=actor, customer_id=ours.id, what="fleet")
        frozen_clock.shift(timedelta(hours=1))
    since = timezone.now() - timedelta(hours=2)
    asked = queries.looks_asked(ours.id, 0, since, limit=9)
    assert [one.at for one in asked] == [since, since + timedelta(hours=1)]


def test_page_that_draws_itself_again_is_noted_once_an_hour(actor: Actor, frozen_clock: Any):
    ours, other = CustomerFactory.create(), CustomerFactory.create()
    # Even its first drawing is noted when nobody opened it: no header reads without a trace.
    for _each in range(2):
        operations.note_opening(actor=actor, customer_id=ours.id, what="fleet", is_again=True)
        operations.note_showing(
            actor=actor, action=Action.READ, what="incidents", shown={ours.id: 1}, is_again=True
        )
    assert sorted(Look.objects.values_list("what", flat=True)) == ["fleet", "incidents"]
    operations.note_showing(
        actor=actor, action=Action.READ, what="incidents", shown={ours.id: 1, other.id: 2},
        is_again=True,
    )  # fmt: skip
    assert Look.objects.get(customer=other).machines == 2
    # Who opens it is noted each time; who leaves it open is noted again.
    operations.note_opening(actor=actor, customer_id=ours.id, what="fleet")
    frozen_clock.shift(timedelta(hours=1))
    operations.note_opening(actor=actor, customer_id=ours.id, what="fleet", is_again=True)
    assert Look.objects.filter(customer=ours, what="fleet").count() == 3


@pytest.mark.parametrize(
    "statement", ["UPDATE provider_look SET person_label = 'x'", "DELETE FROM provider_look"]
)
def test_row_is_never_changed_nor_removed(actor: Actor, statement: str):
    operations.note_opening(actor=actor, customer_id=CustomerFactory.create().id, what="fleet")
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Look.objects.count() == 1


def test_each_code_has_words():
    used: set[str] = set()
    for path in (PACKAGE / "provider").rglob("*.py"):
        used |= set(re.findall(r'\bwhat="(\w+)"', path.read_text("utf-8")))
    assert used - set(WORDS) == set()
