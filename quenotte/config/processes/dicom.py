"""The DICOM process: the port that imaging devices send to."""

import os
import sys
import threading

from quenotte.config.processes import lifeline


def main(host: str, port: int) -> None:
    """Listen on ``host:port`` until SIGTERM; objects under way are finished first."""
    lifeline.attach("dicom")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    import django

    django.setup()
    from quenotte.config import dicom_door, logs

    logs.start("dicom")
    stopped = threading.Event()
    lifeline.on_stop(stopped.set)
    lifeline.wait_for_start()
    with dicom_door.opened(host, port):
        stopped.wait()
    lifeline.finish()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
