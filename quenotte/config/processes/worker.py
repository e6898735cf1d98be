"""The worker process: background jobs and the clock of the periodic ones."""

import os
import threading

from quenotte.config.processes import lifeline


def main() -> None:
    """Work until SIGTERM; what is under way is finished, or handed back."""
    lifeline.attach("worker")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
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
    periodic.register()
    crew = Crew()
    crew.start()
    clock = schedule.start()
    threading.Thread(target=_bring_back, args=[stopped], name="return", daemon=True).start()
    threading.Thread(target=_ship_files, args=[stopped], name="files", daemon=True).start()
    stopped.wait()
    clock.shutdown(wait=False)
    crew.stop()
    periodic.anchor_at_stop()
    lifeline.finish()


def _bring_back(stopped: threading.Event) -> None:
    """Bring back the files of a practice that comes from a copy; most have none to bring."""
    from django.db import connection

    from quenotte.upkeep.restores.operations import keep_filling

    try:
        keep_filling(stopped)
    finally:
        connection.close()


def _ship_files(stopped: threading.Event) -> None:
    """Send the files that came since the last copy, as the journal sends the rows."""
    from django.db import connection

    from quenotte.upkeep.backups.shipping import keep_shipping

    try:
        keep_shipping(stopped)
    finally:
        connection.close()


if __name__ == "__main__":
    main()
