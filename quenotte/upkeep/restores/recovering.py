"""Files brought back while people work: those asked for at once, the others in the background."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.base.files import operations as files
from quenotte.devices.phoenix import marker
from quenotte.devices.phoenix.errors import Busy
from quenotte.devices.phoenix.marker import Marker
from quenotte.devices.phoenix.pictures import Pictures
from quenotte.devices.repository.errors import Damaged, Missing
from quenotte.devices.repository.trees import Node
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.guard import operations as guard

logger = logging.getLogger(__name__)

_THREADS: Final = 2
#: Files that are under way at once; the order of the others may still change.
_UNDER_WAY: Final = 8
#: How often the marker says how far we are, in seconds.
_TELL_S: Final = 1.0
#: The wait before a medium that does not answer is asked again, in seconds.
_AGAIN_S: Final = 10.0

Listener = Callable[[Marker], None]


class Rescue:
    """Brings a file that somebody asks for; opened when it is needed first."""

    def __init__(self) -> None:
        self._pictures = Pictures(folder())

    def is_under_way(self) -> bool:
        """Tell whether the marker is still there."""
        return (folder() / marker.MARKER).exists()

    def pieces(self, sha256: str) -> Iterator[bytes] | None:
        """Return the content of a file. Raises: Damaged, Missing, Refused, Unreachable."""
        return self._pictures.pieces(sha256)


def folder() -> Path:
    """Return the data folder."""
    return Path(settings.DATA_DIR)


def watch() -> None:
    """Bring back what pages ask for, when this practice is coming back (asked at each start)."""
    if marker.load(folder()) is not None:
        files.rescue_with(Rescue())


def keep_filling(stopped: threading.Event) -> None:
    """Bring everything back, however often the medium fails, until it is done or ``stopped``."""
    while not stopped.is_set() and marker.load(folder()) is not None:
        try:
            if fill(stopped.is_set):
                return
        except Busy:
            # ``quenotte phoenix`` does it in its own window.
            pass
        except (Refusal, OSError, DatabaseError) as error:
            note_trouble(error)
        stopped.wait(_AGAIN_S)


def note_trouble(error: Exception) -> None:
    """Say on the page why nothing comes at the moment."""
    logger.warning("files do not come back: %s", type(error).__name__)
    told = str(error) if isinstance(error, Refusal) else _("Incident imprévu.")
    marker.change(folder(), trouble=told, seen_at=_now())


def fill(is_stopped: Callable[[], bool] = lambda: False, told: Listener | None = None) -> bool:
    """Bring back what is missing, what people need first in front; tell whether all is done.

    Raises: Busy, NoRoom, Refused, Unreachable: asked again later, nothing is lost.
    """
    with marker.turn(folder()):
        found = marker.load(folder())
        if found is None or not found.is_open:
            return found is None
        filling = _Filling(is_stopped, told)
        if not filling.run():
            return False
        _end(filling.lost)
        return True


def note_return() -> None:
    """Write into the journal, once, that this practice came back and from which copy."""
    found = marker.load(folder())
    if found is None or found.is_told:
        return
    with transaction.atomic():
        detail = {"state": "open", "to": found.data_at[:16].lower()}
        record(
            action=Action.RECEIVE, actor=SYSTEM, object_kind="recovery",
            object_id=found.snapshot[:8], detail=detail,
        )  # fmt: skip
    # Those of the data folder itself are in no copy: nobody deleted them.
    with suppress(OSError):
        guard.plant_canaries_anew()
    marker.change(folder(), is_told=True)


def _end(lost: int) -> None:
    absent = files.absent()
    found = marker.load(folder())
    assert found is not None
    missed = f"{absent} absent, {lost} damaged"
    detail: dict[str, str | int] = {"state": "whole", "count": found.total_files, "reason": missed}
    with transaction.atomic():
        record(
            action=Action.RECEIVE, actor=SYSTEM, object_kind="recovery",
            object_id=found.snapshot[:8], result="failed" if absent else "ok",
            detail=detail,
        )  # fmt: skip
    marker.change(folder(), absent=absent)
    marker.remove(folder())


@dataclass
class _Filling:
    """One pass over all that is missing."""

    is_stopped: Callable[[], bool]
    listener: Listener | None

    def __post_init__(self) -> None:
        self._pictures = Pictures(folder())
        self._missing: dict[str, Node] = {}
        self._done_files = self._done_bytes = 0
        self._told_at = 0.0
        self.lost = 0

    def run(self) -> bool:
        every = self._pictures.all()
        every |= self._pictures.loose(files.named() - every.keys())
        here = files.here()
        self._missing = {name: node for name, node in every.items() if name not in here}
        there = [node for name, node in every.items() if name in here]
        self._done_files, self._done_bytes = len(there), sum(node.size for node in there)
        marker.change(
            folder(),
            total_files=len(every),
            total_bytes=sum(node.size for node in every.values()),
        )
        self._tell(at_once=True)
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="return") as crew:
            is_whole = self._bring(crew)
        self._tell(at_once=True)
        return is_whole

    def _bring(self, crew: ThreadPoolExecutor) -> bool:
        under_way: set[Future[int]] = set()
        for name, node in self._ordered():
            if self.is_stopped():
                return False
            under_way.add(crew.submit(self._one, name, node))
            if len(under_way) >= _UNDER_WAY:
                under_way = self._settled(under_way)
        while under_way:
            under_way = self._settled(under_way)
        return True

    def _settled(self, under_way: set[Future[int]]) -> set[Future[int]]:
        done, rest = wait(under_way, timeout=_TELL_S, return_when="FIRST_COMPLETED")
        for future in done:
            self._done_bytes += future.result()
            self._done_files += 1
        self._tell()
        return rest

    def _ordered(self) -> Iterator[tuple[str, Node]]:
        """Yield what people ask for first, then the rest as the copy holds it."""
        for name in self._wanted():
            if node := self._missing.pop(name, None):
                yield name, node
        yield from self._missing.items()

    def _wanted(self) -> list[str]:
        """Return the order at once: a read that lasts hours would hold up the database's log."""
        try:
            return list(files.wanted())
        except DatabaseError as error:
            # The order is a courtesy; the files are not.
            logger.warning("no order of files: %s", type(error).__name__)
            return []

    def _one(self, name: str, node: Node) -> int:
        """Bring one file back, unless a page was first; return its bytes."""
        try:
            if not files.bring_back(name, self._pictures.content(node)):
                self.lost += 1
        except (Damaged, Missing) as error:
            # The others are not held up by it; it is counted and named at the end.
            logger.error("a file of the copy is damaged: %s", type(error).__name__)
            self.lost += 1
        return node.size

    def _tell(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if not at_once and now - self._told_at < _TELL_S:
            return
        self._told_at = now
        found = marker.change(
            folder(), done_files=self._done_files, done_bytes=self._done_bytes, trouble="",
            seen_at=_now(),
        )  # fmt: skip
        if self.listener is not None and found is not None:
            self.listener(found)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
