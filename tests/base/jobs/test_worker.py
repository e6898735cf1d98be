import threading
import time
from typing import Any

import pytest
from django.db import OperationalError

from quenotte.base.jobs import worker
from quenotte.base.jobs.models import Run
from quenotte.base.jobs.worker import Crew
from tests.base.jobs import work
from tests.support.installations import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]

#: Held by the test while a job must not end.
gate = threading.Event()


@pytest.fixture(autouse=True)
def fresh_start() -> None:
    """An open gate, and nothing done yet."""
    gate.set()
    work.done.clear()


@work.job(max_attempts=3)
def wait_for_gate() -> None:
    """Work until the test lets go."""
    gate.wait(10)


def is_done(run: Run) -> bool:
    return Run.objects.filter(pk=run.pk, state="done").exists()


def test_crew_picks_up_work_when_it_is_rung(shared_memory: None, monkeypatch: pytest.MonkeyPatch):
    # It would not look by itself before this test gives up.
    monkeypatch.setattr(worker, "POLL_S", 600.0)
    crew = Crew(threads=1)
    crew.start()
    time.sleep(0.2)
    run = work.note.enqueue(number=1)
    wait_until(lambda: is_done(run))
    assert crew.stop()
    assert work.done == [{"number": 1}]


def test_crew_hands_back_what_takes_too_long(shared_memory: None):
    gate.clear()
    run = wait_for_gate.enqueue()
    crew = Crew(threads=1)
    crew.start()
    wait_until(lambda: Run.objects.filter(pk=run.pk, state="running").exists())
    assert not crew.stop(patience_s=0.2)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("waiting", 0)
    gate.set()
    for thread in crew._threads:
        thread.join(5)


def test_crew_survives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def away(_worker: Any) -> bool:
        raise OperationalError("gone")

    monkeypatch.setattr(worker, "_do_one", away)
    assert Crew(threads=1)._turn(worker._new_worker("x")) == 1.0
    assert "the queue cannot be read" in caplog.text


def test_sleep_lasts_until_the_next_attempt():
    run = work.fail.enqueue(number=1)
    assert worker._until_next_s() == worker.POLL_S
    worker.drain()
    run.refresh_from_db()
    Run.objects.filter(pk=run.pk).update(state="retrying")
    from datetime import timedelta

    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.filter(status="READY").update(
        run_after=timezone.now() + timedelta(seconds=2)
    )
    assert 1.5 < worker._until_next_s() <= 2
