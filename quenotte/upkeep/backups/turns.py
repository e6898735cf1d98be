"""One run at a time for a data folder; the system frees the turn when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal


class Busy(Refusal):
    """Another copy or proof is under way on this machine."""

    message = _("Une sauvegarde ou une preuve est déjà en cours sur ce serveur.")
    next_step = _("Rien n’a été commencé : attendez sa fin, puis recommencez.")


@contextmanager
def turn() -> Iterator[None]:
    """Hold the only turn for the work inside. Raises: Busy."""
    path = Path(settings.DATA_DIR) / "run" / "backup.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield
    finally:
        os.close(handle)
