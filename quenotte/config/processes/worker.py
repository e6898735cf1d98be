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
    from quenotte.upkeep.restores import operations as restores

    logs.start("worker")
    stopped = threading.Event()
    lifeline.on_stop(stopped.set)
    lifeline.wait_for_start()
    falls.tell(data_folder.default_folder())
    periodic.register()
    crew = Crew()
    crew.start()
    clock = schedule.start()
    threading.Thread(target=restores.keep_filling, args=[stopped], name="return").start()
    stopped.wait()
    clock.shutdown(wait=False)
    crew.stop()
    periodic.anchor_at_stop()
    lifeline.finish()


if __name__ == "__main__":
    main()
