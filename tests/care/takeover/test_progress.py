from uuid import uuid4

import pytest
from django.db import connection, transaction

from quenotte.care.takeover import jobs, operations, progress, queries
from quenotte.care.takeover.models import Import, Progress
from quenotte.care.takeover.progress import Reporter, share_of
from tests.support.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_progress_is_seen_from_another_connection_inside_the_transaction(received, monkeypatch):
    source = received()
    Progress.objects.create(source=source)
    monkeypatch.setattr(progress, "_EVERY_S", 0.0)
    with Reporter(source.id, total=20) as told, transaction.atomic():
        # The transaction holds the lock of whoever writes.
        Import.objects.filter(id=source.id).update(trouble="x")
        told(7)
        assert race(lambda: share_of(source.id)) == [(7, 20)]
    if connection.vendor == "sqlite":
        assert share_of(source.id) == (0, 0)
    assert queries.progress_of(source)[0] in {0, 7}


def test_nothing_is_told_of_an_import_that_nobody_works_on():
    assert share_of(uuid4()) == (0, 0)


def test_progress_that_cannot_be_told_stops_nothing(received, monkeypatch, folder):
    source = received()

    def fall(*_args):
        raise OSError

    monkeypatch.setattr(progress, "_write", fall)
    with Reporter(source.id, total=3) as told:
        told(1)


def test_two_people_who_start_writing_at_once_start_it_once(checked, actor, alice):
    source = checked()
    done = race(
        lambda: operations.start_writing(actor=actor, import_id=source.id),
        lambda: operations.start_writing(actor=actor, import_id=source.id),
    )
    assert sorted(type(one).__name__ for one in done) == ["Import", "NotNow"]


def test_two_workers_write_it_once(checked, actor, alice):
    from quenotte.care.patients.models import Patient

    source = checked()
    operations.start_writing(actor=actor, import_id=source.id)
    ids = {"import_id": str(source.id), "person_id": str(alice.id)}
    race(lambda: jobs.write(**ids), lambda: jobs.write(**ids))
    source.refresh_from_db()
    assert (source.state, Patient.objects.count()) == ("done", 3)
