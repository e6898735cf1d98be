"""Background work: asked for in a transaction, done by the worker, tried again when it fails."""

import functools
import logging
import os
import random
import secrets
import socket
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from quenotte.base import rings
from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.jobs.models import Run
from quenotte.base.jobs.rules import LONGEST_DELAY_S, delay_before_next
from quenotte.base.live import operations as live
from quenotte.kernel.errors import Refusal

logger = logging.getLogger(__name__)

#: A run whose worker gave no sign for so long is taken up by another one, in seconds.
LEASE_S: Final = 60.0
#: The live event of the page of jobs, and the permission to hear it.
EVENT: Final = "jobs"
AUDIENCE: Final = "jobs.read"

#: This machine, as the runs name it.
MACHINE: Final = socket.gethostname()[:40]


class NotFailed(Refusal):
    """Only work that was given up can be asked for again by a person."""

    message = _("Cette tâche n’est pas en échec : il n’y a rien à relancer.")


def this_worker() -> str:
    """Return this process as the runs name it: machine, process number, a draw against reuse."""
    return _worker_of(os.getpid())


@functools.cache
def _worker_of(pid: int) -> str:
    """Return the name of a process; a copy of this one has another."""
    return f"{MACHINE}:{pid}:{secrets.token_hex(4)}"


@dataclass(frozen=True)
class Job:
    """A function that the worker can run; its arguments are internal ids only."""

    function: Callable[..., None]
    max_attempts: int
    backoff_s: float
    #: What it does, in French, for the page of background work.
    label: object = ""
    longest_s: float = LONGEST_DELAY_S

    @property
    def name(self) -> str:
        """Where the worker finds it: the dotted path of the function."""
        return f"{self.function.__module__}.{self.function.__qualname__}"

    def __call__(self, **ids: Any) -> None:
        """Do the work here and now (tests, command line)."""
        self.function(**ids)

    def enqueue(self, **ids: Any) -> Run:
        """Ask for the work; the worker sees it when the current transaction is committed."""
        with transaction.atomic():
            return self._asked(ids)

    def enqueue_once(self, period: str) -> Run | None:
        """Ask for the work of a period, unless some worker has already done so."""
        if Run.objects.filter(period=period).exists():
            return None
        try:
            with transaction.atomic():
                return self._asked({}, period=period)
        except IntegrityError:
            return None

    def _asked(self, ids: dict[str, Any], *, period: str = "") -> Run:
        run = Run.objects.create(
            name=self.name,
            arguments={key: _plain(value) for key, value in ids.items()},
            max_attempts=self.max_attempts,
            period=period,
        )
        _ask(run)
        return run


def job(
    *,
    max_attempts: int = 5,
    backoff_s: float = 10.0,
    label: object = "",
    longest_s: float = LONGEST_DELAY_S,
) -> Callable[[Callable[..., None]], Job]:
    """Make a module-level function a job: ``@job(max_attempts=5, label=_("…"))``.

    A job may run twice (its worker was killed just after the work): it must not mind.
    ``backoff_s`` is the wait before the second attempt, in seconds; it doubles each time, up to
    ``longest_s``: short where somebody sits before the page.
    """

    def wrap(function: Callable[..., None]) -> Job:
        return Job(function, max_attempts, backoff_s, label, longest_s)

    return wrap


@task()
def perform(run_id: str) -> None:
    """Do one attempt of a run (the only task that django-tasks knows)."""
    run = _begin(UUID(run_id))
    if run is None:
        return
    try:
        found = import_string(run.name)
        found(**run.arguments)
    except Exception as error:  # noqa: BLE001 - whatever fails is tried again
        _failed(run, error)
    else:
        _finish(run, Run.State.DONE)


def ask_again(run_id: UUID, *, actor: Actor) -> Run:
    """Ask again for work that was given up, with all its attempts.

    Raises: Run.DoesNotExist; NotFailed.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state != Run.State.FAILED:
            raise NotFailed
        run.attempts, run.error, run.finished_at = 0, "", None
        run.state = Run.State.WAITING
        run.save()
        _ask(run)
        _tell(run)
        record(action=Action.CHANGE, actor=actor, object_kind="run", object_id=str(run.id))
    return run


def keep_leases() -> None:
    """Show that this process still works on what it has begun."""
    until = timezone.now() + timedelta(seconds=LEASE_S)
    _mine().update(leased_until=until)


def hand_back() -> int:
    """Give up what this process has begun and cannot finish; return how many runs."""
    with transaction.atomic():
        runs = list(_mine().select_for_update())
        for run in runs:
            # Being stopped is no failure of the work.
            run.attempts = max(0, run.attempts - 1)
            _wait_again(run)
    return len(runs)


def take_up_abandoned() -> int:
    """Put back in the queue what killed workers had begun; return how many runs."""
    now = timezone.now()
    with transaction.atomic():
        running = Run.objects.select_for_update().filter(state=Run.State.RUNNING)
        runs = [
            run
            for run in running.exclude(worker=this_worker())
            if run.leased_until is None or run.leased_until < now or _is_dead(run.worker)
        ]
        for run in runs:
            if run.attempts >= run.max_attempts:
                run.error = "WorkerKilled"
                _finish(run, Run.State.FAILED)
            else:
                _wait_again(run)
    return len(runs)


def purge(*, older_than: timedelta = timedelta(days=30)) -> int:
    """Forget what was finished long ago; return how many runs."""
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - timedelta(hours=1)).delete()
    DBTaskResult.objects.running().filter(started_at__lt=now - timedelta(days=1)).delete()
    over = Run.objects.filter(state__in=[Run.State.DONE, Run.State.FAILED])
    return over.filter(created_at__lt=now - older_than).delete()[0]


def _ask(run: Run, *, at: datetime | None = None) -> None:
    """Put a run in the worker's queue, for now or for a later moment."""
    perform.using(run_after=at).enqueue(str(run.id))
    rings.ring_on_commit(rings.JOBS)


def _begin(run_id: UUID) -> Run | None:
    """Take a run for this process; None when there is nothing left to do for it."""
    with transaction.atomic():
        run = Run.objects.select_for_update().filter(pk=run_id).first()
        if run is None or run.state in {Run.State.DONE, Run.State.FAILED, Run.State.RUNNING}:
            return None
        run.state, run.worker = Run.State.RUNNING, this_worker()
        run.attempts = F("attempts") + 1
        run.leased_until = timezone.now() + timedelta(seconds=LEASE_S)
        run.next_attempt_at = None
        run.save()
        run.refresh_from_db()
        return run


def _failed(run: Run, error: Exception) -> None:
    run.error = f"{type(error).__name__} (incident {_incident(run, error)})"
    if run.attempts >= run.max_attempts:
        _finish(run, Run.State.FAILED)
        return
    backoff_s, longest_s = _waits_of(run)
    wait_s = delay_before_next(
        run.attempts,
        backoff_s=backoff_s,
        chance=random.random(),  # noqa: S311
        longest_s=longest_s,
    )
    run.state = Run.State.RETRYING
    run.next_attempt_at = timezone.now() + timedelta(seconds=wait_s)
    run.worker, run.leased_until = "", None
    with transaction.atomic():
        run.save()
        _ask(run, at=run.next_attempt_at)
        _tell(run)


def _finish(run: Run, state: Run.State) -> None:
    run.state, run.finished_at = state, timezone.now()
    run.worker, run.leased_until = "", None
    if state == Run.State.DONE:
        run.error = ""
    with transaction.atomic():
        run.save()
        _tell(run)


def _wait_again(run: Run) -> None:
    run.state, run.worker, run.leased_until = Run.State.WAITING, "", None
    run.save()
    _ask(run)


def _tell(run: Run) -> None:
    live.publish(practice_id=None, name=EVENT, data={"run": str(run.id)}, audience=AUDIENCE)


def _waits_of(run: Run) -> tuple[float, float]:
    """Return the first wait and the longest one, in seconds."""
    try:
        found = import_string(run.name)
        return float(found.backoff_s), float(found.longest_s)
    except (ImportError, AttributeError):
        return 60.0, LONGEST_DELAY_S


def _incident(run: Run, error: Exception) -> str:
    """Write the failure to the log once; return its number.

    The log says where it failed and never what the error says: it may quote a patient.
    """
    number = secrets.token_hex(4)
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("incident %s in %s: %s\n%s", number, run.name, type(error).__name__, frames)
    return number


def _mine() -> Any:
    return Run.objects.filter(worker=this_worker(), state=Run.State.RUNNING)


def _is_dead(worker: str) -> bool:
    """Tell whether a worker of this machine is gone; of another machine nobody knows."""
    machine, _colon, rest = worker.partition(":")
    number = rest.partition(":")[0]
    if machine != MACHINE or not number.isdigit():
        return False
    # Our own number under another draw: an earlier process that had it.
    return int(number) == os.getpid() or not rings.is_alive(int(number))


def _plain(value: Any) -> str | int | bool | None:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, UUID):
        return str(value)
    raise TypeError("a job takes ids only: text, numbers, UUIDs")
