"""One run at a time for a data folder; the system frees the turn when its holder dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal


class Busy(Refusal):
    """Another copy or proof is under way on this machine."""

    message = _("Une sauvegarde ou une preuve est déjà en cours sur ce serveur.")
    next_step = _("Rien n’a été commencé : attendez sa fin, puis recommencez.")


#: How long what a person asked for waits for the copy of the minute to end.
PATIENCE_S: Final = 20.0
_STEP_S: Final = 0.25


@contextmanager
def turn(*, patience_s: float = 0.0) -> Iterator[None]:
    """Hold the only turn for the work inside, waiting that long for it. Raises: Busy."""
    path = Path(settings.DATA_DIR) / "run" / "backup.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(handle, patience_s)
        yield
    finally:
        os.close(handle)


def is_free() -> bool:
    """Tell whether nobody holds the turn now: enough to hold back by, a moment later it may be."""
    try:
        with turn():
            return True
    except Busy:
        return False


def _take(handle: int, patience_s: float) -> None:
    for _step in range(int(patience_s / _STEP_S)):
        if _is_taken(handle):
            return
        time.sleep(_STEP_S)
    if not _is_taken(handle):
        raise Busy


def _is_taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
