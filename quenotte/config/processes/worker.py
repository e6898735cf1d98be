"""The worker process: background jobs and the clock of the periodic ones."""

import threading

from quenotte.config import sites
from quenotte.config.processes import lifeline
from quenotte.config.sites import Background


def main() -> None:
    """Work until SIGTERM; what is under way is finished, or handed back."""
    lifeline.attach("worker")
    site = sites.here()
    import django

    django.setup()
    from quenotte.base.jobs import schedule
    from quenotte.base.jobs.worker import Crew
    from quenotte.config import data_folder, falls, logs, periodic

    logs.start("worker")
    stopped = threading.Event()
    lifeline.on_stop(stopped.set)
    lifeline.wait_for_start()
    falls.tell(data_folder.default_folder())
    site.register()
    crew = Crew()
    crew.start()
    clock = schedule.start()
    for name, work in site.background().items():
        threading.Thread(target=_beside, args=[work, stopped], name=name, daemon=True).start()
    stopped.wait()
    clock.shutdown(wait=False)
    crew.stop()
    periodic.anchor_at_stop()
    lifeline.finish()


def _beside(work: Background, stopped: threading.Event) -> None:
    """Work beside the jobs, on a connection of its own."""
    from django.db import connection

    try:
        work(stopped)
    finally:
        connection.close()


if __name__ == "__main__":
    main()
