"""Objects that the listener could not keep: a line of the journal, never one for each try."""

import logging
import threading
import time
from dataclasses import dataclass, field

from django.db import DatabaseError

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.care.imaging import queries
from quenotte.care.imaging.operations.equipment import clean_title

logger = logging.getLogger(__name__)

#: A device sends again and again what was refused: its tries share a line, in seconds.
PAUSE_S = 60.0


@dataclass
class Refusals:
    """What was refused to whom since the last line; called from several threads."""

    _noted_at: dict[tuple[str, str], float] = field(default_factory=dict)
    _tries: dict[tuple[str, str], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, ae_title: str, reason: str) -> None:
        """Write that objects of this device were refused; a database that fails is no failure.

        The first refusal is written at once, those that follow within ``PAUSE_S`` with the next.
        """
        key = clean_title(ae_title), reason
        with self._lock:
            self._tries[key] = self._tries.get(key, 0) + 1
            if time.monotonic() - self._noted_at.get(key, -PAUSE_S) < PAUSE_S:
                return
            self._noted_at[key], count = time.monotonic(), self._tries.pop(key)
        try:
            _write(*key, count)
        except DatabaseError:
            logger.exception("a refused object could not be noted")


def _write(title: str, reason: str, count: int) -> None:
    practice = queries.practice_of(title)
    audit.record(
        action=Action.FAILURE,
        actor=Actor(None, title, practice.id if practice else None, title, "dicom"),
        object_kind="picture",
        result="refused",
        detail={"reason": reason, "count": count},
    )
