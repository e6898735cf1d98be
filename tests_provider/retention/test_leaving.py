"""Five years after a contract the proofs go with the practice, whole, and leave their digests."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from quenotte.base.audit import operations as journal
from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files import operations as files
from quenotte.base.files.models import Blob
from quenotte.kernel.memento import verifying
from quenotte.provider.append_only import goes_with_its_practice
from quenotte.provider.customers.models import Customer
from quenotte.provider.evidence import operations, queries
from quenotte.provider.evidence.models import Departure, Dossier, SignedSheet
from quenotte.provider.retention import operations as retention
from quenotte.provider.traces.models import Look
from tests_provider.evidence.test_chain import change
from tests_provider.factories import CustomerFactory
from tests_provider.retention.conftest import Full
from tests_provider.retention.test_machines import STAYS, end, lines

pytestmark = pytest.mark.django_db
Fill = Callable[..., Full]
Run = Callable[[datetime], None]
SECOND = timedelta(seconds=1)
TABLES = ("provider_dossier", "provider_signedsheet", "provider_look")


def test_proofs_stay_five_years_to_the_second_and_go_with_all_of_it(
    full: Fill, actor: Actor, run: Run
):
    gone, here = full(), full("Cabinet du Port")
    before = here.left()
    kept = end(gone, actor)
    run(kept.machines_until)
    run(kept.proofs_until - SECOND)
    assert gone.left() == STAYS
    run(kept.proofs_until)
    assert gone.left() == set()
    assert not Customer.objects.filter(pk=gone.customer_id).exists()
    assert here.left() == before
    assert [told["state"] for told in lines(gone)] == ["emptied", "gone"]
    assert lines(gone)[1]["fields"] == "dossiers:1,sheets:2,openings:1"
    assert journal.verify().is_sound


def test_worker_that_was_off_for_years_leaves_a_month_between(full: Fill, actor: Actor, run: Run):
    one = full()
    late = end(one, actor).proofs_until + timedelta(days=400)
    run(late)
    run(late + timedelta(days=30) - SECOND)
    assert one.left() == STAYS
    run(late + timedelta(days=30))
    assert one.left() == set()
    assert [told["state"] for told in lines(one)] == ["emptied", "gone"]


def test_departure_keeps_the_digests_and_no_name(full: Fill, actor: Actor, run: Run):
    one = full()
    dossier, sheets = queries.dossiers_of(one.customer_id)[0], queries.chain_of(one.customer_id)
    wanted = {"id": str(dossier.id), "number": 1, "digest": dossier.digest,
              "files": [dossier.json_file_id, dossier.pdf_file_id]}  # fmt: skip
    kept = end(one, actor)
    run(kept.machines_until)
    run(kept.proofs_until)
    noted = Departure.objects.get(pk=one.customer_id)
    assert noted.dossiers == [wanted]
    assert [told["digest"] for told in noted.sheets] == [signed.digest for signed in sheets]
    assert (noted.ended_at, noted.at) == (timezone.now(), kept.proofs_until)
    assert queries.is_vouched_for(noted)
    said = f"{noted.dossiers}{noted.sheets}{lines(one)}"
    for words in ("Lilas", "Nantes", "Aubry", "ACCUEIL"):
        assert words not in said


def test_files_of_its_dossiers_go_once_that_is_committed_and_again_after_a_fall(
    full: Fill, actor: Actor, run: Run
):
    one, other = full(), full("Cabinet du Port")
    mine = queries.dossiers_of(one.customer_id)[0]
    names = [mine.json_file_id, mine.pdf_file_id]
    content = queries.written(mine)
    kept = end(one, actor)
    # As a fall leaves it: all is committed, and no file was removed.
    retention.forget(now=kept.machines_until)
    retention.forget(now=kept.proofs_until)
    assert not Blob.objects.filter(pk__in=names).exists()
    assert set(names) <= files.here()
    run(kept.proofs_until + timedelta(days=1))
    assert not set(names) & files.here()
    (theirs,) = queries.proofs_of(other.customer_id)
    assert theirs.faults == ()
    # Who was handed the file has it, and it says of itself what it ever said.
    assert not verifying.verify([("1", content)]).findings


def test_chains_of_the_others_are_whole_afterwards(full: Fill, actor: Actor, run: Run):
    gone, here = full(), full("Cabinet du Port")
    kept = end(gone, actor)
    run(kept.machines_until)
    run(kept.proofs_until)
    assert actor.practice_id is not None
    assert [one.faults for one in queries.proofs_of(here.customer_id)] == [()]
    assert queries.gaps_of(here.customer_id) == []
    assert queries.altered_signatures(here.customer_id) == []
    assert queries.lost_of(here.customer_id, actor.practice_id) == []
    # The next of a chain follows the last, whoever went.
    assert len(queries.chain_of(here.customer_id)) == 2


def _old_line(actor: Actor, dossier: Dossier) -> None:
    """Write a line as older versions did: it names no practice."""
    journal.record(
        action=Action.CREATE, actor=actor, object_kind="evidence", object_id=str(dossier.id),
        detail={"count": dossier.number},
    )  # fmt: skip


def test_line_that_names_no_practice_is_excused_by_a_note_that_the_journal_vouches_for(
    full: Fill, actor: Actor, run: Run
):
    gone, here = full(), full("Cabinet du Port")
    _old_line(actor, queries.dossiers_of(gone.customer_id)[0])
    assert actor.practice_id is not None
    kept = end(gone, actor)
    run(kept.machines_until)
    run(kept.proofs_until)
    assert queries.lost_of(here.customer_id, actor.practice_id) == []
    change("UPDATE provider_departure SET sheets = '[]'")
    assert not queries.is_vouched_for(Departure.objects.get())
    assert len(queries.lost_of(here.customer_id, actor.practice_id)) == 1


def test_note_hides_nothing_of_a_practice_that_is_here(full: Fill, actor: Actor):
    one = full()
    assert actor.practice_id is not None
    now = timezone.now()
    operations.note_departure(
        customer_id=one.customer_id, ended_at=now - timedelta(days=9), at=now, fields=""
    )
    one.customer.makings.all().delete()
    queries.dossiers_of(one.customer_id).delete()
    assert [told.number for told in queries.lost_of(one.customer_id, actor.practice_id)] == [1]


@pytest.mark.parametrize("table", TABLES)
def test_no_row_goes_before_its_practice_is_noted(full: Fill, actor: Actor, table: str):
    one, other = full(), CustomerFactory.create()
    end(one, actor)
    one.customer.makings.all().delete()
    Departure.objects.create(
        id=other.id, ended_at=timezone.now() - SECOND, at=timezone.now(), journal_number=1
    )
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET customer_id = customer_id"):
        refused = pytest.raises(DatabaseError, match="append-only")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert one.left() >= STAYS


@pytest.mark.parametrize("table", TABLES)
def test_row_of_a_practice_that_is_noted_is_not_changed(full: Fill, actor: Actor, table: str):
    one = full()
    Departure.objects.create(
        id=one.customer_id, ended_at=timezone.now() - SECOND, at=timezone.now(), journal_number=1
    )
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET customer_id = customer_id")


@pytest.mark.parametrize(
    "statement", ["UPDATE provider_departure SET at = ended_at", "DELETE FROM provider_departure"]
)
def test_note_stays_for_good(actor: Actor, statement: str):
    now = timezone.now()
    Departure.objects.create(
        id=CustomerFactory.create().id, ended_at=now - SECOND, at=now, journal_number=1
    )
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Departure.objects.count() == 1


def test_practice_that_fails_in_the_middle_stays_whole(full: Fill, actor: Actor, run: Run):
    """Its file is named by another row: no proof of it goes, its machines do, and the others."""
    one, other = full(), full("Cabinet du Port")
    kept = end(one, actor)
    end(other, actor)
    mine = queries.dossiers_of(one.customer_id)[0]
    theirs = CustomerFactory.create()
    Dossier.objects.create(
        customer=theirs, number=1, made_at=mine.made_at, made_by=mine.made_by, made_as="x",
        digest="x", ok=0, bad=0, unknown=0, json_file=mine.json_file, pdf_file=mine.pdf_file,
        journal_number=1,
    )  # fmt: skip
    run(kept.machines_until)
    with pytest.raises(ProtectedError):
        run(kept.proofs_until)
    assert Customer.objects.filter(pk=one.customer_id).exists()
    assert SignedSheet.objects.filter(customer_id=one.customer_id).count() == 2
    assert Look.objects.filter(customer_id=one.customer_id).exists()
    assert not Departure.objects.filter(pk=one.customer_id).exists()
    assert Line.objects.filter(object_id=str(one.customer_id), detail__state="gone").count() == 0
    assert one.left() == STAYS
    assert not Customer.objects.filter(pk=other.customer_id).exists()


def test_step_of_the_migration_is_taken_back_and_taken_again(full: Fill):
    one = full()
    step, editor = goes_with_its_practice("provider_look"), connection.schema_editor()
    Departure.objects.create(
        id=one.customer_id, ended_at=timezone.now() - SECOND, at=timezone.now(), journal_number=1
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # No trigger is changed while a foreign key waits to be looked at.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert step.reverse_code is not None
    registry: Any = apps
    step.reverse_code(registry, editor)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Look.objects.filter(customer_id=one.customer_id).delete()
    step.code(registry, editor)
    Look.objects.filter(customer_id=one.customer_id).delete()
    assert not Look.objects.filter(customer_id=one.customer_id).exists()
