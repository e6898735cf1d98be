"""Does the work of the queue: a few threads, woken by a ring, that stop when asked."""

import logging
import threading
from typing import Final

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from quenotte.base import rings
from quenotte.base.jobs import operations

logger = logging.getLogger(__name__)

#: Threads; a long piece of work does not hold up a short one.
THREADS: Final = 2
#: Without any ring, the queue is looked at this often, in seconds.
POLL_S: Final = 5.0
#: How often the leases are renewed and killed workers looked for, in seconds.
WATCH_S: Final = 15.0


class Crew:
    """The threads of one worker process."""

    def __init__(self, threads: int = THREADS) -> None:
        self._stopped = threading.Event()
        self._bells: list[rings.Bell] = []
        self._threads = [
            threading.Thread(target=self._work, args=[number], name=f"job-{number}", daemon=True)
            for number in range(threads)
        ]
        self._watcher = threading.Thread(target=self._watch, name="leases", daemon=True)

    def start(self) -> None:
        """Take up what killed workers left, then begin."""
        operations.take_up_abandoned()
        for thread in [*self._threads, self._watcher]:
            thread.start()

    def stop(self, *, patience_s: float = 3.0) -> bool:
        """Let the work under way finish; hand back what takes too long. True: all finished."""
        self._stopped.set()
        for bell in self._bells:
            bell.wake()
        share_s = patience_s / len(self._threads)
        for thread in self._threads:
            thread.join(share_s)
        if not any(thread.is_alive() for thread in self._threads):
            return True
        logger.warning("%s runs handed back", operations.hand_back())
        return False

    def _work(self, number: int) -> None:
        worker = _new_worker(f"{operations.this_worker()}:{number}")
        with rings.Bell(rings.JOBS) as bell:
            self._bells.append(bell)
            while not self._stopped.is_set():
                bell.wait(self._turn(worker))
        connection.close()

    def _turn(self, worker: Worker) -> float:
        """Empty the queue; return how long to sleep, in seconds."""
        try:
            close_old_connections()
            while not self._stopped.is_set() and _do_one(worker):
                close_old_connections()
            return _until_next_s()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("the queue cannot be read: %s", type(error).__name__)
            close_old_connections()
            return 1.0

    def _watch(self) -> None:
        while not self._stopped.wait(WATCH_S):
            try:
                close_old_connections()
                operations.keep_leases()
                operations.take_up_abandoned()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("leases cannot be renewed: %s", type(error).__name__)
        connection.close()


def drain() -> None:
    """Do everything that is ready, here and now (tests, command line)."""
    worker = _new_worker("drain")
    while _do_one(worker):
        pass


def _new_worker(worker_id: str) -> Worker:
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id[-64:],
        excluded_queue_names=[],
    )


def _do_one(worker: Worker) -> bool:
    """Claim the next task and run it; tell whether there was one."""
    ready = DBTaskResult.objects.ready()
    # Look without the lock that claiming takes: most looks find nothing.
    if not ready.exists():
        return False
    with exclusive_transaction(ready.db):
        claimed = ready.get_locked()
        if claimed is not None:
            claimed.claim(worker.worker_id)
    if claimed is None:
        return False
    worker.run_task(claimed)
    return True


def _until_next_s() -> float:
    waiting = DBTaskResult.objects.filter(status="READY", run_after__gt=timezone.now())
    first = waiting.order_by("run_after").values_list("run_after", flat=True).first()
    if first is None:
        return POLL_S
    return min(POLL_S, max(0.05, (first - timezone.now()).total_seconds()))
