"""Sends the demo's radiographs through the practice's own DICOM door, once it is open."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable

from quenotte.config import console, ports
from quenotte.config.words import _
from quenotte.kernel.errors import Refusal

logger = logging.getLogger("quenotte.demo_pictures")

#: How long the door is waited for, in seconds.
_DOOR_S = 30.0


def main(host: str, port: int) -> int:
    """Send what has not arrived yet, say how far it is; return the exit code.

    It shares the window of the person who started the demo: whatever fails is told there in
    one line, and in ``logs/demo.log`` with its details.
    """
    # Until the log is open, nothing is written anywhere rather than in the window.
    logging.getLogger().addHandler(logging.NullHandler())
    threading.excepthook = _log_thread
    try:
        _send(host, port)
    except Refusal as refusal:
        logger.warning("pictures left for the next start: %s", type(refusal).__name__)
    except Exception:
        logger.exception("pictures left for the next start")
    else:
        return 0
    console.say(
        _(
            "  Le reste des radiographies de démonstration sera envoyé au prochain démarrage ; "
            "rien n’est perdu."
        )
    )
    return 1


def _send(host: str, port: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    import django

    django.setup()
    from quenotte.config import logs
    from quenotte.config.demo import pictures

    logs.start("demo")
    deadline = time.monotonic() + _DOOR_S
    while not ports.answers(host, port) and time.monotonic() < deadline:
        time.sleep(0.2)
    pictures.send(host=host, port=port, progress=_in_tenths())


def _in_tenths() -> Callable[[str, float], None]:
    said = -1

    def progress(sentence: str, share: float) -> None:
        nonlocal said
        if int(share * 10) != said:
            said = int(share * 10)
            console.progress(sentence, share)

    return progress


def _log_thread(failure: threading.ExceptHookArgs) -> None:
    """Keep the failure of a network thread out of the window."""
    logger.error("a thread failed: %s", getattr(failure.exc_type, "__name__", "?"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
