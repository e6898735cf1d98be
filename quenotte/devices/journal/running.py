"""The journal at work: one loop that reads the log, one thread for each carrier.

It runs in a process of its own. Closing any descriptor of a database takes away the locks that
SQLite holds in that process: here nobody else opens the file, and our descriptor is never closed.
"""

import contextlib
import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from quenotte.devices.journal import pieces, presence, sentences, status
from quenotte.devices.journal.carriers import Carrier
from quenotte.devices.journal.deltas import Seal
from quenotte.devices.journal.memory import Told
from quenotte.devices.journal.postgres import PostgresShipper
from quenotte.devices.journal.shipping import Shipper
from quenotte.devices.journal.spool import Courier, Spool, sweep
from quenotte.devices.journal.states import State
from quenotte.devices.journal.status import Delivered, Status

logger = logging.getLogger(__name__)

#: Between two turns, in seconds: what is committed is sent within a minute, delivery included.
EVERY_S: Final = 20.0
#: The longest wait before a carrier that refused is asked again, in seconds.
_LONGEST_S: Final = 60.0
#: How long carriers may still take what waits when we are asked to stop, in seconds.
_LAST_S: Final = 2.0


class Ships(Protocol):
    """What the loop asks of a shipper."""

    state: State
    is_current: bool

    @property
    def spool(self) -> Spool:
        """What is on its way."""
        ...

    @property
    def folder(self) -> Path:
        """Where it remembers."""
        ...

    def turn(self, couriers: Sequence[Courier] = ()) -> State:
        """Do what is due."""
        ...

    def told(self) -> Told:
        """Return what it says of itself."""
        ...

    def close(self) -> None:
        """Hold nothing any longer."""
        ...


class Delivery(threading.Thread):
    """Brings what waits to one carrier, however long it takes, without holding up the others."""

    def __init__(self, name: str, courier: Courier) -> None:
        super().__init__(name=f"journal-{name}", daemon=True)
        self.carrier_name = name
        self.courier = courier
        self.current_to = ""
        self._asked = threading.Event()
        self._turn_at = ""
        self._is_over = False

    def ask(self, turn_at: str) -> None:
        """Bring everything that was committed before ``turn_at``."""
        self._turn_at = turn_at
        self._asked.set()

    def end(self, within_s: float) -> None:
        """Bring what can be brought in time, then end."""
        self._is_over = True
        self._asked.set()
        self.join(within_s)

    def run(self) -> None:
        """Deliver whenever asked, and again later and later when the carrier refused."""
        wait_s: float | None = None
        while not self._is_over or self._asked.is_set():
            self._asked.wait(wait_s)
            self._asked.clear()
            turn_at = self._turn_at
            is_done = self._deliver()
            if is_done and turn_at and self.courier.is_whole:
                self.current_to = turn_at
            wait_s = None if is_done else min(_LONGEST_S, (wait_s or 1.0) * 2)

    def _deliver(self) -> bool:
        try:
            return self.courier.deliver()
        except Exception:
            # A carrier is somebody else's code, a disk or a network: it may fail in any way.
            logger.exception("journal: %s failed", self.carrier_name)
            self.courier.trouble = self.courier.trouble or "?"
            return False

    def told(self) -> Delivered:
        """Return how the carrier stands."""
        return Delivered(
            self.carrier_name, self.courier.delivered, self.current_to, self.courier.trouble
        )


def run(
    database: Path,
    carriers: Mapping[str, Carrier],
    seal: Seal,
    state_path: Path,
    stop: threading.Event,
    *,
    every_s: float = EVERY_S,
) -> None:
    """Follow a database until ``stop``, and send what is committed to the carriers.

    ``carriers``: by the name that people know. ``state_path``: a folder of ours on the database's
    disk. The caller gives this a process of its own.

    Raises: presence.AlreadyFollowed; OSError when the folder cannot be used.
    """
    with presence.followed(database):
        shipper = Shipper(database, state_path, seal)
        couriers = [Courier(carrier, shipper.spool, seal) for carrier in carriers.values()]
        _go(
            shipper, [Delivery(*one) for one in zip(carriers, couriers, strict=True)], stop, every_s
        )


def run_postgres(
    dsn: str,
    carriers: Mapping[str, Carrier],
    seal: Seal,
    state_path: Path,
    stop: threading.Event,
    *,
    every_s: float = EVERY_S,
) -> None:
    """Follow a PostgreSQL cluster in the same way; its user may replicate.

    Raises: OSError when the folder cannot be used.
    """
    shipper = PostgresShipper(dsn, state_path, seal)
    couriers = [
        Courier(carrier, shipper.spool, seal, pieces.opened) for carrier in carriers.values()
    ]
    _go(shipper, [Delivery(*one) for one in zip(carriers, couriers, strict=True)], stop, every_s)


def _go(shipper: Ships, deliveries: list[Delivery], stop: threading.Event, every_s: float) -> None:
    for delivery in deliveries:
        # Before the first turn: what a carrier already has decides where we begin.
        delivery.courier.greet()
        delivery.start()
    try:
        _turn(shipper, deliveries)
        while not stop.wait(every_s):
            _turn(shipper, deliveries)
        _turn(shipper, deliveries)
    finally:
        for delivery in deliveries:
            delivery.end(_LAST_S / len(deliveries))
        with contextlib.suppress(OSError):
            _tell(shipper, deliveries)
        shipper.close()


def _turn(shipper: Ships, deliveries: list[Delivery]) -> None:
    turn_at = datetime.now(UTC).isoformat(timespec="seconds")
    shipper.turn([delivery.courier for delivery in deliveries])
    for delivery in deliveries:
        delivery.ask(turn_at if shipper.is_current else "")
    sweep(shipper.spool, [delivery.courier for delivery in deliveries])
    with contextlib.suppress(OSError):
        _tell(shipper, deliveries)


def _tell(shipper: Ships, deliveries: list[Delivery]) -> None:
    """Say how the journal stands. Raises: OSError."""
    told, state = shipper.told(), shipper.state
    before, now = status.read(shipper.folder), datetime.now(UTC).isoformat(timespec="seconds")
    is_as_before = before is not None and before.chain == state.chain.value
    status.write(
        shipper.folder,
        Status(
            chain=state.chain.value,
            why=state.why.value,
            sentence=sentences.sentence_of(state),
            sequence=told.sequence,
            shipped_at=told.shipped_at,
            proved_at=told.proved_at,
            waiting_bytes=shipper.spool.bytes_waiting(),
            holes=told.holes,
            carriers=tuple(delivery.told() for delivery in deliveries),
            written_at=now,
            since=(before.since if before and is_as_before else "") or now,
        ),
    )
