import os
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import SYSTEM
from quenotte.base.jobs import operations
from quenotte.base.jobs.models import Run
from quenotte.base.jobs.operations import MACHINE, NotFailed, ask_again, this_worker
from quenotte.base.jobs.worker import drain
from quenotte.base.live.models import Event
from tests.base.jobs import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    """Forget what jobs of earlier tests did."""
    work.done.clear()


def state_of(run: Run) -> tuple[str, int]:
    run.refresh_from_db()
    return run.state, run.attempts


def running(**changes: Any) -> Run:
    """A run that some worker has begun."""
    run = work.note.enqueue(number=1)
    DBTaskResult.objects.all().delete()
    fields = {"state": Run.State.RUNNING, "attempts": 1, "worker": "ailleurs:1:a", **changes}
    Run.objects.filter(pk=run.pk).update(**fields)
    return run


def test_job_runs_with_its_ids():
    picture = uuid4()
    run = work.note.enqueue(picture_id=picture, number=3, word="a", flag=None)
    assert state_of(run) == ("waiting", 0)
    drain()
    assert work.done == [{"picture_id": str(picture), "number": 3, "word": "a", "flag": None}]
    assert state_of(run) == ("done", 1)
    assert run.finished_at == timezone.now()
    assert (run.worker, run.leased_until) == ("", None)


def test_job_called_directly_runs_here():
    work.note(number=1)
    assert work.done == [{"number": 1}]
    assert Run.objects.count() == 0


def test_enqueue_refuses_what_is_no_id():
    with pytest.raises(TypeError, match="ids only"):
        work.note.enqueue(patient={"name": "Martin"})
    assert Run.objects.count() == 0


def test_enqueue_is_undone_with_its_transaction():
    def ask_and_break() -> None:
        with transaction.atomic():
            work.note.enqueue(number=1)
            raise work.Oops

    with pytest.raises(work.Oops):
        ask_and_break()
    drain()
    assert work.done == []
    assert Run.objects.count() == 0


def test_failed_job_is_tried_again_later_then_given_up(frozen_clock: Any):
    run = work.fail.enqueue(number=1)
    drain()
    assert state_of(run) == ("retrying", 1)
    assert run.next_attempt_at is not None
    wait = run.next_attempt_at - timezone.now()
    assert timedelta(seconds=10) <= wait <= timedelta(seconds=12.5)
    drain()
    assert state_of(run) == ("retrying", 1)
    frozen_clock.shift(15)
    drain()
    assert state_of(run) == ("failed", 2)
    assert Event.objects.filter(name="jobs", audience="jobs.read", practice_id=None).count() == 2


def test_error_is_kept_without_its_text(caplog: pytest.LogCaptureFixture):
    run = work.fail.enqueue(number=1)
    drain()
    run.refresh_from_db()
    assert run.error.startswith("Oops (incident ")
    number = run.error.removeprefix("Oops (incident ").removesuffix(")")
    assert number in caplog.text
    assert "work.py" in caplog.text
    assert "Martin" not in caplog.text
    assert "Martin" not in str(list(DBTaskResult.objects.values()))


def test_job_that_no_longer_exists_fails(frozen_clock: Any):
    run = work.note.enqueue(number=1)
    Run.objects.filter(pk=run.pk).update(name="quenotte.gone.job", max_attempts=2)
    drain()
    assert state_of(run) == ("retrying", 1)
    frozen_clock.shift(100)
    drain()
    assert state_of(run) == ("failed", 2)
    assert run.error.startswith("ModuleNotFoundError")


def test_ask_again_gives_all_attempts_back():
    run = work.fail_at_once.enqueue()
    drain()
    assert state_of(run) == ("failed", 1)
    ask_again(run.pk, actor=SYSTEM)
    assert state_of(run) == ("waiting", 0)
    assert run.error == ""
    assert Line.objects.filter(object_kind="run", object_id=str(run.pk)).count() == 1
    drain()
    assert state_of(run) == ("failed", 1)


def test_ask_again_refused_when_not_failed():
    run = work.note.enqueue(number=1)
    with pytest.raises(NotFailed, match="pas en échec"):
        ask_again(run.pk, actor=SYSTEM)


def test_second_delivery_of_a_run_does_nothing():
    run = work.note.enqueue(number=1)
    operations._ask(run)
    drain()
    assert len(work.done) == 1
    operations.perform.call(str(uuid4()))
    assert state_of(run) == ("done", 1)


def test_leases_of_this_process_are_renewed():
    mine = running(worker=this_worker(), leased_until=timezone.now())
    other = running(leased_until=timezone.now())
    operations.keep_leases()
    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.leased_until == timezone.now() + timedelta(seconds=60)
    assert other.leased_until == timezone.now()


def test_hand_back_costs_no_attempt():
    run = running(worker=this_worker())
    assert operations.hand_back() == 1
    assert state_of(run) == ("waiting", 0)
    drain()
    assert state_of(run) == ("done", 1)


@pytest.mark.parametrize(
    ("worker", "leased_s", "is_taken"),
    [
        ("ailleurs:1:a", -1, True),
        ("ailleurs:1:a", 30, False),
        (f"{MACHINE}:4194399:a", 30, True),
        (f"{MACHINE}:{os.getpid()}:earlier", 30, True),
        (f"{MACHINE}:1:a", 30, False),
        (f"{MACHINE}:?:a", 30, False),
    ],
    ids=["lease-over", "elsewhere", "dead-here", "earlier-life", "alive-here", "unreadable"],
)
def test_abandoned_run_is_taken_up(worker: str, leased_s: int, is_taken: bool):
    run = running(worker=worker, leased_until=timezone.now() + timedelta(seconds=leased_s))
    assert operations.take_up_abandoned() == int(is_taken)
    assert state_of(run)[0] == ("waiting" if is_taken else "running")


def test_run_that_kills_its_workers_is_given_up():
    run = running(attempts=3, leased_until=None)
    operations.take_up_abandoned()
    assert state_of(run) == ("failed", 3)
    assert run.error == "WorkerKilled"


def test_enqueue_once_a_period():
    assert work.periodic.enqueue_once("p@1") is not None
    assert work.periodic.enqueue_once("p@1") is None
    assert work.periodic.enqueue_once("p@2") is not None
    drain()
    assert len(work.done) == 2


def test_enqueue_once_when_another_worker_is_faster(monkeypatch: pytest.MonkeyPatch):
    work.periodic.enqueue_once("p@1")
    empty = Run.objects.none()
    monkeypatch.setattr(type(Run.objects), "filter", lambda *_a, **_k: empty)
    assert work.periodic.enqueue_once("p@1") is None


def test_purge_forgets_what_is_over(frozen_clock: Any):
    old = work.note.enqueue(number=1)
    failing = work.fail.enqueue(number=2)
    drain()
    frozen_clock.shift(timedelta(days=31))
    young = work.note.enqueue(number=3)
    assert operations.purge() == 1
    assert {run.pk for run in Run.objects.all()} == {failing.pk, young.pk}
    assert old.pk not in {run.pk for run in Run.objects.all()}
    assert DBTaskResult.objects.finished().count() == 0
