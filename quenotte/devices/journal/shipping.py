"""The shipper: follows the log of one database, owns its checkpoints, declares what it missed."""

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from quenotte.devices.journal import asking, frames, holding, mending, states
from quenotte.devices.journal.deltas import BASE, DELTA, Seal
from quenotte.devices.journal.ends import End
from quenotte.devices.journal.frames import Found, NotContinuous
from quenotte.devices.journal.memory import Told
from quenotte.devices.journal.spool import Courier, Spool
from quenotte.devices.journal.states import Chain, State, Why
from quenotte.devices.journal.steps import Step
from quenotte.devices.journal.watching import Watch

logger = logging.getLogger(__name__)

#: The log is brought into the database when it holds so many frames (4 MiB of small pages).
SETTLE_FRAMES: Final = 1000
#: From here on writers wait until it is, rather than let it grow.
INSIST_FRAMES: Final = 20_000
#: More than the base, and at least so much, was sent since: a new base, or replay gets long.
LATER_BYTES: Final = 64 * 2**20
#: Nothing more is put into a spool of this size; what it lacks is found when there is room again.
SPOOL_BYTES: Final = 2 * 2**30
#: Between two proofs that the chain's end is the database, in seconds.
PROVE_EVERY_S: Final = 3600.0


class Shipper:
    """Ships one database into a spool; `turn` does what is due.

    Raises: OSError when the folder ``state_path`` cannot be made.
    """

    def __init__(
        self,
        database: Path,
        state_path: Path,
        seal: Seal,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.end = End(state_path, seal)
        self.state: State = states.BEGUN
        #: Whether everything committed before the last turn is in the spool.
        self.is_current = False
        self._watch = Watch(database)
        self._now = now
        self._proved_at = now()
        # A disk that refuses now is asked again at each turn.
        with contextlib.suppress(OSError):
            self.end.hashes()

    def turn(self, couriers: Sequence[Courier] = ()) -> State:
        """Send what was committed, or find out what was missed; never raises what may pass."""
        self.is_current = False
        if self.state.chain is Chain.PROVEN and any(courier.ahead[0] for courier in couriers):
            self._break(Why.CARRIER_AHEAD)
        if self.state.chain is Chain.PROVEN:
            self._try(self._follow, self._break)
        if self.state.chain is not Chain.PROVEN:
            self._try(lambda: self._mend(couriers), self._give_way)
        if states.is_copy_due(self.state, self._now()):
            self.state = states.copied(self.state, self._now())
            self._try(self._copy, self._give_way)
        if self.state.chain is Chain.PROVEN:
            self._serve_those_behind(couriers)
        if self.state.chain is Chain.PROVEN and asking.is_base_asked(self.folder):
            self._try(self._send_what_was_asked, self._break)
        self.is_current = self.is_current or self.state.chain is Chain.PROVEN
        return self.state

    def _serve_those_behind(self, couriers: Sequence[Courier]) -> None:
        """Give a place that lacks steps those of another, or all of them a new base.

        Nobody comes back from deltas alone.
        """
        behind = [courier for courier in couriers if courier.is_behind]
        if not all(self._is_lent(courier, couriers) for courier in behind):
            self._try(lambda: mending.renew(self.end, self._watch), self._break)
        for courier in behind:
            courier.is_behind = False

    def _send_what_was_asked(self) -> None:
        mending.renew(self.end, self._watch)
        asking.base_is_sent(self.folder)

    def _is_lent(self, courier: Courier, couriers: Sequence[Courier]) -> bool:
        """Let what one place lacks wait again, from another that has it; tell whether one has."""
        wanted = courier.lacking()
        for other in couriers:
            if other is not courier and (names := other.named(wanted)):
                with contextlib.suppress(OSError):
                    self.spool.lend(names, other.carrier)
                    return True
        return False

    @property
    def spool(self) -> Spool:
        """What is on its way."""
        return self.end.spool

    @property
    def folder(self) -> Path:
        """Where the journal remembers."""
        return self.end.folder

    def told(self) -> Told:
        """Return what the journal says of itself."""
        memory = self.end.memory
        return Told(memory.sequence, memory.shipped_at, memory.proved_at, memory.holes)

    def close(self) -> None:
        """Hold nothing any longer; what was committed and not sent is found at the next start."""
        self._watch.let_go()

    def _try(self, work: Callable[[], None], otherwise: Callable[[Why], None]) -> None:
        try:
            work()
        except NotContinuous as gap:
            otherwise(gap.why)
        except OSError as error:
            logger.warning("journal: %s", error.strerror or type(error).__name__)
            full = error.errno in states.DISK_IS_FULL
            otherwise(Why.DISK_FULL if full else Why.DISK)
        except sqlite3.Error as error:
            logger.warning("journal: %s", error)
            otherwise(Why.ENGINE)

    def _break(self, why: Why) -> None:
        self.state = states.broken(self.state, why)
        self.end.forget_step()

    def _give_way(self, why: Why) -> None:
        self.state = states.not_mended(self.state, why)
        self.end.forget_step()
        # Nobody needs the log now: what is not sent will be found by comparing pages.
        self._watch.let_go()
        with contextlib.suppress(sqlite3.Error):
            holding.shorten_log(self._watch.database)

    # --- while the chain is proven -------------------------------------------------------

    def _follow(self) -> None:
        if self._watch.is_replaced():
            self._watch.let_go()
            raise NotContinuous(Why.REPLACED)
        self._make_sure_of_room()
        self._read_on()
        position = self.end.memory.position
        if position is not None and position.frames >= SETTLE_FRAMES:
            self.settle()
        if self._now() - self._proved_at >= PROVE_EVERY_S:
            self.prove()

    def settle(self) -> bool:
        """Bring the log into the database; tell whether the log may begin anew.

        Raises: NotContinuous, OSError, sqlite3.Error.
        """
        if self._is_settled():
            return True
        self._watch.settled = None
        position = self.end.memory.position
        insist = position is not None and position.frames >= INSIST_FRAMES
        if self._watch.holder.settle(self._read_on, self._is_read, insist=insist):
            self._watch.settled = self.end.memory.position
        return self._is_settled()

    def _is_read(self) -> bool:
        """Tell whether nothing was committed since the last time."""
        with self._watch.log() as log:
            return not frames.since(log, self.end.memory.position).commits

    def _is_settled(self) -> bool:
        position = self.end.memory.position
        return position is not None and position == self._watch.settled

    def prove(self) -> None:
        """Compare every page of the database with the chain's end.

        Raises: NotContinuous when one differs; OSError, sqlite3.Error.
        """
        hashes = self.end.hashes()
        with self._watch.at(self.end.memory.position) as now:
            if hashes is None or hashes.size != now.size:
                raise NotContinuous(Why.MISMATCH)
            if any(hashes.differs(number, image) for number, image in now.pages):
                raise NotContinuous(Why.MISMATCH)
        self._proved_at = self._now()
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self.end.remember(replace(self.end.memory, proved_at=at))

    def _read_on(self) -> None:
        """Send what was committed since the last time."""
        memory = self.end.memory
        with self._watch.log() as log:
            found = frames.since(log, memory.position, may_restart=self._is_settled())
            if found.commits:
                self.end.send(self._step_of(log, found))

    def _step_of(self, log: int, found: Found) -> Step:
        """Return what was found as a delta; as a base when it is too much, or the base is old."""
        memory = self.end.memory
        if mending.is_upheaval(len(found.pages), found.size):
            return self._base_of(log, found, Why.UPHEAVAL)
        if memory.later_bytes > max(memory.base_bytes, LATER_BYTES):
            return self._base_of(log, found, Why.AGE)
        places, size = sorted(found.pages.items()), memory.page_size
        return Step(
            DELTA,
            ((number, frames.page_at(log, at, size)) for number, at in places),
            *(found.size, size, found.position, Why.NOTHING, found.frames, found.commits),
        )

    def _base_of(self, log: int, found: Found, why: Why) -> Step:
        """Return all pages as they were at the end of what was found."""
        assert found.position is not None
        whole = frames.since(log, None, until=found.position.frames)
        return self._watch.all_pages(log, whole, BASE, why)

    # --- while it is not -------------------------------------------------------------------

    def _mend(self, couriers: Sequence[Courier]) -> None:
        """Make the chain whole: it goes on, or by the pages that differ, or by a new base."""
        if self._watch.is_replaced():
            self._watch.let_go()
        page_size, hashes = self._watch.holder.page_size, self.end.hashes()
        self._make_sure_of_room()
        mending.pass_over(self.end, couriers)
        if hashes is None or not self.end.memory.base or hashes.page_size != page_size:
            mending.begin_anew(self.end, self._watch, self.state.why)
        elif not self._goes_on():
            mending.bridge(self.end, self._watch, self.state.why)
        self.state = states.mended(self.state)
        self._proved_at = self._now()

    def _goes_on(self) -> bool:
        """Tell whether the log still holds all that followed the last step; then send it."""
        if self.state.why in mending.PAGES_ARE_IN_DOUBT or self.end.memory.position is None:
            return False
        try:
            self._read_on()
        except NotContinuous:
            self.end.forget_step()
            return False
        return True

    def _copy(self) -> None:
        """Send what differs from a whole copy made by SQLite's own means."""
        self._make_sure_of_room()
        mending.copy(self.end, self._watch.database, self.state.why)
        self.is_current = True

    def _make_sure_of_room(self) -> None:
        """Raises: NotContinuous when too much waits in the spool."""
        if self.end.spool.bytes_waiting() > SPOOL_BYTES:
            raise NotContinuous(Why.WAITING)
