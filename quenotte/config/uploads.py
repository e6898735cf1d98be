"""Who may send something large, whether it fits, and the line left by what was refused."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, connection

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.files import operations as files
from quenotte.base.live.access import Shown, listener_of, shown_by

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: Refusals so close to one another share a line: nobody may fill the journal, in seconds.
PAUSE_S = 10.0


class Guard:
    """What the bridge asks while a body arrives."""

    def __init__(self) -> None:
        self._held: dict[str, int] = {}

    async def knows(self, cookies: str) -> bool:
        """Tell whether the sender is logged in here; without the database, Django will say."""
        shown = shown_by(cookies)
        if shown is None:
            return False
        try:
            return await asyncio.to_thread(_asking, lambda: listener_of(shown)) is not None
        except (DatabaseError, InterfaceError):
            return True

    def has_room(self, extra_bytes: int) -> bool:
        """Tell whether so many bytes more leave the disk above its floor."""
        return files.has_room(extra_bytes)

    def note(self, reason: str, cookies: str) -> None:
        """Leave a line in the journal, from a thread that nobody waits for.

        The first refusal is written at once; those that follow within ``PAUSE_S`` share the
        line that ends the pause, so that none is forgotten and nobody fills the journal.
        """
        loop = asyncio.get_running_loop()
        if reason in self._held:
            self._held[reason] += 1
            return
        self._held[reason] = 0
        loop.call_later(PAUSE_S, self._end_pause, reason)
        shown = shown_by(cookies)
        loop.run_in_executor(None, _asking, lambda: _write(reason, 1, shown))

    def _end_pause(self, reason: str) -> None:
        count = self._held.pop(reason)
        if count:
            loop = asyncio.get_running_loop()
            loop.run_in_executor(None, _asking, lambda: _write(reason, count, None))


def _write(reason: str, count: int, shown: Shown | None) -> None:
    try:
        sender = listener_of(shown) if shown else None
        actor = SYSTEM
        if sender is not None:
            actor = Actor(sender.person_id, sender.label, sender.practice_id, "", "web")
        audit.record(
            action=Action.FAILURE,
            actor=actor,
            object_kind="upload",
            result="refused",
            detail={"reason": reason, "count": count},
        )
    except (DatabaseError, InterfaceError):
        logger.exception("a refused upload could not be noted")


def _asking(question: Callable[[], T]) -> T:
    try:
        return question()
    finally:
        # Nobody will ask again from this thread for long: it keeps no connection.
        connection.close()
