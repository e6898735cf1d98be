"""Logs of the data folder: small, rotated, without a patient's data."""

import logging
import logging.handlers
import os
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from quenotte.config import data_folder

#: Size of one file in bytes, and how many old ones are kept beside it.
FILE_BYTES = 5_000_000
KEPT = 4
#: Processes that speak to a person in their window: what they log stays in the file.
_OF_THE_WINDOW = ("supervisor", "demo")


class Frames(logging.Formatter):
    """Writes where something failed, never what the error says: it may quote a patient."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        # Django sets the clock of its own processes: the supervisor would tell another hour.
        self._zone = ZoneInfo(os.environ.get("QUENOTTE_TIME_ZONE", "Europe/Paris"))

    def formatTime(self, record: Any, datefmt: str | None = None) -> str:  # noqa: N802
        """Return the instant in ISO 8601, with the offset of the practice's time zone."""
        return datetime.fromtimestamp(record.created, self._zone).isoformat(timespec="milliseconds")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the standard library's name
        """Return the frames and the name of the error, without its text."""
        kind, trace = ei[0], ei[2]
        return "".join(traceback.format_tb(trace)) + getattr(kind, "__qualname__", "?")


def start(name: str, *, folder: Path | None = None) -> None:
    """Send this process's log to ``logs/<name>.log`` (and to the console when run alone)."""
    folder = folder or data_folder.prepare(data_folder.default_folder())
    path = folder / "logs" / f"{name}.log"
    old_mask = os.umask(0o077)
    try:
        file = logging.handlers.RotatingFileHandler(
            path, maxBytes=FILE_BYTES, backupCount=KEPT, encoding="utf-8"
        )
    finally:
        os.umask(old_mask)
    root = logging.getLogger()
    root.handlers[:] = [file]
    if sys.stderr.isatty() and name not in _OF_THE_WINDOW:
        root.addHandler(logging.StreamHandler())
    for handler in root.handlers:
        handler.setFormatter(Frames())
    root.setLevel(logging.WARNING)
    logging.getLogger("quenotte").setLevel(logging.INFO)
    # A failed request is told once, by the page that answers it (config.failures).
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    # It would write the address of a page, which names a patient.
    logging.getLogger("django.security.csrf").setLevel(logging.CRITICAL)
    logging.captureWarnings(True)
