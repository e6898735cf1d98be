"""Background work: asked for in a transaction, done by the worker, tried again when it fails."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import task

from quenotte.base import rings
from quenotte.base.jobs.models import Run


@dataclass(frozen=True)
class Job:
    """A function that the worker can run; its arguments are internal ids only."""

    function: Callable[..., None]
    max_attempts: int
    backoff_s: float

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
            run = Run.objects.create(
                name=self.name,
                arguments={key: _plain(value) for key, value in ids.items()},
                max_attempts=self.max_attempts,
            )
            ask(run)
        return run


def job(*, max_attempts: int = 5, backoff_s: float = 10.0) -> Callable[[Callable[..., None]], Job]:
    """Make a module-level function a job: ``@job(max_attempts=5)``.

    A job may run twice (its worker was killed just after the work): it must not mind.
    ``backoff_s`` is the wait before the second attempt, in seconds; it doubles each time.
    """

    def wrap(function: Callable[..., None]) -> Job:
        return Job(function, max_attempts, backoff_s)

    return wrap


def ask(run: Run, *, at: datetime | None = None) -> None:
    """Put a run in the worker's queue, for now or for a later moment."""
    perform.using(run_after=at).enqueue(str(run.id))
    rings.ring_on_commit(rings.JOBS)


@task()
def perform(run_id: str) -> None:
    """Do one attempt of a run (the only task that django-tasks knows)."""
    run = Run.objects.get(pk=UUID(run_id))
    found = cast("Job", import_string(run.name))
    found(**run.arguments)
    run.state = Run.State.DONE
    run.save(update_fields=["state"])


def _plain(value: Any) -> str | int | bool | None:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, UUID):
        return str(value)
    raise TypeError("a job takes ids only: text, numbers, UUIDs")
