"""Brings what the machines of the demo would: a heartbeat each, through the real door."""

import http.client
import sys
import time
from threading import Event
from typing import Final

from quenotte.config import sites

#: Between two words of one machine, in seconds: as often as the companion reports.
EVERY_S: Final = 240
_PATIENCE_S: Final = 60.0


def main(host: str, port: int) -> int:
    """Let the machines speak until we are stopped; return the exit code."""
    sites.here()
    import django

    django.setup()
    from quenotte.config.fleet_demo import crowd

    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            crowd.speak(crowd.speakers(), host, port, seconds=EVERY_S, stopped=Event())
        except (OSError, http.client.HTTPException):
            # The door opens after us, and closes before.
            if time.monotonic() > deadline:
                return 1
            time.sleep(1)
            continue
        deadline = time.monotonic() + EVERY_S + _PATIENCE_S


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
