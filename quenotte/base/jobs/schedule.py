"""Periodic jobs: each period is run once, by whichever worker writes it down first.

The computers of a practice sleep at night: a job of every day runs on each day on which a
worker lives, soon after it starts, and not only at three in the morning.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from quenotte.base.jobs.operations import Job
from quenotte.base.jobs.rules import period_key

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

logger = logging.getLogger(__name__)

#: A period is looked at at least this often, in seconds.
LOOK_S: Final = 600
#: Nothing periodic disturbs the first seconds of a start.
FIRST_LOOK_S: Final = 10


@dataclass(frozen=True)
class Periodic:
    """A job and how often it runs: every so many seconds, or at the dates of a crontab line."""

    name: str
    job: Job
    seconds: int | None = None
    cron: str | None = None

    def look(self) -> bool:
        """Ask for the work when its period has not been run yet; tell whether it was asked."""
        now = timezone.now()
        if self.seconds is not None:
            key = period_key(self.name, at_s=now.timestamp(), every_s=self.seconds)
        else:
            key = f"{self.name}@{now:%Y-%m-%dT%H:%M}"
        return self.job.enqueue_once(key) is not None


_registry: dict[str, Periodic] = {}


def every(name: str, job: Job, *, seconds: int | None = None, cron: str | None = None) -> None:
    """Register a periodic job: ``every("purge", purge, seconds=3600)`` or ``cron="0 7 * * 1"``.

    Raises: ValueError when neither or both are given, or when the name is taken.
    """
    if (seconds is None) == (cron is None):
        raise ValueError("give either seconds or cron")
    if name in _registry and _registry[name].job != job:
        raise ValueError(f"two periodic jobs are named {name}")
    _registry[name] = Periodic(name, job, seconds, cron)


def registered() -> list[Periodic]:
    """Return the periodic jobs, in the order of their names."""
    return [_registry[name] for name in sorted(_registry)]


def start() -> "BackgroundScheduler":
    """Start the clock in a thread of its own; the caller shuts it down."""
    from apscheduler.schedulers.background import BackgroundScheduler

    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone=settings.TIME_ZONE)
    for number, periodic in enumerate(registered()):
        scheduler.add_job(
            _look,
            args=[periodic],
            id=periodic.name,
            coalesce=True,
            misfire_grace_time=3_600,
            max_instances=1,
            **_timing(periodic, number),
        )
    scheduler.start()
    return scheduler


def _timing(periodic: Periodic, number: int) -> dict[str, Any]:
    from apscheduler.triggers.cron import CronTrigger
    from apscheduler.triggers.interval import IntervalTrigger

    if periodic.cron is not None:
        return {"trigger": CronTrigger.from_crontab(periodic.cron, timezone=settings.TIME_ZONE)}
    assert periodic.seconds is not None
    trigger = IntervalTrigger(seconds=min(periodic.seconds, LOOK_S), timezone=settings.TIME_ZONE)
    first = timezone.localtime() + timedelta(seconds=FIRST_LOOK_S + number)
    return {"trigger": trigger, "next_run_time": first}


def _look(periodic: Periodic) -> None:
    close_old_connections()
    try:
        periodic.look()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("%s could not be asked for: %s", periodic.name, type(error).__name__)
    finally:
        close_old_connections()
